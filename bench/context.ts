/** What every gate and row gets. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Engines } from "./engine.ts";
import type { Environment } from "./environments.ts";
import { type GeneratedWorkspace, writeWorkspace } from "./workspaces/workspace.ts";

/** How much of everything is done. */
export interface Amounts {
	/** Interleaved rounds of a timing. */
	readonly pairs: number;
	/** Rounds on the large workspace, where each takes half a minute. */
	readonly largePairs: number;
	/** Whole suites of the large workspace. */
	readonly largeSuites: number;
	readonly lintEdits: number;
	readonly mutations: { readonly medium: number; readonly large: number };
	readonly doubleEdits: number;
	readonly rounds: number;
	/** For each project of others. */
	readonly projects: { readonly mutations: number; readonly pairs: number };
}

export const WHOLE: Amounts = {
	pairs: 15,
	largePairs: 15,
	largeSuites: 15,
	lintEdits: 148,
	mutations: { medium: 69, large: 30 },
	doubleEdits: 12,
	rounds: 20,
	projects: { mutations: 20, pairs: 15 },
};

export const QUICK: Amounts = {
	pairs: 5,
	largePairs: 3,
	largeSuites: 1,
	lintEdits: 30,
	mutations: { medium: 15, large: 3 },
	doubleEdits: 4,
	rounds: 5,
	projects: { mutations: 5, pairs: 5 },
};

export interface BenchContext {
	readonly engines: Engines;
	/** Emptied after the benchmark. */
	readonly scratch: string;
	/** ruff and pytest, nothing else. */
	readonly plain: Environment;
	readonly heavy: Environment;
	readonly rivals: Environment;
	readonly amounts: Amounts;
}

/** Writes a workspace into a folder of its own. @param side such as `engine` or `plain` */
export function workspaceFor({ scratch }: BenchContext, workspace: GeneratedWorkspace, side: string): string {
	const root = join(scratch, `${workspace.id}-${side}`);
	mkdirSync(root, { recursive: true });
	writeWorkspace(root, workspace);
	return root;
}

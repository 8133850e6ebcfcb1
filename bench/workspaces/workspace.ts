/** A generated Python project: the same bytes every time, so that two machines measure the same thing. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface GeneratedWorkspace {
	readonly id: "S" | "M" | "L" | "F" | "Q" | "T";
	/** In words, for the table's legend. */
	readonly what: string;
	/** Workspace-relative path with forward slashes -> content. */
	readonly files: ReadonlyMap<string, string | Uint8Array>;
	/** What plain pytest reports of it. */
	readonly counts: {
		readonly passed: number;
		readonly failed: number;
		readonly skipped: number;
		readonly errors: number;
	};
}

/** Writes the project's files beneath a folder. */
export function writeWorkspace(root: string, { files }: GeneratedWorkspace): void {
	for (const [path, content] of files) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), content);
	}
}

/** Counts of a project where everything passes. */
export function allPass(tests: number): GeneratedWorkspace["counts"] {
	return { passed: tests, failed: 0, skipped: 0, errors: 0 };
}

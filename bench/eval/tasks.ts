/**
 * The tasks: a folder each, with `task.json`, `project/` (what the agent gets), `hidden/` (tests that it never sees and that judge
 * the end) and `solution/` (files that, laid over the project, prove it solvable).
 */
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const KINDS = ["lint", "fix", "write", "two-files", "package"] as const;
export type Kind = (typeof KINDS)[number];

export interface Task {
	readonly name: string;
	readonly kind: Kind;
	/** The sentence that the agent is given. */
	readonly sentence: string;
	readonly lintMustBeClean: boolean;
	readonly folder: string;
}

/** All tasks, by name. @throws Error that names the task whose `task.json` does not fit */
export function loadTasks(folder: string): readonly Task[] {
	return readdirSync(folder)
		.sort()
		.map((name) => readTask(name, join(folder, name)));
}

/** Lays the parts of a task into a folder, in their order. */
export function layOut(task: Task, parts: readonly ("project" | "solution")[], target: string): void {
	for (const part of parts) cpSync(join(task.folder, part), target, { recursive: true });
}

function readTask(name: string, folder: string): Task {
	const given: unknown = JSON.parse(readFileSync(join(folder, "task.json"), "utf8"));
	const { kind, task, lintMustBeClean }: Partial<Record<string, unknown>> =
		typeof given === "object" && given !== null ? { ...given } : {};
	const known = KINDS.find((candidate) => candidate === kind);
	if (known === undefined || typeof task !== "string" || typeof lintMustBeClean !== "boolean")
		throw new Error(`${folder}/task.json needs kind (${KINDS.join(", ")}), task and lintMustBeClean.`);
	return { name, kind: known, sentence: task, lintMustBeClean, folder };
}

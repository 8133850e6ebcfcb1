/** Runs another agent on a fresh copy of a task; its script under baselines/ prints what it did as one JSON object. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Ran } from "./jetbox-attempt.ts";
import type { Task } from "./tasks.ts";

export const BASELINES: ReadonlyMap<string, string> = new Map([
	["seed-loop", "seed_loop.py"],
	["aider", "aider.py"],
]);

export interface BaselineRun {
	/** Of the environment that the baseline needs. */
	readonly python: string;
	readonly folder: string;
	readonly script: string;
	readonly server: string;
	readonly model: string;
	readonly maxRounds: number;
	readonly maxMinutes: number;
}

/** @throws Error when the script ended without its JSON object */
export async function runBaseline(task: Task, workspace: string, run: BaselineRun, signal: AbortSignal): Promise<Ran> {
	const { stdout } = await promisify(execFile)(
		run.python,
		[
			join(run.folder, run.script),
			...["--server", run.server, "--model", run.model, "--workspace", workspace, "--task", task.sentence],
			...["--max-rounds", String(run.maxRounds), "--max-minutes", String(run.maxMinutes)],
		],
		{ signal, maxBuffer: 16 * 1024 * 1024 },
	);
	const told: unknown = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
	const field = (name: string): unknown =>
		typeof told === "object" && told !== null ? Object.getOwnPropertyDescriptor(told, name)?.value : undefined;
	const number = (name: string): number => Number(field(name) ?? 0);
	const hasPhases = field("modelMs") !== undefined;
	return {
		claimedGreen: field("claimedGreen") === true,
		ending: String(field("ending") ?? ""),
		rounds: number("rounds"),
		durationMs: number("durationMs"),
		tokensIn: number("tokensIn"),
		tokensOut: number("tokensOut"),
		tokensCached: null,
		answers: number("rounds"),
		malformed: number("malformed"),
		editsRefused: 0,
		deterministicFixes: 0,
		escalations: 0,
		phases: hasPhases ? { model: number("modelMs"), probe: number("probeMs"), context: 0, tools: 0 } : null,
		modelPhases: null,
	};
}

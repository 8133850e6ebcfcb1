/** One attempt of one system at one task, and the result file that keeps attempts, a JSON line each. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** Milliseconds by phase, as the CLI sums them; a baseline knows only some. */
export type PhaseTotals = Readonly<Record<"model" | "probe" | "context" | "tools", number>>;

/** Milliseconds of the model's own time, by the server's count. */
export type ModelTotals = Readonly<Record<"load" | "prefill" | "decode", number>>;

export interface Attempt {
	/** `jetbox`, or a baseline's name. */
	readonly system: string;
	/** `default`, or the name of an ablation. */
	readonly setting: string;
	readonly model: string;
	readonly task: string;
	readonly kind: string;
	/** From 1. */
	readonly repeat: number;
	/** When it began, ISO 8601. */
	readonly startedAt: string;
	/** Of the evaluation's options: what was measured, such as a commit. */
	readonly label: string;
	readonly maxMinutes: number;
	/** What the system itself said at its end. */
	readonly claimedGreen: boolean;
	/** What the hidden tests said. */
	readonly green: boolean;
	/** Why not, in a few words; empty where green. */
	readonly detail: string;
	/** The system's last words on how it ended. */
	readonly ending: string;
	readonly rounds: number;
	readonly durationMs: number;
	readonly tokensIn: number;
	readonly tokensOut: number;
	/** Null where the server does not say. */
	readonly tokensCached: number | null;
	/** Answers of the model that came to their end. */
	readonly answers: number;
	/** Those that cost a round because they could not be read or named no tool that there is. */
	readonly malformed: number;
	readonly editsRefused: number;
	/** Lint findings that ruff's own fixes took away, without the model. */
	readonly deterministicFixes: number;
	/** Other ways of asking that a stuck run took. */
	readonly escalations: number;
	readonly phases: PhaseTotals | null;
	readonly modelPhases: ModelTotals | null;
}

/** What makes two attempts the same one, so that an interrupted evaluation goes on where it stopped. */
export function attemptKey({
	system,
	setting,
	model,
	task,
	repeat,
}: Pick<Attempt, "system" | "setting" | "model" | "task" | "repeat">): string {
	return [system, setting, model, task, repeat].join("|");
}

/** Attempts of a result file; none where there is no file. A line that was cut off by a crash is left out. */
export function readAttempts(path: string): readonly Attempt[] {
	if (!existsSync(path)) return [];
	return readFileSync(path, "utf8")
		.split("\n")
		.flatMap((line) => {
			try {
				const value: unknown = JSON.parse(line);
				return isAttempt(value) ? [value] : [];
			} catch {
				return [];
			}
		});
}

export function appendAttempt(path: string, attempt: Attempt): void {
	appendFileSync(path, `${JSON.stringify(attempt)}\n`);
}

function isAttempt(value: unknown): value is Attempt {
	return (
		typeof value === "object" &&
		value !== null &&
		"task" in value &&
		"system" in value &&
		"green" in value &&
		"durationMs" in value
	);
}

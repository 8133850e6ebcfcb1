/** What a run that was cut off is offered as: what it did so far, and what can be made of it. */
import type { ResumableRun } from "../machine.ts";
import { halfDoneRound } from "./kept-run.ts";

/** `resume`: it goes on from its record; `undo`: what it changed is put back; `keep`: what it did stands, and it is not offered again. */
export type CutOffWay = "resume" | "undo" | "keep";

/** A round that was cut off between its calls. */
export interface HalfDone {
	readonly round: number;
	/** Calls that were done, and all of the round's. */
	readonly done: number;
	readonly of: number;
}

export interface CutOff {
	readonly runId: string;
	readonly task: string;
	/** Rounds begun; 0: it was cut off before the model's first answer. */
	readonly rounds: number;
	/** Workspace-relative, sorted. */
	readonly files: readonly string[];
	/** The first is what most people want. Where nothing was changed, there is nothing to undo. */
	readonly ways: readonly CutOffWay[];
}

/** Null for a run that came to an end, whichever. */
export function cutOffOf({ run, touchedFiles }: ResumableRun): CutOff | null {
	if (run.end !== null) return null;
	return {
		runId: run.runId,
		task: run.task,
		rounds: run.rounds.at(-1)?.round ?? 0,
		files: touchedFiles,
		ways: touchedFiles.length === 0 ? ["resume", "keep"] : ["resume", "undo", "keep"],
	};
}

/** The last round where it is half-done; null also where what it did was undone since. */
export function halfDoneOf({ run, undoneRounds }: ResumableRun): HalfDone | null {
	const half = halfDoneRound(run);
	if (half === null || undoneRounds.has(half.round)) return null;
	const done = half.calls.filter(({ result }) => result !== null).length;
	return { round: half.round, done, of: half.calls.length };
}

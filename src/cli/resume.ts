/** Runs that were cut off: what `jetbox run` says of them, and from where `--resume` goes on. */
import { isAbort, UserError } from "../core/errors.ts";
import type { Machine, ResumableRun, UndoRequest } from "../core/machine.ts";
import { filesOf, halfDoneRound, type KeptRun } from "../core/record/kept-run.ts";
import { visible } from "../core/visible-text.ts";
import type { Terminal } from "./terminal.ts";

interface ResumeParts {
	readonly machine: Machine;
	readonly root: string;
	readonly terminal: Terminal;
}

/**
 * The run to go on with. Where its last round was cut off half-done, the person is asked whether that round is undone first.
 * @param runId null: the last
 * @throws UserError where there is none
 */
export async function runToResume(
	parts: ResumeParts,
	runId: string | null,
	signal: AbortSignal,
): Promise<ResumableRun> {
	const found = await parts.machine.resumableRun(parts.root, runId);
	if (found === null) {
		const which = runId === null ? "There is no run that was cut off or stopped in" : `Run ${runId} cannot go on in`;
		throw new UserError(
			"usage",
			`${which} ${parts.root}.`,
			'Only a run that is kept, that is not at work, and that was not undone can go on. Start a new one: jetbox run "TASK"',
		);
	}
	const { run } = found;
	const half = halfDoneRound(run);
	if (half === null || found.undoneRounds.has(half.round)) return found;
	const done = half.calls.filter(({ result }) => result !== null).length;
	parts.terminal.err(`Round ${half.round} was cut off after ${done} of ${half.calls.length} calls.`);
	const undo = `jetbox undo --run ${run.runId} --round ${half.round}`;
	if (!parts.terminal.interactive) {
		parts.terminal.err(`What it did stands. To take it back first: ${undo}`);
		return found;
	}
	if (!(await parts.terminal.confirm("Undo what that round did before going on?", signal))) return found;
	await undoRound(parts, run.runId, half.round, signal);
	return (await parts.machine.resumableRun(parts.root, run.runId)) ?? found;
}

async function undoRound(
	{ machine, root, terminal }: ResumeParts,
	runId: string,
	round: number,
	signal: AbortSignal,
): Promise<void> {
	const request: UndoRequest = { runId, round, choose: async () => "keep", unsavedFiles: () => [] };
	const result = await machine.undo(root, request, signal);
	for (const { path, reason } of result?.skipped ?? [])
		terminal.err(`left as it is: ${visible(path)} (${visible(reason)})`);
}

/** Says that the last run here was cut off, and what can be done with it. Nothing of it stops the new one. */
export async function sayCutOffRun({ machine, root, terminal }: ResumeParts): Promise<void> {
	try {
		const found = await machine.resumableRun(root, null);
		if (found === null || found.run.end !== null) return;
		terminal.err(`jetbox: ${cutOffWords(found.run)}`);
		terminal.err(`  To go on with it: jetbox run --resume. To take it back: jetbox undo --run ${found.run.runId}`);
	} catch (error) {
		if (isAbort(error) || !(error instanceof UserError)) throw error;
		terminal.err(`jetbox: ${visible(error.message)} ${visible(error.fix)}`);
	}
}

function cutOffWords(run: KeptRun): string {
	const files = filesOf(run);
	const changed = files.length === 0 ? "it changed nothing" : `it changed ${visible(files.join(", "))}`;
	const round = run.rounds.at(-1)?.round ?? 0;
	const where = round === 0 ? "before its first answer" : `after ${round === 1 ? "1 round" : `${round} rounds`}`;
	return `The run "${visible(run.task)}" was cut off ${where}; ${changed}.`;
}

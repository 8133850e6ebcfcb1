/** Runs that were cut off: what `jetbox run` says of them, and from where `--resume` goes on. */
import { isAbort, UserError } from "../core/errors.ts";
import type { Machine, ResumableRun, UndoRequest } from "../core/machine.ts";
import { type CutOff, cutOffOf, halfDoneOf } from "../core/record/cut-off.ts";
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
	const half = halfDoneOf(found);
	if (half === null) return found;
	parts.terminal.err(`Round ${half.round} was cut off after ${half.done} of ${half.of} calls.`);
	const undo = `jetbox undo --run ${found.run.runId} --round ${half.round}`;
	if (!parts.terminal.interactive) {
		parts.terminal.err(`What it did stands. To take it back first: ${undo}`);
		return found;
	}
	if (!(await parts.terminal.confirm("Undo what that round did before going on?", signal))) return found;
	await undoRound(parts, found.run.runId, half.round, signal);
	return (await parts.machine.resumableRun(parts.root, found.run.runId)) ?? found;
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
		const cutOff = found === null ? null : cutOffOf(found);
		if (cutOff === null) return;
		terminal.err(`jetbox: ${cutOffWords(cutOff)}`);
		terminal.err(`  To go on with it: jetbox run --resume. To take it back: jetbox undo --run ${cutOff.runId}`);
	} catch (error) {
		if (isAbort(error) || !(error instanceof UserError)) throw error;
		terminal.err(`jetbox: ${visible(error.message)} ${visible(error.fix)}`);
	}
}

function cutOffWords({ task, rounds, files }: CutOff): string {
	const changed = files.length === 0 ? "it changed nothing" : `it changed ${visible(files.join(", "))}`;
	const where = rounds === 0 ? "before its first answer" : `after ${rounds === 1 ? "1 round" : `${rounds} rounds`}`;
	return `The run "${visible(task)}" was cut off ${where}; ${changed}.`;
}

/** `jetbox undo`: puts back what the last (or a named) run, or one of its rounds, changed. */
import { UserError } from "../core/errors.ts";
import type { UndoResult } from "../core/machine.ts";
import { visible } from "../core/visible-text.ts";
import type { Command } from "./arguments.ts";
import { type CliEnvironment, type ExitCode, openFolder } from "./environment.ts";
import type { Terminal } from "./terminal.ts";

/** @returns 0 when everything was restored, 1 when files that were changed since are left as they are */
export async function undoCommand(
	command: Extract<Command, { kind: "undo" }>,
	{ terminal, machine }: CliEnvironment,
	signal: AbortSignal,
): Promise<ExitCode> {
	const root = await openFolder(command.workspace);
	const { runId, round, changed } = command;
	const result = await machine({ server: null, sandbox: "auto" }).undo(
		root,
		// What cannot be merged is kept.
		{
			runId,
			round,
			choose: async ({ merged }) => (changed === "merge" && merged === null ? "keep" : changed),
			unsavedFiles: () => [],
		},
		signal,
	);
	if (result === null) {
		const which = runId === null ? "There is no run to undo in" : `There is no run ${runId} of`;
		throw new UserError(
			"usage",
			`${which} ${root}.`,
			"Runs are kept by their folder's path: name it with --workspace; one that was moved must be moved back first.",
		);
	}
	say(result, terminal);
	return result.skipped.length === 0 ? 0 : 1;
}

function say({ restored, merged, skipped, damagedLines }: UndoResult, terminal: Terminal): void {
	for (const file of restored) terminal.out(`restored ${visible(file)}`);
	for (const file of merged) terminal.out(`merged ${visible(file)}`);
	for (const { path, reason } of skipped) terminal.out(`left as it is: ${visible(path)} (${visible(reason)})`);
	if (skipped.length > 0) terminal.err("Choose for those with --changed merge or --changed restore.");
	if (damagedLines > 0)
		terminal.err(`${damagedLines} lines of the journal could not be read: look at the files yourself.`);
	if (restored.length + merged.length + skipped.length === 0)
		terminal.out("Nothing is to be undone there, or it was undone already.");
}

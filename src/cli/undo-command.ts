/** `jetbox undo`: puts back what the last (or a named) run changed. */
import { UserError } from "../core/errors.ts";
import type { Command } from "./arguments.ts";
import { type CliEnvironment, type ExitCode, openFolder } from "./environment.ts";
import { visible } from "./terminal.ts";

/** @returns 0 when everything was restored, 1 when files that were changed since are left as they are */
export async function undoCommand(
	command: Extract<Command, { kind: "undo" }>,
	{ terminal, machine }: CliEnvironment,
	signal: AbortSignal,
): Promise<ExitCode> {
	const root = await openFolder(command.workspace);
	const result = await machine({ server: null, sandbox: "auto" }).undo(root, command.runId, signal);
	if (result === null) {
		const which = command.runId === null ? "There is no run to undo in" : `There is no run ${command.runId} of`;
		throw new UserError("usage", `${which} ${root}.`, "Runs are kept per workspace folder; name it with --workspace.");
	}
	for (const file of result.restored) terminal.out(`restored ${visible(file)}`);
	for (const { path, reason } of result.skipped) terminal.out(`left as it is: ${visible(path)} (${visible(reason)})`);
	if (result.restored.length + result.skipped.length === 0)
		terminal.out("That run changed nothing, or was undone already.");
	return result.skipped.length === 0 ? 0 : 1;
}

/** Shows an error once, with its fix as a button where there is one. */
import { commands, env, window } from "vscode";
import { isAbort, UserError, type UserErrorKind } from "../core/errors.ts";
import type { Logger } from "../core/ports.ts";
import { COMMANDS } from "./ids.ts";

const CHECK_SETUP = "Check Setup";
const SELECT_MODEL = "Select Model";
const COPY = "Copy Command";
const SHOW_LOG = "Show Log";

/** @param error whatever was thrown; cancelled is no error */
export async function showError(error: unknown, logger: Logger): Promise<void> {
	if (isAbort(error)) return;
	if (!(error instanceof UserError)) {
		logger.error("This is a bug in Jetbox; please report it.", error);
		await choose(`Jetbox failed: ${error instanceof Error ? error.message : String(error)}`, [SHOW_LOG], "");
		return;
	}
	logger.warn(`${error.message} ${error.fix}`);
	await choose(`${error.message} ${error.fix}`, buttonsFor(error), commandIn(error.fix));
}

/** The command line that a fix names in quotes or backticks, or nothing. */
export function commandIn(fix: string): string {
	return /["`]((?:ollama|python|pip|apt|sudo|uv)[^"`]*)["`]/.exec(fix)?.[1] ?? "";
}

function buttonsFor({ kind, fix }: UserError): readonly string[] {
	const known: Partial<Record<UserErrorKind, readonly string[]>> = {
		unreachable: [CHECK_SETUP],
		"not-ollama": [CHECK_SETUP],
		"model-missing": [SELECT_MODEL],
		"no-models": [SELECT_MODEL],
		"no-tool-support": [SELECT_MODEL],
		"prompt-too-long": [SELECT_MODEL],
		"no-python": [CHECK_SETUP],
		"tool-missing": [CHECK_SETUP],
		"engine-crashed": [SHOW_LOG],
	};
	return [...(commandIn(fix) === "" ? [] : [COPY]), ...(known[kind] ?? [])];
}

async function choose(message: string, buttons: readonly string[], commandLine: string): Promise<void> {
	switch (await window.showErrorMessage(message, ...buttons)) {
		case COPY:
			return env.clipboard.writeText(commandLine);
		case CHECK_SETUP:
			return commands.executeCommand(COMMANDS.checkSetup);
		case SELECT_MODEL:
			return commands.executeCommand(COMMANDS.selectModel);
		case SHOW_LOG:
			return commands.executeCommand(COMMANDS.showLog);
		default:
	}
}

/** Shows an error once, with its fix as a button where there is one. */
import { commands, env, l10n, window } from "vscode";
import { isAbort, UserError, type UserErrorKind } from "../core/errors.ts";
import { plain } from "../core/plain-text.ts";
import type { Logger } from "../core/ports.ts";
import { COMMANDS } from "./ids.ts";
import { told } from "./told.ts";

type Way = "check-setup" | "select-model" | "copy" | "show-log" | "set-api-key";

/** @param error whatever was thrown; cancelled is no error */
export async function showError(error: unknown, logger: Logger): Promise<void> {
	if (isAbort(error)) return;
	if (!(error instanceof UserError)) {
		logger.error("This is a bug in Jetbox; please report it.", error);
		await choose(
			l10n.t("Jetbox failed: {0}", error instanceof Error ? error.message : String(error)),
			["show-log"],
			"",
		);
		return;
	}
	logger.warn(`${error.message} ${error.fix}`);
	await choose(`${told(error.message)} ${told(error.fix)}`, buttonsFor(error), commandIn(error.fix));
}

/** What is thrown wherever something would run, read or be sent before the workspace is trusted. */
export function untrusted(): UserError {
	return new UserError(
		"untrusted",
		l10n.t("This workspace is not trusted, so Jetbox runs, reads and sends nothing."),
		l10n.t("Trust it with Workspaces: Manage Workspace Trust."),
	);
}

/** What is thrown where something would begin, or another folder be chosen, beside a run. @param fix null: to wait, or to stop it */
export function taskRunning(fix: string | null = null): UserError {
	return new UserError(
		"usage",
		l10n.t("A task is running already."),
		fix ?? l10n.t("Wait for its end, or stop it first (Jetbox: Stop)."),
	);
}

/** The command line that a fix names in quotes or backticks, or nothing. */
export function commandIn(fix: string): string {
	return /["`]((?:ollama|python|pip|apt|sudo|uv)[^"`]*)["`]/.exec(fix)?.[1] ?? "";
}

function buttonsFor({ kind, fix }: UserError): readonly Way[] {
	const known: Partial<Record<UserErrorKind, readonly Way[]>> = {
		unreachable: ["check-setup"],
		"not-ollama": ["check-setup"],
		unauthorized: ["set-api-key"],
		"model-missing": ["select-model"],
		"no-models": ["select-model"],
		"no-tool-support": ["select-model"],
		"prompt-too-long": ["select-model"],
		"no-python": ["check-setup"],
		"tool-missing": ["check-setup"],
		"engine-crashed": ["show-log"],
	};
	return [...(commandIn(fix) === "" ? [] : ["copy" as const]), ...(known[kind] ?? [])];
}

async function choose(message: string, ways: readonly Way[], commandLine: string): Promise<void> {
	const words: Readonly<Record<Way, string>> = {
		"check-setup": l10n.t("Check Setup"),
		"select-model": l10n.t("Select Model"),
		copy: l10n.t("Copy Command"),
		"show-log": l10n.t("Show Log"),
		"set-api-key": l10n.t("Set API Key"),
	};
	const chosen = await window.showErrorMessage(plain(message), ...ways.map((way) => words[way]));
	switch (ways.find((way) => words[way] === chosen)) {
		case "copy":
			return env.clipboard.writeText(commandLine);
		case "check-setup":
			return commands.executeCommand(COMMANDS.checkSetup);
		case "select-model":
			return commands.executeCommand(COMMANDS.selectModel);
		case "set-api-key":
			return commands.executeCommand(COMMANDS.setApiKey);
		case "show-log":
			return commands.executeCommand(COMMANDS.showLog);
		default:
	}
}

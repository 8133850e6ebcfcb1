/** What the sidebar's page asks for. Every failure is shown once, with its fix. */
import { commands } from "vscode";
import type { Logger } from "../core/ports.ts";
import type { Completion, ViewAction, WebviewMessage } from "../protocol.ts";
import { exportRun, type HistoryParts, proposeAgain, showRun } from "./history-commands.ts";
import { COMMANDS } from "./ids.ts";
import { openPlace } from "./open-place.ts";
import type { Review } from "./review.ts";
import type { RunController } from "./run-controller.ts";
import { showError } from "./user-errors.ts";

export interface ViewMessageParts extends HistoryParts {
	readonly controller: RunController;
	readonly review: Review;
	readonly logger: Logger;
	/** Looks again at what the sidebar's empty state says. */
	readonly refresh: () => void;
	/** Back from a run of the history to the newest. */
	readonly showCurrent: () => void;
	readonly complete: (text: string) => Promise<readonly Completion[]>;
	readonly answerCompletions: (text: string, items: readonly Completion[]) => void;
}

export async function onViewMessage(message: WebviewMessage, parts: ViewMessageParts): Promise<void> {
	try {
		await answer(message, parts);
	} catch (error) {
		await showError(error, parts.logger);
	}
}

async function answer(message: WebviewMessage, parts: ViewMessageParts): Promise<void> {
	switch (message.type) {
		case "ready":
			parts.refresh();
			break;
		case "run":
			await commands.executeCommand(message.mode === "plan" ? COMMANDS.planTask : COMMANDS.runTask, message.task);
			break;
		case "stop":
			await commands.executeCommand(COMMANDS.stop);
			break;
		case "open":
			await openPlace(parts.controller.root, message);
			break;
		case "changes":
			await parts.review.showOf(message.runId, message.round, message.file);
			break;
		case "undo-round":
			await commands.executeCommand(COMMANDS.undoRound, message.round);
			break;
		case "history":
			await onHistory(message, parts);
			break;
		case "complete":
			parts.answerCompletions(message.text, await parts.complete(message.text));
			break;
		case "action":
			await onAction(message.action, parts);
			break;
	}
}

async function onHistory(
	{ action, runId }: Extract<WebviewMessage, { type: "history" }>,
	parts: ViewMessageParts,
): Promise<void> {
	switch (action) {
		case "show":
			return showRun(parts, runId);
		case "rerun":
			return proposeAgain(parts, runId);
		case "export":
			return exportRun(parts, runId);
		case "forget":
			return parts.history.forget(runId);
	}
}

const ACTION_COMMANDS: Readonly<Partial<Record<ViewAction, string>>> = {
	"open-folder": "workbench.action.files.openFolder",
	clone: "git.clone",
	"manage-trust": "workbench.trust.manage",
	"sample-project": COMMANDS.openSample,
	"choose-folder": COMMANDS.chooseFolder,
	templates: COMMANDS.taskFromTemplate,
	probe: COMMANDS.probe,
	"select-model": COMMANDS.selectModel,
	"use-practice-model": COMMANDS.usePracticeModel,
	"check-setup": COMMANDS.checkSetup,
	"show-log": COMMANDS.showLog,
};

async function onAction(action: ViewAction, { controller, refresh, showCurrent }: ViewMessageParts): Promise<void> {
	const command = ACTION_COMMANDS[action];
	if (command !== undefined) await commands.executeCommand(command);
	// By its name: the last run that is not undone may be an older one, of which nobody saw the button.
	else if (action === "undo") await commands.executeCommand(COMMANDS.undo, controller.timeline.runId);
	else if (action === "show-current") showCurrent();
	else refresh();
}

/** The commands and what they do. Every failure is shown once, with its fix. */
import {
	ConfigurationTarget,
	commands,
	type Disposable,
	type LogOutputChannel,
	l10n,
	type Memento,
	Position,
	ProgressLocation,
	Range,
	type SecretStorage,
	Uri,
	window,
	workspace,
} from "vscode";
import { UserError } from "../core/errors.ts";
import type { Machine } from "../core/machine.ts";
import { plain } from "../core/plain-text.ts";
import type { Logger } from "../core/ports.ts";
import type { ViewAction, WebviewMessage } from "../protocol.ts";
import { setApiKey } from "./api-keys.ts";
import type { BenchmarkPage } from "./benchmark-page.ts";
import { COMMANDS, CONTEXT_KEYS, SECTION, SETTINGS } from "./ids.ts";
import { selectModel } from "./model-picker.ts";
import { changeNetworkPermission } from "./network-permission.ts";
import type { RunController } from "./run-controller.ts";
import { checkSetup } from "./setup-check.ts";
import { stateWords } from "./state-words.ts";
import { askTask, rememberTask } from "./task-box.ts";
import type { UndoCommands } from "./undo-commands.ts";
import { showError } from "./user-errors.ts";

export interface CommandParts {
	readonly controller: RunController;
	readonly machine: Machine;
	readonly channel: LogOutputChannel;
	readonly undo: UndoCommands;
	readonly memory: Memento;
	readonly logger: Logger;
	readonly secrets: SecretStorage;
	readonly benchmark: BenchmarkPage;
	/** Ends with the extension. */
	readonly signal: AbortSignal;
	readonly isViewVisible: () => boolean;
	/** Looks again at what the sidebar's empty state says. */
	readonly refresh: () => void;
}

export function registerCommands(parts: CommandParts): Disposable[] {
	const { controller, machine, channel, undo, signal } = parts;
	const actions: Record<string, (...given: unknown[]) => Promise<unknown>> = {
		[COMMANDS.runTask]: (task) => runTask(parts, typeof task === "string" ? task : null),
		[COMMANDS.stop]: () => controller.stop(),
		[COMMANDS.probe]: () => controller.probe(),
		[COMMANDS.selectModel]: () => selectModel(machine, signal),
		[COMMANDS.checkSetup]: () => checkSetup(machine, controller, signal),
		[COMMANDS.showLog]: async () => channel.show(),
		[COMMANDS.undo]: () => undo.undoRun(null),
		[COMMANDS.undoRound]: (round) => undo.undoRound(typeof round === "number" ? round : null),
		[COMMANDS.benchmark]: () => parts.benchmark.measure(signal),
		[COMMANDS.showBenchmark]: () => parts.benchmark.show(),
		[COMMANDS.setApiKey]: async () => setApiKey(parts.secrets, (await machine.serverAddress()).url),
		[COMMANDS.allowNetwork]: () => changeNetworkPermission(controller.root, signal),
	};
	return Object.entries(actions).map(([id, action]) =>
		commands.registerCommand(id, async (...given: unknown[]) => {
			try {
				return await action(...given);
			} catch (error) {
				void showError(error, parts.logger);
				return undefined;
			}
		}),
	);
}

/** What the sidebar's page asks for. */
export async function onViewMessage(message: WebviewMessage, parts: CommandParts): Promise<void> {
	switch (message.type) {
		case "ready":
			parts.refresh();
			break;
		case "run":
			await commands.executeCommand(COMMANDS.runTask, message.task);
			break;
		case "stop":
			await commands.executeCommand(COMMANDS.stop);
			break;
		case "open":
			await openPlace(parts, message).catch((error: unknown) => showError(error, parts.logger));
			break;
		case "undo-round":
			await commands.executeCommand(COMMANDS.undoRound, message.round);
			break;
		case "action":
			await onViewAction(message.action, parts);
			break;
	}
}

async function onViewAction(action: ViewAction, { refresh }: CommandParts): Promise<void> {
	switch (action) {
		case "open-folder":
			await commands.executeCommand("workbench.action.files.openFolder");
			break;
		case "use-practice-model":
			await workspace.getConfiguration(SECTION).update(SETTINGS.model, "practice", ConfigurationTarget.Global);
			break;
		case "retry":
			refresh();
			break;
		case "probe":
			await commands.executeCommand(COMMANDS.probe);
			break;
		case "select-model":
			await commands.executeCommand(COMMANDS.selectModel);
			break;
		case "check-setup":
			await commands.executeCommand(COMMANDS.checkSetup);
			break;
		case "show-log":
			await commands.executeCommand(COMMANDS.showLog);
			break;
		case "undo":
			await commands.executeCommand(COMMANDS.undo);
			break;
	}
}

async function runTask(parts: CommandParts, given: string | null): Promise<unknown> {
	const { controller, memory } = parts;
	if (controller.running || given !== null) return runNow(parts, given ?? "");
	const task = await askTask(memory);
	return task === null ? undefined : runNow(parts, task);
}

async function runNow({ controller, benchmark, memory, isViewVisible }: CommandParts, task: string): Promise<unknown> {
	// Both want the model server for themselves, and a run's time would be the measurement's.
	if (benchmark.measuring)
		throw new UserError("usage", l10n.t("Models are being measured."), l10n.t("Wait for the end, or cancel it."));
	const running = controller.run(task);
	if (task.trim() !== "" && controller.running) void rememberTask(memory, task.trim());
	if (!isViewVisible()) void showProgress(controller, running);
	const outcome = await running;
	if (outcome === null) return undefined;
	const changed = controller.timeline.filesChanged.length > 0;
	await commands.executeCommand("setContext", CONTEXT_KEYS.canUndo, changed);
	if (!isViewVisible() && outcome.kind !== "cancelled") {
		const words = plain(`Jetbox: ${outcome.reason} ${outcome.fix ?? ""}`.trim());
		void (outcome.kind === "green" ? window.showInformationMessage(words) : window.showWarningMessage(words));
	}
	return outcome;
}

/** With the view hidden, a notification shows that something runs, and stops it. */
async function showProgress(controller: RunController, running: Promise<unknown>): Promise<void> {
	await window.withProgress(
		{ location: ProgressLocation.Notification, title: "Jetbox", cancellable: true },
		async (progress, token) => {
			token.onCancellationRequested(() => void controller.stop());
			const subscription = controller.onEvent(({ type }) => {
				if (type !== "round-started" && type !== "model-state") return;
				const { rounds, state } = controller.timeline;
				progress.report({ message: l10n.t("round {0}: {1}", rounds.at(-1)?.round ?? 1, stateWords(state)) });
			});
			await running.catch(() => undefined);
			subscription.dispose();
		},
	);
}

async function openPlace(
	{ controller }: CommandParts,
	{ file, line, column }: Extract<WebviewMessage, { type: "open" }>,
): Promise<void> {
	const root = Uri.file(controller.root);
	const uri = Uri.joinPath(root, file);
	if (!uri.path.startsWith(`${root.path}/`)) return;
	const at = new Position(line - 1, column - 1);
	await window.showTextDocument(uri, { selection: new Range(at, at), preview: true });
}

/** The commands and what they do. Every failure is shown once, with its fix. */
import {
	commands,
	type Disposable,
	type LogOutputChannel,
	Range,
	type SecretStorage,
	Uri,
	window,
	workspace,
} from "vscode";
import type { Machine } from "../core/machine.ts";
import { setApiKey } from "./api-keys.ts";
import type { BenchmarkPage } from "./benchmark-page.ts";
import type { CutOffRuns } from "./cut-off-runs.ts";
import { keepFile, undoFile } from "./file-review.ts";
import { fromWalkthrough } from "./first-steps.ts";
import { exportRun, showHistory } from "./history-commands.ts";
import type { HunkReview } from "./hunk-review.ts";
import { COMMANDS } from "./ids.ts";
import { selectModel, usePracticeModel } from "./model-picker.ts";
import { changeNetworkPermission } from "./network-permission.ts";
import { pathWithin } from "./path-within.ts";
import type { RunChanges } from "./run-changes.ts";
import { openSample } from "./sample.ts";
import { checkSetup } from "./setup-check.ts";
import { runTask, type TaskRunParts } from "./task-run.ts";
import {
	fromChanges,
	fromFile,
	fromProblems,
	fromTemplate,
	fromTest,
	problemsAt,
	type TaskStartParts,
} from "./task-starts.ts";
import type { UndoCommands } from "./undo-commands.ts";
import { showError, taskRunning } from "./user-errors.ts";
import type { ViewMessageParts } from "./view-messages.ts";

export interface CommandParts extends TaskRunParts, TaskStartParts, ViewMessageParts {
	readonly machine: Machine;
	readonly channel: LogOutputChannel;
	readonly changes: RunChanges;
	readonly hunks: HunkReview;
	readonly undo: UndoCommands;
	readonly cutOff: CutOffRuns;
	readonly secrets: SecretStorage;
	readonly benchmark: BenchmarkPage;
	/** Copies the sample project to a temporary folder; resolves with its path. */
	readonly createSample: () => Promise<string>;
	/** Looks again at what the probes told, if they have told something. */
	readonly probeAgain: () => void;
	/** Ends with the extension. */
	readonly signal: AbortSignal;
	/** The person uses Jetbox in this window. */
	readonly onUse: () => void;
}

type Action = (...given: unknown[]) => unknown;

export function registerCommands(parts: CommandParts): Disposable[] {
	const { controller, machine, channel, changes, review, folders, undo, signal } = parts;
	// The manifest's `enablement` guards menus and keys, and nothing else that calls a command: a quick fix does.
	const whenIdle =
		(action: Action): Action =>
		(...given) => {
			if (controller.running) throw taskRunning();
			return action(...given);
		};
	const actions: Record<string, Action> = {
		[COMMANDS.runTask]: (task) => startTask(parts, task, "edit"),
		[COMMANDS.planTask]: (task) => startTask(parts, task, "plan"),
		[COMMANDS.stop]: () => controller.stop(),
		[COMMANDS.probe]: async (place) => void (await controller.probe(rootOf(uriOf(place)))),
		[COMMANDS.selectModel]: () => selectModel(machine, signal),
		[COMMANDS.usePracticeModel]: () => usePracticeModel(),
		[COMMANDS.checkSetup]: () => checkSetup(parts),
		[COMMANDS.showLog]: () => channel.show(),
		[COMMANDS.undo]: (runId) => undo.undoRun(typeof runId === "string" ? runId : null),
		[COMMANDS.undoRound]: (round) => undo.undoRound(typeof round === "number" ? round : null),
		[COMMANDS.resume]: (way) => parts.cutOff.choose(way),
		[COMMANDS.benchmark]: () => parts.benchmark.measure(signal),
		[COMMANDS.showBenchmark]: () => parts.benchmark.show(),
		[COMMANDS.setApiKey]: async () => setApiKey(parts.secrets, (await machine.serverAddress()).url),
		[COMMANDS.allowNetwork]: () => changeNetworkPermission(controller.root, signal),
		[COMMANDS.reviewRun]: () => parts.endReview.ask(),
		[COMMANDS.showChanges]: () => review.show(null, null),
		[COMMANDS.showFileChanges]: (uri) => showFileChanges(parts, uriOf(uri)),
		[COMMANDS.keepFile]: (uri) => keepFile(changes, uriOf(uri)),
		[COMMANDS.undoFile]: (uri) => undoFile(changes, uriOf(uri)),
		[COMMANDS.undoHunk]: (uri, line) => parts.hunks.undo(uriOf(uri), lineOf(line)),
		[COMMANDS.keepHunk]: (uri, line) => parts.hunks.keep(uriOf(uri), lineOf(line)),
		[COMMANDS.showHistory]: () => showHistory(parts),
		[COMMANDS.exportRun]: (runId, target) =>
			exportRun(parts, typeof runId === "string" ? runId : null, uriOf(target) ?? null),
		[COMMANDS.chooseFolder]: whenIdle(() => folders.choose()),
		[COMMANDS.taskFromTemplate]: whenIdle(() => fromTemplate(parts)),
		[COMMANDS.taskFromFile]: whenIdle((uri, marked) => fromFile(parts, uriOf(uri), urisOf(marked))),
		[COMMANDS.taskFromTest]: whenIdle((test) => fromTest(parts, test)),
		[COMMANDS.taskFromChanges]: whenIdle((source) => fromChanges(parts, repositoryIn(source))),
		[COMMANDS.fixProblems]: whenIdle((uri, range) => fixProblems(parts, uriOf(uri), range)),
		[COMMANDS.fixFile]: whenIdle((uri) => fixProblems(parts, uriOf(uri), null)),
		[COMMANDS.fromWalkthrough]: (command) => fromWalkthrough(command),
		[COMMANDS.openSample]: () => openSample(parts.createSample),
	};
	return Object.entries(actions).map(([id, action]) =>
		commands.registerCommand(id, async (...given: unknown[]) => {
			parts.onUse();
			try {
				return await action(...given);
			} catch (error) {
				void showError(error, parts.logger);
				return undefined;
			}
		}),
	);
}

/** Of the workspace's folder that holds it; undefined: the chosen one's. */
function rootOf(place: Uri | undefined): string | undefined {
	return place === undefined ? undefined : workspace.getWorkspaceFolder(place)?.uri.fsPath;
}

async function startTask(parts: CommandParts, task: unknown, mode: "edit" | "plan"): Promise<unknown> {
	return (await runTask(parts, typeof task === "string" ? task : null, mode)) ?? undefined;
}

async function showFileChanges({ review, changes }: CommandParts, uri: Uri | undefined): Promise<void> {
	const file = uri ?? window.activeTextEditor?.document.uri;
	const own = file === undefined ? null : pathWithin(changes.root, file);
	if (own !== null) await review.show(null, own);
}

/** @param range null: the whole file */
async function fixProblems(parts: CommandParts, given: Uri | undefined, range: unknown): Promise<void> {
	const uri = given ?? window.activeTextEditor?.document.uri;
	if (uri === undefined) return;
	await fromProblems(parts, uri, range instanceof Range ? problemsAt(uri, range) : []);
}

/** A menu's other arguments are no lines. */
function lineOf(given: unknown): number | undefined {
	return typeof given === "number" ? given : undefined;
}

/** What is marked in the explorer, whose menu alone hands over a list; null elsewhere. */
function urisOf(given: unknown): readonly Uri[] | null {
	return Array.isArray(given) ? given.filter((one) => one instanceof Uri) : null;
}

/** Of the source control whose menu hands it over; null elsewhere. */
function repositoryIn(given: unknown): Uri | null {
	if (typeof given !== "object" || given === null || !("rootUri" in given)) return null;
	return given.rootUri instanceof Uri ? given.rootUri : null;
}

/** Menus hand over an address, or a resource of source control that has one. */
function uriOf(given: unknown): Uri | undefined {
	if (given instanceof Uri) return given;
	if (typeof given !== "object" || given === null || !("resourceUri" in given)) return undefined;
	return given.resourceUri instanceof Uri ? given.resourceUri : undefined;
}

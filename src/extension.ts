/** The editor's root: builds, wires, pushes one store; decides nothing. */
import { join } from "node:path";
import { CodeActionKind, commands, type Disposable, type ExtensionContext, languages, window, workspace } from "vscode";
import { isAbort } from "./core/errors.ts";
import type { RunEvent } from "./core/events.ts";
import type { PastRun } from "./core/run-report.ts";
import type { Timeline } from "./core/timeline.ts";
import { clock } from "./node/clock.ts";
import { folderIdentity, isOneOf } from "./node/folder-identity.ts";
import { lineChanges } from "./node/line-changes.ts";
import { createMachine } from "./node/machine.ts";
import { copySample } from "./node/sample-project.ts";
import { stateFolder } from "./node/state-folder.ts";
import { readApiKey } from "./vscode/api-keys.ts";
import { EditorApprover } from "./vscode/approver.ts";
import { BenchmarkPage } from "./vscode/benchmark-page.ts";
import { registerChatTools } from "./vscode/chat-tools.ts";
import { type CommandParts, registerCommands } from "./vscode/commands.ts";
import { CutOffRuns } from "./vscode/cut-off-runs.ts";
import { emptyStateOf } from "./vscode/empty-state.ts";
import { EndReview } from "./vscode/end-review.ts";
import { askEndReview } from "./vscode/end-review-question.ts";
import { stepDone } from "./vscode/first-steps.ts";
import { FolderChoice } from "./vscode/folder-choice.ts";
import { HunkReview } from "./vscode/hunk-review.ts";
import { CONTEXT_KEYS, VIEWS } from "./vscode/ids.ts";
import { createChannelLogger, logEvent } from "./vscode/log.ts";
import { newestOnly } from "./vscode/newest-only.ts";
import { ProbeStatus } from "./vscode/probe-status.ts";
import { problemActions } from "./vscode/problem-actions.ts";
import { Problems } from "./vscode/problems.ts";
import { Review } from "./vscode/review.ts";
import { RunChanges } from "./vscode/run-changes.ts";
import { RunController } from "./vscode/run-controller.ts";
import { RunHistory } from "./vscode/run-history.ts";
import { isSample, sampleTask } from "./vscode/sample.ts";
import { SandboxConsent } from "./vscode/sandbox-consent.ts";
import { SaveWatch } from "./vscode/save-watch.ts";
import { remoteServerOf } from "./vscode/server-consent.ts";
import { engineSettings, onSettingsChanged, readSettings } from "./vscode/settings.ts";
import { SidebarState } from "./vscode/sidebar-state.ts";
import { SidebarView } from "./vscode/sidebar-view.ts";
import { StatusItem } from "./vscode/status-item.ts";
import { completionsFor } from "./vscode/task-references.ts";
import { resumeTask, runTask } from "./vscode/task-run.ts";
import { TestHover } from "./vscode/test-hover.ts";
import { TouchedFiles } from "./vscode/touched-files.ts";
import { trustedMachine } from "./vscode/trusted-machine.ts";
import { UndoCommands } from "./vscode/undo-commands.ts";
import { showError, untrusted } from "./vscode/user-errors.ts";
import { onViewMessage } from "./vscode/view-messages.ts";
import { ViewWarmUp } from "./vscode/view-warm-up.ts";

/** What other extensions and the host tests may look at; nothing here changes anything. */
export interface JetboxApi {
	onEvent(listener: (event: RunEvent) => void): Disposable;
	timeline(): Timeline;
	/** Resolves when neither a run nor a probe is under way. */
	idle(): Promise<void>;
	/** Whether the sidebar is open with its page in place. */
	isSidebarReady(): boolean;
}

const PYTHON_FILES = { language: "python", scheme: "file" };

let close: (() => Promise<void>) | null = null;

export function activate(context: ExtensionContext): JetboxApi {
	const channel = window.createOutputChannel("Jetbox", { log: true });
	const logger = createChannelLogger(channel);
	const consent = new SandboxConsent(context.globalState, folderIdentity);
	/** What the engines were started with; null before there is one. */
	let engines: string | null = null;
	const jetbox = createMachine({
		distDir: `${context.extensionPath}/dist`,
		// The command line's too, so that either sees the other's runs.
		stateDir: stateFolder(process.env),
		settings: (root) => {
			if (root !== null) engines ??= engineSettings();
			const { server, probes, networkFolders } = readSettings(root);
			const models = {
				...server,
				allowRemote: false,
				apiKey: (url: string) => readApiKey(context.secrets, url),
			};
			if (root === null) return { ...models, probes };
			const allowNetwork = isOneOf(networkFolders, root);
			return { ...models, probes: { ...probes, allowNetwork, sandbox: consent.modeFor(probes.sandbox, root) } };
		},
		logger,
	});
	const machine = trustedMachine(jetbox, () => workspace.isTrusted, untrusted);
	const approver = new EditorApprover();
	const folders = new FolderChoice(context.workspaceState, () => controller.running);
	const changes = new RunChanges();
	const controller = new RunController({ machine, approver, consent, folders, changes, clock, logger });
	const history = new RunHistory(context.workspaceState, context.storageUri, logger);
	const review = new Review(changes);
	const hunks = new HunkReview({ changes, compare: lineChanges, isRunning: () => controller.running });
	const sidebar = new SidebarState({ controller, history, folders, changes, memory: context.workspaceState });
	const ended = new AbortController();
	const problems = new Problems();
	const testHover = new TestHover();
	const probeStatus = new ProbeStatus();
	const status = new StatusItem();

	/** The server's address where it is another machine; always in the status bar. */
	let remote: string | null = null;
	const warmUp = new ViewWarmUp(machine, ended.signal);

	const lookAround = newestOnly(
		() => Promise.all([emptyStateOf(machine, controller, ended.signal), remoteServerOf(machine).catch(() => null)]),
		([setup, server]) => {
			sidebar.setSetup(setup);
			remote = server;
			showState();
			if (sidebar.model === null) return;
			// It is known only where a server told of it, or where the practice model needs none.
			stepDone("serverReady");
			stepDone("modelReady");
			if (sidebar.isReady && view.visible && !controller.running) warmUp.begin(sidebar.model);
		},
	);
	const refresh = () => {
		lookAround().catch((error: unknown) => {
			if (!isAbort(error)) logger.warn(`Looking at the setup failed: ${String(error)}`);
		});
	};
	const showStatus = () => status.show(controller.timeline, controller.running, sidebar.model, remote);
	const showState = () => {
		view.post({ type: "status", ...sidebar.status });
		showStatus();
	};
	const showHistoryState = () =>
		void commands.executeCommand("setContext", CONTEXT_KEYS.hasHistory, history.runs.length > 0);
	const lookAt = (run: PastRun | null) => {
		sidebar.lookAt(run);
		view.postSnapshot();
	};
	const undo = new UndoCommands({ controller, machine, changes, logger, signal: ended.signal, refresh });
	const endReview = new EndReview({
		changes,
		show: () => review.show(null, null),
		undo: (runId) => undo.undoRun(runId, changes.root),
		ask: askEndReview,
		onWaiting: (isWaiting) => void commands.executeCommand("setContext", CONTEXT_KEYS.reviewWaiting, isWaiting),
	});
	const benchmark = new BenchmarkPage(
		context.extensionUri,
		machine,
		() => controller.running,
		() => workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri.fsPath ?? null,
		(error) => void showError(error, logger),
	);
	const cutOff = new CutOffRuns({
		machine,
		folders,
		undo,
		isRunning: () => controller.running,
		resume: async (run) => {
			onUse();
			await resumeTask(parts, run);
		},
		logger,
		signal: ended.signal,
	});
	const onProbeError = (error: unknown) => {
		if (!isAbort(error)) logger.warn(`A probe failed: ${error instanceof Error ? error.message : String(error)}`);
	};
	/** What an engine told that has ended may no longer be so; where nothing was told, nothing is. */
	const probeAgain = () => {
		if (controller.timeline.verdict !== null) controller.probe().catch(onProbeError);
	};
	let saves: SaveWatch | null = null;
	/** Jetbox starts with every window, for a run that was cut off; it looks at saves only where somebody uses it. */
	const onUse = () => {
		saves ??= new SaveWatch(controller, machine, (uri) => probeStatus.onChange(uri), onProbeError);
	};
	const parts: CommandParts = {
		controller,
		machine,
		channel,
		hunks,
		undo,
		cutOff,
		onUse,
		folders,
		changes,
		review,
		history,
		memory: context.workspaceState,
		logger,
		signal: ended.signal,
		secrets: context.secrets,
		benchmark,
		endReview,
		isViewVisible: () => view.visible,
		refresh,
		probeAgain,
		propose: (task) => view.propose(task),
		lookAt: async (run) => {
			lookAt(run);
			await commands.executeCommand(`${VIEWS.sidebar}.focus`);
		},
		showCurrent: () => lookAt(null),
		complete: (typed) => completionsFor(typed, folders.root),
		answerCompletions: (text, items) => view.post({ type: "completions", text, items }),
		createSample: () => copySample(join(context.extensionPath, "media/demo-project")),
	};
	const view = new SidebarView(
		context.extensionUri,
		() => sidebar.all,
		(message) => {
			onUse();
			void onViewMessage(message, parts);
		},
	);

	context.subscriptions.push(
		channel,
		approver,
		folders,
		history,
		changes,
		review,
		hunks,
		languages.registerCodeLensProvider({ scheme: "file" }, hunks),
		new TouchedFiles(changes),
		problems,
		testHover,
		probeStatus,
		languages.registerHoverProvider(PYTHON_FILES, testHover),
		status,
		undo,
		view,
		benchmark,
		...registerCommands(parts),
		registerChatTools({ controller, runTask: (task) => runTask(parts, task, "edit"), onUse }),
		window.registerWebviewViewProvider(VIEWS.sidebar, view),
		{ dispose: () => saves?.dispose() },
		languages.registerCodeActionsProvider(
			PYTHON_FILES,
			problemActions(() => controller.running),
			{
				providedCodeActionKinds: [CodeActionKind.QuickFix],
			},
		),
		controller.onEvent(({ root, event }) => {
			// What ends because its folder left says nothing of what is open.
			if (folders.isOpen(root)) for (const shown of [problems, testHover, probeStatus]) shown.onEvent(root, event);
			logEvent(logger, event, controller.timelineOf(root));
			if (event.type === "run-started" && sidebar.pastRun !== null) lookAt(null);
			else if (sidebar.pastRun === null && root === folders.rootOrNull) view.post({ type: "event", event });
			showStatus();
			if (sidebar.onEvent(root, event)) showState();
			if (event.type === "verdict") view.showProblemCount(controller.timeline.findings.length);
		}),
		changes.onTakenBack((files) => controller.noteUndone(changes.root, files)),
		controller.onStateChange(() => {
			void commands.executeCommand("setContext", CONTEXT_KEYS.running, controller.running);
			hunks.refresh();
			showState();
		}),
		history.onChange(() => {
			showHistoryState();
			view.post({ type: "history", history: history.runs });
		}),
		folders.onChange(() => {
			lookAt(null);
			refresh();
			void cutOff.offer();
		}),
		onSettingsChanged(() => {
			// An engine has the settings of its start.
			if (engines === null || engines === engineSettings()) return refresh();
			engines = null;
			void controller.closeEngines().then(
				() => {
					refresh();
					if (readSettings(folders.rootOrNull).probeOnSave) probeAgain();
				},
				(error: unknown) => showError(error, logger),
			);
		}),
		workspace.onDidGrantWorkspaceTrust(() => {
			refresh();
			void cutOff.offer();
		}),
		workspace.onDidChangeWorkspaceFolders(({ removed }) => {
			const roots = removed.map(({ uri }) => uri.fsPath);
			for (const shown of [problems, testHover, probeStatus]) shown.forget(roots);
			controller
				.leave(roots)
				.then(() => {
					view.postSnapshot();
					refresh();
				})
				.catch((error: unknown) => void showError(error, logger));
		}),
	);
	// The window's start waits for none of this.
	const behindStart = setImmediate(() => {
		showHistoryState();
		void isSample().then((sample) => {
			if (!sample) return undefined;
			stepDone("sampleOpen");
			sidebar.inSample = true;
			showState();
			return view.propose(sampleTask());
		});
		void cutOff.offer();
	});
	close = async () => {
		clearImmediate(behindStart);
		ended.abort(new DOMException("The extension ends.", "AbortError"));
		await controller.close();
	};
	return {
		onEvent: (listener) => controller.onEvent(({ event }) => listener(event)),
		timeline: () => controller.timeline,
		idle: () => controller.idle(),
		isSidebarReady: () => view.ready,
	};
}

/** Ends the run and its processes, and waits for that; the editor grants about five seconds. */
export async function deactivate(): Promise<void> {
	await close?.();
	close = null;
}

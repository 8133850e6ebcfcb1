/** The editor's root: builds, wires, pushes one store; decides nothing. */
import { commands, type Event, type ExtensionContext, window, workspace } from "vscode";
import { isAbort } from "./core/errors.ts";
import type { RunEvent } from "./core/events.ts";
import type { Timeline } from "./core/timeline.ts";
import { clock } from "./node/clock.ts";
import { folderIdentity, isOneOf } from "./node/folder-identity.ts";
import { createMachine } from "./node/machine.ts";
import { stateFolder } from "./node/state-folder.ts";
import type { EmptyState } from "./protocol.ts";
import { readApiKey } from "./vscode/api-keys.ts";
import { EditorApprover } from "./vscode/approver.ts";
import { BenchmarkPage } from "./vscode/benchmark-page.ts";
import { type CommandParts, onViewMessage, registerCommands } from "./vscode/commands.ts";
import { CONTEXT_KEYS, VIEWS } from "./vscode/ids.ts";
import { createChannelLogger, logEvent } from "./vscode/log.ts";
import { Problems } from "./vscode/problems.ts";
import { RunController } from "./vscode/run-controller.ts";
import { SandboxConsent } from "./vscode/sandbox-consent.ts";
import { SaveWatch } from "./vscode/save-watch.ts";
import { remoteServerOf } from "./vscode/server-consent.ts";
import { onSettingsChanged, readSettings } from "./vscode/settings.ts";
import { emptyStateOf } from "./vscode/setup-check.ts";
import { SidebarView } from "./vscode/sidebar-view.ts";
import { StatusItem } from "./vscode/status-item.ts";
import { rememberedTasks } from "./vscode/task-box.ts";
import { trustedMachine } from "./vscode/trusted-machine.ts";
import { UndoCommands } from "./vscode/undo-commands.ts";
import { showError, untrusted } from "./vscode/user-errors.ts";
import { ViewWarmUp } from "./vscode/view-warm-up.ts";

/** What other extensions and the host tests may look at; nothing here changes anything. */
export interface JetboxApi {
	readonly onEvent: Event<RunEvent>;
	timeline(): Timeline;
	/** Resolves when neither a run nor a probe is under way. */
	idle(): Promise<void>;
}

let close: (() => Promise<void>) | null = null;

export function activate(context: ExtensionContext): JetboxApi {
	const channel = window.createOutputChannel("Jetbox", { log: true });
	const logger = createChannelLogger(channel);
	const consent = new SandboxConsent(context.globalState, folderIdentity);
	const jetbox = createMachine({
		distDir: `${context.extensionPath}/dist`,
		// The command line's too, so that either sees the other's runs.
		stateDir: stateFolder(process.env),
		settings: (root) => {
			const { server, probes, networkFolders } = readSettings();
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
	const controller = new RunController({ machine, approver, consent, clock, logger });
	const ended = new AbortController();
	const problems = new Problems();
	const status = new StatusItem();
	let shown: { readonly empty: EmptyState; readonly model: string | null } = { empty: { kind: "ready" }, model: null };

	/** The server's address where it is another machine; always in the status bar. */
	let remote: string | null = null;
	const warmUp = new ViewWarmUp(machine, ended.signal);

	const refresh = () => {
		lookAround().then(
			() => {
				showState();
				if (shown.empty.kind === "ready" && shown.model !== null && view.visible && !controller.running)
					warmUp.begin(shown.model);
			},
			(error: unknown) => {
				if (!isAbort(error)) logger.warn(`Looking at the setup failed: ${String(error)}`);
			},
		);
	};
	const lookAround = async () => {
		[shown, remote] = await Promise.all([
			emptyStateOf(machine, controller, ended.signal),
			remoteServerOf(machine).catch(() => null),
		]);
	};
	const showStatus = () => status.show(controller.timeline, controller.running, shown.model, remote);
	const showState = () => {
		view.post({ type: "status", ...shown, running: controller.running });
		showStatus();
	};
	const undo = new UndoCommands({ controller, machine, signal: ended.signal, refresh });
	const benchmark = new BenchmarkPage(
		context.extensionUri,
		machine,
		() => workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri.fsPath ?? null,
		(error) => void showError(error, logger),
	);
	const parts: CommandParts = {
		controller,
		machine,
		channel,
		undo,
		memory: context.workspaceState,
		logger,
		signal: ended.signal,
		secrets: context.secrets,
		benchmark,
		isViewVisible: () => view.visible,
		refresh,
	};
	const view = new SidebarView(
		context.extensionUri,
		() => ({
			...shown,
			task: rememberedTasks(context.workspaceState)[0] ?? "",
			running: controller.running,
			timeline:
				controller.timeline.rounds.length > 0 || controller.timeline.verdict !== null ? controller.timeline : null,
		}),
		(message) => void onViewMessage(message, parts),
	);

	context.subscriptions.push(
		channel,
		approver,
		problems,
		status,
		undo,
		view,
		benchmark,
		...registerCommands(parts),
		window.registerWebviewViewProvider(VIEWS.sidebar, view),
		new SaveWatch(controller, machine, (error) => {
			if (!isAbort(error))
				logger.warn(`A probe after a save failed: ${error instanceof Error ? error.message : String(error)}`);
		}),
		controller.onEvent((event) => {
			problems.onEvent(controller.probedRoot, event);
			logEvent(logger, event, controller.timeline);
			view.post({ type: "event", event });
			showStatus();
		}),
		controller.onStateChange(() => {
			void commands.executeCommand("setContext", CONTEXT_KEYS.running, controller.running);
			showState();
		}),
		onSettingsChanged(() => {
			// The engine has the settings of its start; one that works keeps them to the end of its work.
			void controller
				.idle()
				.then(() => controller.closeEngine())
				.then(refresh, (error: unknown) => showError(error, logger));
		}),
		workspace.onDidGrantWorkspaceTrust(refresh),
		workspace.onDidChangeWorkspaceFolders(() => {
			problems.clear();
			void controller
				.stop()
				.then(() => controller.closeEngine())
				.then(refresh);
		}),
	);
	close = async () => {
		ended.abort(new DOMException("The extension ends.", "AbortError"));
		await controller.close();
	};
	return { onEvent: controller.onEvent, timeline: () => controller.timeline, idle: () => controller.idle() };
}

/** Ends the run and its processes, and waits for that; the editor grants about five seconds. */
export async function deactivate(): Promise<void> {
	await close?.();
	close = null;
}

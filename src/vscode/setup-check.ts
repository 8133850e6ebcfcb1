/** Check Setup: each part with its state, and its fix a keystroke away. */
import { commands, env, l10n, type QuickPickItem, window, workspace } from "vscode";
import { UserError } from "../core/errors.ts";
import type { Machine, ServerState } from "../core/machine.ts";
import { chooseModel } from "../core/model/model-choice.ts";
import type { EmptyState } from "../protocol.ts";
import { SECTION } from "./ids.ts";
import type { RunController } from "./run-controller.ts";
import { readSettings } from "./settings.ts";
import { commandIn } from "./user-errors.ts";

const PRACTICE_MODEL = "practice";

interface Check {
	readonly name: string;
	readonly ok: boolean;
	readonly detail: string;
	readonly fix: string;
}

/** Shows the list; choosing a line copies its command, or opens the settings. */
export async function checkSetup(machine: Machine, controller: RunController, signal: AbortSignal): Promise<void> {
	const checks = window.withProgress({ location: { viewId: "jetbox.sidebar" } }, () =>
		allChecks(machine, controller, signal),
	);
	const items = checks.then((list) => list.map(itemOf));
	const chosen = await window.showQuickPick(items, {
		title: l10n.t("Jetbox: Check Setup"),
		placeHolder: l10n.t("Choose a line to copy its command or open the settings"),
	});
	if (chosen === undefined || chosen.fix === "") return;
	const command = commandIn(chosen.fix);
	if (command === "") {
		await commands.executeCommand("workbench.action.openSettings", SECTION);
	} else {
		await env.clipboard.writeText(command);
		void window.showInformationMessage(l10n.t("Copied: {0}", command));
	}
}

/** Why the sidebar shows something other than a run. */
export async function emptyStateOf(
	machine: Machine,
	controller: RunController,
	signal: AbortSignal,
): Promise<{ readonly empty: EmptyState; readonly model: string | null }> {
	const { model: choice } = readSettings();
	let model: string | null = choice === PRACTICE_MODEL ? l10n.t("practice model") : null;
	if (!workspace.isTrusted) return { empty: { kind: "untrusted" }, model };
	try {
		void controller.root;
	} catch (error) {
		if (error instanceof UserError) return { empty: { kind: "no-folder" }, model };
		throw error;
	}
	if (choice !== PRACTICE_MODEL) {
		const server = await machine.describeServer(signal);
		if (server.kind !== "ok") return { empty: { kind: "no-server", server: server.server, fix: server.fix }, model };
		const found = modelOf(choice, server);
		if (found instanceof UserError) return { empty: { kind: "no-model", fix: `${found.message} ${found.fix}` }, model };
		model = found;
	}
	const tools = await controller.describeTools(signal);
	const pytest = tools.find(({ tool }) => tool === "pytest");
	// Before the consent to run without a sandbox, a program of the workspace is not even asked for its version.
	const mayAsk = tools.some(({ tool, state }) => tool === "sandbox" && state === "ok");
	if (mayAsk && pytest !== undefined && pytest.state !== "ok")
		return { empty: { kind: "no-pytest", fix: pytest.fix }, model };
	return { empty: { kind: "ready" }, model };
}

async function allChecks(machine: Machine, controller: RunController, signal: AbortSignal): Promise<readonly Check[]> {
	const [server, tools] = await Promise.all([machine.describeServer(signal), controller.describeTools(signal)]);
	return [
		...serverChecks(server),
		...tools.map(({ tool, state, detail, fix }) => ({ name: tool, ok: state === "ok", detail, fix })),
	];
}

function serverChecks(server: ServerState): readonly Check[] {
	const { model: choice } = readSettings();
	const isPractice = choice === PRACTICE_MODEL;
	const serverCheck =
		server.kind === "ok"
			? {
					name: l10n.t("server"),
					ok: true,
					detail: l10n.t("Ollama {0} at {1}", server.version, server.server),
					fix: "",
				}
			: {
					name: l10n.t("server"),
					ok: isPractice,
					detail: isPractice ? l10n.t("{0} The practice model needs none.", server.message) : server.message,
					fix: server.fix,
				};
	if (isPractice)
		return [
			serverCheck,
			{
				name: l10n.t("model"),
				ok: true,
				detail: l10n.t("practice model: template repair, no neural network"),
				fix: "",
			},
		];
	if (server.kind !== "ok") return [serverCheck];
	const found = modelOf(choice, server);
	return [
		serverCheck,
		found instanceof UserError
			? { name: l10n.t("model"), ok: false, detail: found.message, fix: found.fix }
			: {
					name: l10n.t("model"),
					ok: true,
					detail: l10n.t("{0} (of {1} installed)", found, server.models.length),
					fix: "",
				},
	];
}

function modelOf(choice: string, server: Extract<ServerState, { kind: "ok" }>): string | UserError {
	try {
		return chooseModel(choice, server.models);
	} catch (error) {
		if (error instanceof UserError) return error;
		throw error;
	}
}

function itemOf({ name, ok, detail, fix }: Check): QuickPickItem & { readonly fix: string } {
	return {
		label: `${ok ? "$(pass)" : "$(warning)"} ${name}`,
		description: ok ? l10n.t("ok") : l10n.t("needs attention"),
		detail: [detail, fix].filter((part) => part !== "").join(" "),
		fix,
	};
}

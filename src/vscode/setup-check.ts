/** Check Setup: each part with its state, and its fix a keystroke away. */
import { commands, env, l10n, type QuickPickItem, window, workspace } from "vscode";
import { UserError } from "../core/errors.ts";
import type { Machine, ServerState } from "../core/machine.ts";
import { chooseModel } from "../core/model/model-choice.ts";
import type { EmptyState } from "../protocol.ts";
import { withConnectProgress } from "./connect-progress.ts";
import { SECTION } from "./ids.ts";
import type { RunController } from "./run-controller.ts";
import { readSettings } from "./settings.ts";
import { commandIn } from "./user-errors.ts";

const PRACTICE_MODEL = "practice";

interface Check {
	readonly name: string;
	readonly ok: boolean;
	/** Fit for a run, and could be better. */
	readonly advice: boolean;
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
	const { model } = readSettings();
	const [models, tools] = await Promise.all([
		withConnectProgress(
			(onProgress) => machine.checkModel(model, onProgress, signal),
			() => undefined,
		),
		controller.describeTools(signal),
	]);
	return [...models, ...tools.map(({ tool, state, detail, fix }) => ({ name: tool, state, detail, fix }))].map(
		({ name, state, detail, fix }) => ({
			name: partName(name),
			ok: state === "ok" || (state === "advice" && fix === ""),
			advice: state === "advice",
			detail,
			fix,
		}),
	);
}

function partName(name: string): string {
	switch (name) {
		case "server":
			return l10n.t("server");
		case "model":
			return l10n.t("model");
		case "context":
			return l10n.t("context");
		case "template":
			return l10n.t("template");
		case "protocol":
			return l10n.t("protocol");
		default:
			return name;
	}
}

function modelOf(choice: string, server: Extract<ServerState, { kind: "ok" }>): string | UserError {
	try {
		return chooseModel(choice, server.models);
	} catch (error) {
		if (error instanceof UserError) return error;
		throw error;
	}
}

function itemOf({ name, ok, advice, detail, fix }: Check): QuickPickItem & { readonly fix: string } {
	return {
		label: `${ok ? "$(pass)" : advice ? "$(lightbulb)" : "$(warning)"} ${name}`,
		description: ok ? l10n.t("ok") : advice ? l10n.t("could be better") : l10n.t("needs attention"),
		detail: fix === "" ? detail : `${detail.replace(/\.$/, "")}. ${fix}`,
		fix,
	};
}

/** Check Setup: each part with its state, and its fix a keystroke away. */
import { commands, env, l10n, type QuickPickItem, window, workspace } from "vscode";
import type { Machine, SetupCheck } from "../core/machine.ts";
import { withConnectProgress } from "./connect-progress.ts";
import { stepsSeen } from "./first-steps.ts";
import { SECTION } from "./ids.ts";
import type { RunController } from "./run-controller.ts";
import { readSettings } from "./settings.ts";
import { commandIn } from "./user-errors.ts";

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

async function allChecks(machine: Machine, controller: RunController, signal: AbortSignal): Promise<readonly Check[]> {
	const { model } = readSettings();
	const [models, tools] = await Promise.all([
		withConnectProgress(
			(onProgress) => machine.checkModel(model, onProgress, signal),
			() => undefined,
		),
		toolChecks(controller, signal),
	]);
	stepsSeen([...models, ...tools]);
	return [...models, ...tools].map(({ name, state, detail, fix }) => ({
		name: partName(name),
		ok: state === "ok" || (state === "advice" && fix === ""),
		advice: state === "advice",
		detail,
		fix,
	}));
}

/** Which programs judge a folder; without a folder there is none to judge. */
async function toolChecks(controller: RunController, signal: AbortSignal): Promise<readonly SetupCheck[]> {
	if ((workspace.workspaceFolders ?? []).length === 0)
		return [
			{
				name: "folder",
				state: "missing",
				detail: l10n.t("No folder is open, so there is nothing to lint or to test."),
				fix: l10n.t("Open a Python project, or create the sample project."),
			},
		];
	const tools = await controller.describeTools(signal);
	return tools.map(({ tool, state, detail, fix }) => ({ name: tool, state, detail, fix }));
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
		case "folder":
			return l10n.t("folder");
		case "protocol":
			return l10n.t("protocol");
		default:
			return name;
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

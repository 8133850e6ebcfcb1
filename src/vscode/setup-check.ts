/** Check Setup: each part with its state, and its fix a keystroke away. */
import { l10n, type QuickPickItem, window, workspace } from "vscode";
import type { Machine, SetupCheck } from "../core/machine.ts";
import { withConnectProgress } from "./connect-progress.ts";
import { stepsSeen } from "./first-steps.ts";
import { VIEWS } from "./ids.ts";
import type { RunController } from "./run-controller.ts";
import { readSettings } from "./settings.ts";
import { fixOf, offerFix, type SetupFixParts, wholeText } from "./setup-fix.ts";

/** A line of the list, with the check behind it. */
type CheckItem = QuickPickItem & { readonly check: SetupCheck };

/** Shows the list; a line shows its whole text with its fix as a button, and leads back to the list. */
export async function checkSetup(parts: SetupFixParts): Promise<void> {
	let checks = look(parts);
	for (;;) {
		const chosen = await window.showQuickPick<CheckItem>(
			checks.then((list) => list.map(itemOf)),
			{
				title: l10n.t("Jetbox: Check Setup"),
				placeHolder: l10n.t("Choose a line to read all of it and to fix it"),
				// A person may look elsewhere while something is mended.
				ignoreFocusOut: true,
			},
		);
		if (chosen === undefined) return;
		const { check } = chosen;
		const then = await offerFix({ ...check, name: partName(check.name) }, fixOf(check, await checks), parts);
		if (then === "leave") return;
		if (then === "look-again") checks = look(parts);
	}
}

function look({ machine, controller, signal }: SetupFixParts): Promise<readonly SetupCheck[]> {
	return Promise.resolve(
		window.withProgress({ location: { viewId: VIEWS.sidebar } }, () => allChecks(machine, controller, signal)),
	);
}

async function allChecks(
	machine: Machine,
	controller: RunController,
	signal: AbortSignal,
): Promise<readonly SetupCheck[]> {
	const { model } = readSettings(null);
	const selfTest = new AbortController();
	const [models, tools] = await Promise.all([
		withConnectProgress(
			(onProgress) => machine.checkModel(model, { onProgress, signal: selfTest.signal }, signal),
			() => selfTest.abort(new DOMException("Cancelled.", "AbortError")),
		),
		toolChecks(controller, signal),
	]);
	stepsSeen([...models, ...tools]);
	return [...models, ...tools];
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

function itemOf(check: SetupCheck): CheckItem {
	const { name, state, fix } = check;
	const ok = state === "ok" || (state === "advice" && fix === "");
	const icon = ok ? "$(pass)" : state === "advice" ? "$(lightbulb)" : "$(warning)";
	return {
		label: `${icon} ${partName(name)}`,
		description: ok ? l10n.t("ok") : state === "advice" ? l10n.t("could be better") : l10n.t("needs attention"),
		detail: wholeText(check),
		check,
	};
}

/** Tells how a run ended, only where the person would not see it: the window has not the focus, or the view is hidden. */
import { commands, l10n, window } from "vscode";
import type { Outcome } from "../core/events.ts";
import { plain } from "../core/plain-text.ts";
import { COMMANDS, VIEWS } from "./ids.ts";
import { readSettings } from "./settings.ts";
import { told } from "./told.ts";

/** The notification makes the editor's own signal, where the person has switched that on; Jetbox has no sound of its own. */
export async function announceEnd(outcome: Outcome, hasChanges: boolean, isViewVisible: boolean): Promise<void> {
	const { notify } = readSettings(null);
	const isSeen = isViewVisible && window.state.focused;
	if (notify === "never" || (notify === "auto" && isSeen)) return;
	const review = l10n.t("Review Changes");
	const show = l10n.t("Show Jetbox");
	const words = plain(`Jetbox: ${told(outcome.reason)} ${told(outcome.fix ?? "")}`.trim());
	const buttons = hasChanges ? [review, show] : [show];
	const chosen = await (outcome.kind === "green"
		? window.showInformationMessage(words, ...buttons)
		: window.showWarningMessage(words, ...buttons));
	if (chosen === review) await commands.executeCommand(COMMANDS.showChanges);
	if (chosen === show) await commands.executeCommand(`${VIEWS.sidebar}.focus`);
}

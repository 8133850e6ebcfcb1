/** The status bar's item: model, state and round; a click stops a run, or shows the sidebar. */
import { type Disposable, l10n, StatusBarAlignment, ThemeColor, window } from "vscode";
import type { Timeline } from "../core/timeline.ts";
import { COMMANDS, VIEWS } from "./ids.ts";
import { stateWords, verdictWords } from "./state-words.ts";

export class StatusItem implements Disposable {
	private readonly item = window.createStatusBarItem("jetbox.status", StatusBarAlignment.Left, 0);

	constructor() {
		this.item.name = "Jetbox";
	}

	/**
	 * @param model that the next run would use, or null while unknown
	 * @param remote address of a server that is not this machine, always shown; or null
	 */
	show(timeline: Timeline | null, running: boolean, model: string | null, remote: string | null): void {
		const round = timeline?.rounds.at(-1)?.round ?? 0;
		const state = running
			? l10n.t("round {0}: {1}", Math.max(1, round), stateWords(timeline?.modelState ?? timeline?.state ?? "idle"))
			: timeline?.verdict == null
				? ""
				: verdictWords(timeline.verdict.state);
		const where = remote === null ? "" : `$(globe) ${remote}`;
		const parts = [model ?? timeline?.model ?? "", where, state].filter((part) => part !== "").join(" · ");
		const words = parts.replace("$(globe) ", "");
		this.item.text = `${running ? "$(sync~spin)" : "$(zap)"} Jetbox${parts === "" ? "" : `: ${parts}`}`;
		const action = running ? l10n.t("Stop the run") : l10n.t("Show Jetbox");
		const warning = remote === null ? "" : l10n.t("Prompts go to {0}, which is not this machine.", remote);
		this.item.tooltip = [action, warning].filter((line) => line !== "").join("\n");
		this.item.command = running ? COMMANDS.stop : `${VIEWS.sidebar}.focus`;
		this.item.accessibilityInformation = {
			label: `Jetbox ${words}. ${running ? l10n.t("Press to stop.") : l10n.t("Press to show the view.")}`,
			role: "button",
		};
		this.item.backgroundColor =
			!running && timeline?.outcome?.kind === "failed" ? new ThemeColor("statusBarItem.errorBackground") : undefined;
		this.item.show();
	}

	dispose(): void {
		this.item.dispose();
	}
}

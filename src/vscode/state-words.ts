/** A run's states in the person's language. */
import { l10n } from "vscode";
import type { VerdictState } from "../core/events.ts";
import type { RunSummary } from "../core/run-summary.ts";
import type { Timeline } from "../core/timeline.ts";

export function stateWords(state: Timeline["state"] | NonNullable<Timeline["modelState"]>): string {
	switch (state) {
		case "idle":
			return l10n.t("starting");
		case "probing":
			return l10n.t("lint and tests");
		case "asking":
			return l10n.t("asking the model");
		case "applying":
			return l10n.t("applying the changes");
		case "finished":
			return l10n.t("finished");
		case "connecting":
			return l10n.t("connecting to the model");
		case "loading":
			return l10n.t("the model is loading");
		case "reading":
			return l10n.t("the model reads the prompt");
		case "writing":
			return l10n.t("the model writes");
	}
}

export function verdictWords(state: VerdictState): string {
	switch (state) {
		case "green":
			return l10n.t("green");
		case "affected-green":
			return l10n.t("affected tests pass; full run pending");
		case "failing":
			return l10n.t("failing");
		case "not-run":
			return l10n.t("not run");
	}
}

export function outcomeWords({ outcome, planned }: Pick<RunSummary, "outcome" | "planned">): string {
	if (planned) return l10n.t("planned");
	switch (outcome) {
		case "green":
			return l10n.t("green");
		case "failed":
			return l10n.t("failed");
		case "stopped":
			return l10n.t("stopped");
		case "cancelled":
			return l10n.t("cancelled");
	}
}

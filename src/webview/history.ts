/** The runs of this workspace: to find, to look at again, to run again, to hand on. */
import type { RunSummary } from "../core/run-summary.ts";
import type { HistoryAction } from "../protocol.ts";
import { button, el, section, setText } from "./dom.ts";
import { formatMoment, formatMs, visibleLine } from "./format.ts";
import { type IconName, icon } from "./icon.ts";
import { t, tn } from "./words.ts";

const PAGE = 20;

export function historyView(act: (action: HistoryAction, runId: string) => void): {
	readonly node: HTMLElement;
	/** @param shown the run that is looked at, or null; @param running whether none can be started now */
	update(history: readonly RunSummary[], shown: string | null, running: boolean): void;
} {
	const { node, body } = section(t("History"), "history");
	const search = el("input", {
		type: "search",
		class: "search",
		"aria-label": t("Search the runs"),
		placeholder: t("Search the runs"),
	});
	const count = el("p", { class: "unseen", role: "status" });
	const list = el("ul", { class: "runs" });
	body.append(search, count, list);
	let all: readonly RunSummary[] = [];
	let drawn: readonly unknown[] = [];

	const draw = (shown: string | null, running: boolean) => {
		const words = search.value.trim().toLowerCase();
		const next = [all, shown, running, words];
		if (next.every((value, index) => value === drawn[index])) return;
		if (words !== drawn[3]) setText(count, "");
		drawn = next;
		const found = all.filter((run) => `${run.task} ${run.model} ${outcomeWords(run)}`.toLowerCase().includes(words));
		const items = found.slice(0, PAGE).map((run) => runItem(run, run.runId === shown, running, act));
		const none = el("li", { class: "quiet" }, all.length === 0 ? t("No run yet.") : t("No run has these words."));
		list.replaceChildren(...(items.length > 0 ? items : [none]));
		if (words !== "") setText(count, tn(found.length, "{0} run found", "{0} runs found"));
	};
	let last: readonly [string | null, boolean] = [null, false];
	search.addEventListener("input", () => draw(...last));
	return {
		node,
		update(history, shown, running) {
			all = history;
			last = [shown, running];
			search.hidden = history.length < 3;
			draw(shown, running);
		},
	};
}

function runItem(
	run: RunSummary,
	isShown: boolean,
	running: boolean,
	act: (action: HistoryAction, runId: string) => void,
): HTMLElement {
	const task = visibleLine(run.task, 120);
	const of = (label: string, action: HistoryAction) => {
		const element = button(label, "link", () => act(action, run.runId));
		element.setAttribute("aria-label", `${label}: ${task}`);
		return element;
	};
	const open = button("", "run-open", () => act("show", run.runId));
	if (isShown) open.setAttribute("aria-current", "true");
	const facts = [
		formatMoment(run.startedAt),
		outcomeWords(run),
		tn(run.rounds, "{0} model call", "{0} model calls"),
		formatMs(run.durationMs),
		visibleLine(run.model, 60),
	];
	open.append(
		icon(outcomeIcon(run)),
		el("span", { class: "run-task" }, task),
		el("span", { class: "run-facts" }, facts.filter((fact) => fact !== "").join(" · ")),
	);
	const again = of(t("Run again"), "rerun");
	again.disabled = running;
	const actions = el("div", { class: "run-actions" }, again, of(t("Export"), "export"), of(t("Forget"), "forget"));
	return el("li", { class: isShown ? "is-shown" : "" }, open, actions);
}

function outcomeIcon({ outcome, planned }: RunSummary): IconName {
	if (planned) return "partial";
	return ({ green: "passed", failed: "failed", stopped: "warning", cancelled: "stopped" } as const)[outcome];
}

function outcomeWords({ outcome, planned }: RunSummary): string {
	if (planned) return t("planned");
	switch (outcome) {
		case "green":
			return t("green");
		case "failed":
			return t("failed");
		case "stopped":
			return t("stopped");
		case "cancelled":
			return t("cancelled");
	}
}

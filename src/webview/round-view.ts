/** One round: verdict, bar, and on opening its details. */
import type { RoundEntry } from "../core/timeline.ts";
import { el, setText, slot } from "./dom.ts";
import { formatCount, formatMs } from "./format.ts";
import { type IconName, icon } from "./icon.ts";
import { type Around, type RoundActions, roundDetails } from "./round-details.ts";
import { timeBar } from "./time-bar.ts";
import { t, tn } from "./words.ts";

export interface RoundView {
	readonly node: HTMLLIElement;
	/** Milliseconds that the bar stands for. */
	update(round: RoundEntry, around: Around): number;
	/** Gives the bar its share of the slowest round's. */
	scaleTo(slowestMs: number): void;
	/** Open while the run works on it; somebody's own choice counts more. */
	setCurrent(current: boolean): void;
	/** Opens it, with the focus on its head. */
	open(): void;
}

export function roundView(actions: RoundActions): RoundView {
	const mark = el("span", { class: "mark" });
	const title = el("span", { class: "round-title" });
	const change = el("span", { class: "round-change" });
	const time = el("span", { class: "figure" });
	const bar = timeBar();
	const body = el("div", { class: "round-body" });
	const summary = el("summary", {}, el("span", { class: "round-head" }, mark, title, change, time), bar.node);
	const details = el("details", { class: "round" }, summary, body);
	const node = el("li", {}, details);
	const fillMark = slot(mark);
	const fillBody = roundDetails(body, actions);
	let chosen = false;
	let shown: { readonly round: RoundEntry; readonly around: Around } | null = null;
	const fill = () => {
		if (details.open && shown !== null) fillBody(shown.round, shown.around);
	};
	// A click, not "toggle": that fires for the view's own opening and closing too.
	summary.addEventListener("click", () => {
		chosen = true;
	});
	details.addEventListener("toggle", fill);
	return {
		node,
		update(round, around) {
			shown = { round, around };
			const sign = iconOf(round);
			fillMark([sign], () => [icon(sign)]);
			setText(title, t("Round {0}", round.round));
			setText(change, changeOf(round, around.before));
			setText(time, round.durationMs === null ? "" : formatMs(round.durationMs));
			fill();
			return bar.update(round, around.now);
		},
		scaleTo: bar.scaleTo,
		setCurrent(current) {
			if (!chosen && details.open !== current) details.open = current;
			fill();
		},
		open() {
			chosen = true;
			details.open = true;
			fill();
			summary.focus({ preventScroll: true });
			node.scrollIntoView({ block: "nearest" });
		},
	};
}

function iconOf({ verdict, durationMs }: RoundEntry): IconName {
	if (verdict === null) return durationMs === null ? "running" : "not-run";
	const icons = { green: "passed", "affected-green": "partial", failing: "failed", "not-run": "not-run" } as const;
	return icons[verdict.state];
}

function changeOf({ verdict, durationMs }: RoundEntry, before: RoundEntry | null): string {
	if (verdict === null) return durationMs === null ? t("probing") : t("no verdict");
	if (verdict.state === "not-run") return t("not run");
	if (verdict.state === "affected-green") return t("affected tests pass; full run pending");
	const now = tn(verdict.findings, "{0} problem", "{0} problems");
	const earlier = before?.verdict ?? null;
	return earlier === null || earlier.state === "not-run" ? now : `${formatCount(earlier.findings)} → ${now}`;
}

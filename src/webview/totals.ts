/** Where the run's time went, as a table that is the bars' legend too. */
import type { RoundEntry, Timeline } from "../core/timeline.ts";
import { el, section, slot } from "./dom.ts";
import { formatMs, formatShare } from "./format.ts";
import { TIME_PARTS, type TimePart, timePartsOf } from "./time-parts.ts";

const WORDS: Readonly<Record<TimePart, string>> = {
	ruff: "lint",
	pytest: "tests",
	context: "prompt built",
	load: "model into memory",
	prefill: "prompt read",
	decode: "answer written",
	tools: "edits and reads",
};

export function totalsView(): { readonly node: HTMLElement; update(timeline: Timeline): void } {
	const { node, body } = section("Where the time went", "totals");
	const fill = slot(body);
	return {
		node,
		update({ rounds, totals }) {
			const done = rounds.filter(({ phases }) => phases !== null);
			node.hidden = done.length === 0;
			// Totals change only when a round ends: no other event rebuilds the table.
			fill([totals], () => [table(done)]);
		},
	};
}

function table(rounds: readonly RoundEntry[]): HTMLElement {
	const each = rounds.map(timePartsOf);
	const sums = TIME_PARTS.map((part) => ({ part, ms: each.reduce((sum, parts) => sum + parts[part], 0) }));
	const wall = rounds.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
	const longest = Math.max(1, ...sums.map(({ ms }) => ms));
	const rows = sums.map(({ part, ms }) => {
		const meter = el("span", { class: `meter part-${part}`, "aria-hidden": "true" });
		meter.style.width = `${(ms / longest) * 100}%`;
		const name = el("th", { scope: "row" }, el("span", { class: `swatch part-${part}`, "aria-hidden": "true" }), part);
		return el(
			"tr",
			{},
			name,
			el("td", { class: "words" }, WORDS[part]),
			el("td", { class: "meter-cell" }, meter),
			el("td", { class: "figure" }, formatMs(ms)),
			el("td", { class: "figure share" }, formatShare(ms, wall)),
		);
	});
	const heads = [
		el("th", { scope: "col" }, "Part"),
		el("th", { scope: "col", class: "words" }, "What"),
		el("td", { class: "meter-cell" }),
		el("th", { scope: "col", class: "figure" }, "Time"),
		el("th", { scope: "col", class: "figure share" }, "Share"),
	];
	const foot = el(
		"tr",
		{},
		el("th", { scope: "row" }, "All rounds"),
		el("td", { class: "words" }, "ruff and pytest overlap"),
		el("td", { class: "meter-cell" }),
		el("td", { class: "figure" }, formatMs(wall)),
		el("td", { class: "figure share" }),
	);
	return el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows), el("tfoot", {}, foot));
}

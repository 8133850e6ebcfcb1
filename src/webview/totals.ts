/** Where the run's time went, as a table that is the bars' legend too, and what it is to be compared with. */
import { askedRounds, type RunSummary, sequentialProbes } from "../core/run-summary.ts";
import type { RoundEntry, Timeline } from "../core/timeline.ts";
import { el, section, slot } from "./dom.ts";
import { decimal, formatMs, formatShare, visibleLine } from "./format.ts";
import { partName, partWords, TIME_PARTS, timePartsOf } from "./time-parts.ts";
import { t, tn } from "./words.ts";

/** Below this, two times are the same to a person. */
const SAME_SHARE = 0.03;

export function totalsView(): {
	readonly node: HTMLElement;
	/** @param previous the finished run before this one, or null */
	update(timeline: Timeline, previous: RunSummary | null): void;
} {
	const { node, body } = section(t("Where the time went"), "totals");
	const fill = slot(body);
	return {
		node,
		update(timeline, previous) {
			const { rounds, totals, outcome } = timeline;
			const done = rounds.filter(({ phases }) => phases !== null);
			node.hidden = done.length === 0;
			// Totals change only when a round ends: no other event rebuilds the table.
			fill([totals, outcome, previous], () => [
				table(done),
				...sequentialWords(timeline),
				...(previous === null || outcome === null || !askedModel(timeline) ? [] : previousWords(timeline, previous)),
			]);
		},
	};
}

function table(rounds: readonly RoundEntry[]): HTMLElement {
	const each = rounds.map(timePartsOf);
	const sums = TIME_PARTS.map((part) => ({ part, ms: each.reduce((sum, parts) => sum + parts[part], 0) })).filter(
		// Most runs ask nothing.
		({ part, ms }) => part !== "you" || ms > 0,
	);
	const wall = rounds.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
	const longest = Math.max(1, ...sums.map(({ ms }) => ms));
	const rows = sums.map(({ part, ms }) => {
		const meter = el("span", { class: `meter part-${part}`, "aria-hidden": "true" });
		meter.style.width = `${(ms / longest) * 100}%`;
		const swatch = el("span", { class: `swatch part-${part}`, "aria-hidden": "true" });
		return el(
			"tr",
			{},
			el("th", { scope: "row" }, swatch, partName(part)),
			el("td", { class: "words" }, partWords(part)),
			el("td", { class: "meter-cell" }, meter),
			el("td", { class: "figure" }, formatMs(ms)),
			el("td", { class: "figure share" }, formatShare(ms, wall)),
		);
	});
	const heads = [
		el("th", { scope: "col" }, t("Part")),
		el("th", { scope: "col", class: "words" }, t("What")),
		el("td", { class: "meter-cell" }),
		el("th", { scope: "col", class: "figure" }, t("Time")),
		el("th", { scope: "col", class: "figure share" }, t("Share")),
	];
	const foot = el(
		"tr",
		{},
		el("th", { scope: "row" }, t("All rounds")),
		el("td", { class: "words" }, t("ruff and pytest overlap")),
		el("td", { class: "meter-cell" }),
		el("td", { class: "figure" }, formatMs(wall)),
		el("td", { class: "figure share" }),
	);
	return el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows), el("tfoot", {}, foot));
}

function sequentialWords(timeline: Timeline): readonly HTMLElement[] {
	const compared = sequentialProbes(timeline);
	if (compared === null) return [];
	const { tookMs, sequentialMs, measured } = compared;
	const words = t(
		"Probes took {0}. Without cache and selection, one after the other, they would have taken about {1}.",
		formatMs(tookMs),
		formatMs(sequentialMs),
	);
	const source = tn(
		measured,
		"Reckoned from the {0} full probe that was measured in this run.",
		"Reckoned from the {0} full probes that were measured in this run.",
	);
	return [el("p", { class: "comparison" }, words, " ", el("span", { class: "quiet" }, source))];
}

/** A run that had nothing to do is no match for one that had. */
function askedModel({ rounds }: Timeline): boolean {
	return rounds.some(({ model }) => model !== null);
}

function previousWords({ durationMs, rounds, task }: Timeline, previous: RunSummary): readonly HTMLElement[] {
	const count = tn(previous.rounds, "{0} model call", "{0} model calls");
	const how =
		previous.task.trim() === task.trim()
			? t("The run before, of the same task: {0} in {1}.", count, formatMs(previous.durationMs))
			: t("The run before ({0}): {1} in {2}.", visibleLine(previous.task, 60), count, formatMs(previous.durationMs));
	return [
		el(
			"p",
			{ class: "comparison" },
			how,
			" ",
			ratioWords(durationMs, previous.durationMs),
			" ",
			callWords(askedRounds(rounds), previous.rounds),
		),
	];
}

function ratioWords(now: number, before: number): string {
	if (now <= 0 || before <= 0 || Math.abs(now - before) / before < SAME_SHARE) return t("This one took as long.");
	return now < before
		? t("This one was {0} times as fast.", decimal(before / now))
		: t("This one took {0} times as long.", decimal(now / before));
}

function callWords(now: number, before: number): string {
	if (now === before) return t("Both took as many model calls.");
	return now < before
		? tn(before - now, "It took {0} model call fewer.", "It took {0} model calls fewer.")
		: tn(now - before, "It took {0} model call more.", "It took {0} model calls more.");
}

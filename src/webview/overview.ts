/** The whole run on one scale: every round at its place, four lanes, an axis. The rounds' list says the same in words. */
import type { RoundEntry } from "../core/timeline.ts";
import { el, section, setText } from "./dom.ts";
import { formatMs } from "./format.ts";
import { roundLanes } from "./lanes.ts";
import { LANES, type Lane } from "./segments.ts";
import { t } from "./words.ts";

interface Drawn {
	readonly node: HTMLElement;
	readonly lanes: ReturnType<typeof roundLanes>;
}

const TICKS = 4;
/** What the width of all spans stands for, on any scale. */
const SPAN_MS = 1_000;

/** @param show opens a round in the list */
export function overviewView(show: (round: number) => void): {
	readonly node: HTMLElement;
	update(runId: string, rounds: readonly RoundEntry[], now: number): void;
} {
	const { node, body } = section(t("Timeline"), "overview");
	const spans = el("div", { class: "round-spans" });
	const plot = el("div", { class: "plot" }, spans);
	const names = el("div", { class: "lane-names" }, ...LANES.map((lane) => el("span", {}, laneName(lane))));
	const ticks = Array.from({ length: TICKS + 1 }, () => el("span"));
	const axis = el("div", { class: "axis" }, ...ticks);
	body.append(el("div", { class: "chart", "aria-hidden": "true" }, names, plot, axis));
	let drawn = new Map<number, Drawn>();
	let drawnRun = "";
	let scaleMs = 0;
	plot.addEventListener("click", ({ target }) => {
		const round = target instanceof Element ? target.closest<HTMLElement>("[data-round]")?.dataset["round"] : undefined;
		if (round !== undefined) show(Number(round));
	});

	const place = (round: RoundEntry, now: number) => {
		const known = drawn.get(round.round) ?? addRound(round);
		const ms = known.lanes.update(round, now);
		known.node.style.left = `${(round.startedAt / SPAN_MS) * 100}%`;
		known.node.style.width = `${(ms / SPAN_MS) * 100}%`;
	};
	const addRound = (round: RoundEntry): Drawn => {
		const lanes = roundLanes();
		const span = el("div", { class: "round-span", "data-round": String(round.round) }, lanes.node);
		span.title = t("Round {0}", round.round);
		const added = { node: span, lanes };
		spans.append(span);
		drawn.set(round.round, added);
		return added;
	};
	const rescale = (now: number) => {
		const wanted = niceCeiling(now);
		if (wanted === scaleMs) return;
		scaleMs = wanted;
		// One width, of which each round has its share: a property that the rounds inherit would restyle all of them.
		spans.style.width = `${(SPAN_MS / scaleMs) * 100}%`;
		for (const [index, tick] of ticks.entries()) setText(tick, formatMs((scaleMs / TICKS) * index));
	};
	let shown: readonly RoundEntry[] = [];
	return {
		node,
		update(runId, rounds, now) {
			node.hidden = rounds.length === 0;
			if (runId !== drawnRun || rounds.length < drawn.size) {
				drawn = new Map();
				drawnRun = runId;
				shown = [];
				spans.replaceChildren();
			}
			for (const [index, round] of rounds.entries()) {
				if (round !== shown[index] || round.durationMs === null) place(round, now);
			}
			shown = rounds;
			rescale(now);
		},
	};
}

function laneName(lane: Lane): string {
	switch (lane) {
		case "ruff":
			return "ruff";
		case "pytest":
			return "pytest";
		case "model":
			return t("model");
		case "work":
			return t("tools");
	}
}

const MINUTE_MS = 60_000;
/** Whose quarters are read as easily. */
const MINUTES = [1, 2, 4, 8, 12, 20, 40, 60, 120] as const;
const FOUR_HOURS_MS = 240 * MINUTE_MS;

/** The next 1, 2, 4, 6, 8 or 10 times a power of ten, or so many minutes: the scale changes seldom. */
function niceCeiling(ms: number): number {
	if (ms > 0.6 * MINUTE_MS) {
		const minutes = MINUTES.find((count) => count * MINUTE_MS >= ms);
		return minutes === undefined ? Math.ceil(ms / FOUR_HOURS_MS) * FOUR_HOURS_MS : minutes * MINUTE_MS;
	}
	const power = 10 ** Math.floor(Math.log10(Math.max(ms, 10)));
	return ([1, 2, 4, 6, 8].find((factor) => factor * power >= ms) ?? 10) * power;
}

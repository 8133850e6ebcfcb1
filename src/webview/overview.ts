/** The whole run on one scale: every round at its place, four lanes, an axis. The rounds' list says the same in words. */
import type { RoundEntry } from "../core/timeline.ts";
import { el, section, setText } from "./dom.ts";
import { formatMs } from "./format.ts";
import { plotView } from "./plot.ts";
import { LANES, type Lane } from "./segments.ts";
import { t } from "./words.ts";

const TICKS = 4;

/** @param show opens a round in the list */
export function overviewView(show: (round: number) => void): {
	readonly node: HTMLElement;
	/** @param now milliseconds since the run began */
	update(rounds: readonly RoundEntry[], now: number): void;
} {
	const { node, body } = section(t("Timeline"), "overview");
	const plot = plotView(show);
	const names = el("div", { class: "lane-names" }, ...LANES.map((lane) => el("span", {}, laneName(lane))));
	const ticks = Array.from({ length: TICKS + 1 }, () => el("span"));
	const axis = el("div", { class: "axis" }, ...ticks);
	body.append(el("div", { class: "chart", "aria-hidden": "true" }, names, plot.node, axis));
	return {
		node,
		update(rounds, now) {
			node.hidden = rounds.length === 0;
			const scaleMs = niceCeiling(now);
			plot.update(rounds, now, scaleMs);
			for (const [index, tick] of ticks.entries()) setText(tick, formatMs((scaleMs / TICKS) * index));
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

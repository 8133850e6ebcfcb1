/** Where the rounds' parts went on, as paths on one scale: what is cut out of each strip of the plot. */
import type { RoundEntry } from "../core/timeline.ts";
import { roundMs, segmentsOf } from "./segments.ts";

/** The path's text by the classes of its strip. */
export type Cuts = ReadonlyMap<string, string>;

/** In px, as the strips are in styles/timeline.css. */
const LANE_HEIGHT = 10;
const PLOT_HEIGHT = 56;
/** Rounds are told apart by bands and lines where these leave room for what went on in them. */
const MIN_ROUND_WIDTH = 6;

/** A round that is over keeps its paths for as long as the scale stays. */
export function plotCuts(): (rounds: readonly RoundEntry[], now: number, pxPerMs: number) => Cuts {
	let known = new WeakMap<RoundEntry, Cuts>();
	let knownScale = 0;

	const cutsOf = (round: RoundEntry, now: number, pxPerMs: number): Cuts => {
		const last = known.get(round);
		if (last !== undefined) return last;
		const segments = segmentsOf(round, now);
		const cuts = new Map<string, string>();
		for (const { lane, part, startMs, durationMs, running } of segments) {
			const strip = `lane-${lane} part-${part}${running ? " is-running" : ""}`;
			add(cuts, strip, rectangle((round.startedAt + startMs) * pxPerMs, durationMs * pxPerMs, LANE_HEIGHT));
		}
		if (round.durationMs !== null && segments.every(({ running }) => !running)) known.set(round, cuts);
		return cuts;
	};
	return (rounds, now, pxPerMs) => {
		if (pxPerMs !== knownScale) known = new WeakMap();
		knownScale = pxPerMs;
		const cuts = new Map<string, string>();
		if (rounds.length * MIN_ROUND_WIDTH <= now * pxPerMs) addSpans(cuts, rounds, now, pxPerMs);
		for (const round of rounds) {
			for (const [strip, path] of cutsOf(round, now, pxPerMs)) add(cuts, strip, path);
		}
		return cuts;
	};
}

/** Where each round begins, and a band for every other one. */
function addSpans(cuts: Map<string, string>, rounds: readonly RoundEntry[], now: number, pxPerMs: number): void {
	for (const [index, round] of rounds.entries()) {
		const left = round.startedAt * pxPerMs;
		if (index % 2 === 1) add(cuts, "round-band", rectangle(left, roundMs(round, now) * pxPerMs, PLOT_HEIGHT));
		add(cuts, "round-start", rectangle(left, 1, PLOT_HEIGHT));
	}
}

function add(cuts: Map<string, string>, strip: string, path: string): void {
	cuts.set(strip, (cuts.get(strip) ?? "") + path);
}

/** From the strip's top; what took time at all is seen. */
function rectangle(left: number, width: number, height: number): string {
	const seen = Math.max(1, width).toFixed(2);
	return `M${left.toFixed(2)} 0h${seen}v${height}h-${seen}z`;
}

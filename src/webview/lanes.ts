/** A round's segments drawn to scale, lane above lane, so that what ran side by side is seen side by side. */
import type { RoundEntry } from "../core/timeline.ts";
import { el } from "./dom.ts";
import { LANES, roundMs, segmentsOf } from "./segments.ts";

/** The node is as wide as the round is long; who shows it decides that width. */
export function roundLanes(): { readonly node: HTMLElement; update(round: RoundEntry, now: number): number } {
	const lanes = LANES.map((lane) => el("span", { class: `lane lane-${lane}` }));
	const node = el("span", { class: "lanes" }, ...lanes);
	let drawn: RoundEntry | null = null;
	let drawnMs = 0;
	return {
		node,
		update(round, now) {
			const ms = roundMs(round, now);
			if (round === drawn && ms === drawnMs) return ms;
			drawn = round;
			drawnMs = ms;
			const spans = new Map<string, HTMLElement[]>(LANES.map((lane) => [lane, []]));
			for (const { lane, part, startMs, durationMs, running } of segmentsOf(round, now)) {
				const span = el("span", { class: `segment part-${part}${running ? " is-running" : ""}` });
				const left = Math.min(100, (startMs / ms) * 100);
				span.style.left = `${left}%`;
				span.style.width = `${Math.min(100 - left, (durationMs / ms) * 100)}%`;
				spans.get(lane)?.push(span);
			}
			for (const [index, lane] of LANES.entries()) lanes[index]?.replaceChildren(...(spans.get(lane) ?? []));
			return ms;
		},
	};
}

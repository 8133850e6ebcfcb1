/** A round's time as a bar: its lanes to the scale of the slowest round. */
import type { RoundEntry } from "../core/timeline.ts";
import { el } from "./dom.ts";
import { roundLanes } from "./lanes.ts";

/** `--ms` against the list's `--slowest` makes the width, so a new slowest round rescales all with one write. */
export function timeBar(): { readonly node: HTMLElement; update(round: RoundEntry, now: number): number } {
	const lanes = roundLanes();
	const fill = el("span", { class: "bar-fill" }, lanes.node);
	const node = el("span", { class: "bar", "aria-hidden": "true" }, fill);
	return {
		node,
		update(round, now) {
			const ms = lanes.update(round, now);
			fill.style.setProperty("--ms", String(ms));
			return ms;
		},
	};
}

/** A round's time as a bar: its lanes to the scale of the slowest round. */
import type { RoundEntry } from "../core/timeline.ts";
import { el } from "./dom.ts";
import { roundLanes } from "./lanes.ts";

export interface TimeBar {
	readonly node: HTMLElement;
	/** Milliseconds that the bar stands for. */
	update(round: RoundEntry, now: number): number;
	/** A property that the bars inherit would restyle all rounds, so each is told. */
	scaleTo(slowestMs: number): void;
}

export function timeBar(): TimeBar {
	const lanes = roundLanes();
	const fill = el("span", { class: "bar-fill" }, lanes.node);
	const node = el("span", { class: "bar", "aria-hidden": "true" }, fill);
	let ms = 0;
	let drawn = "";
	return {
		node,
		update(round, now) {
			ms = lanes.update(round, now);
			return ms;
		},
		scaleTo(slowestMs) {
			const width = `${((ms / slowestMs) * 100).toFixed(2)}%`;
			if (width !== drawn) fill.style.width = width;
			drawn = width;
		},
	};
}

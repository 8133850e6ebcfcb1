/**
 * What the model is writing, in a box of fixed height that follows the end, a few times a second: words that appear one by
 * one pull the eye. Too much for a screen reader: hidden from it.
 */
import type { Timeline } from "../core/timeline.ts";
import { el, setText } from "./dom.ts";
import { visible } from "./format.ts";

const CALM_MS = 250;

export function liveText(): { readonly node: HTMLElement; update(timeline: Timeline | null, running: boolean): void } {
	const text = el("pre", { class: "live-text", "aria-hidden": "true" });
	let waiting = "";
	let timer = 0;
	const write = () => {
		timer = 0;
		setText(text, visible(waiting));
		text.scrollTop = text.scrollHeight;
	};
	return {
		node: text,
		update(timeline, running) {
			text.hidden = !running || timeline === null || timeline.rounds.every(({ model }) => model === null);
			// Between two answers the last one stays: an emptied box would flicker.
			if (timeline === null || text.hidden || timeline.liveText === "" || timeline.liveText === waiting) return;
			waiting = timeline.liveText;
			if (timer === 0) timer = window.setTimeout(write, text.textContent === "" ? 0 : CALM_MS);
		},
	};
}

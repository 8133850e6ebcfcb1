/** What the model is writing, in a box of fixed height that follows the end. Too much for a screen reader: hidden from it. */
import type { Timeline } from "../core/timeline.ts";
import { el, setText } from "./dom.ts";
import { visible } from "./format.ts";

export function liveText(): { readonly node: HTMLElement; update(timeline: Timeline | null, running: boolean): void } {
	const text = el("pre", { class: "live-text", "aria-hidden": "true" });
	return {
		node: text,
		update(timeline, running) {
			text.hidden = !running || timeline === null || timeline.rounds.every(({ model }) => model === null);
			// Between two answers the last one stays: an emptied box would flicker.
			if (timeline === null || text.hidden || timeline.liveText === "") return;
			setText(text, visible(timeline.liveText));
			text.scrollTop = text.scrollHeight;
		},
	};
}

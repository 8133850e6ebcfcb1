/** One notice of a run; its icon warns only where there is something to heed. */
import type { Notice } from "../core/timeline.ts";
import { el } from "./dom.ts";
import { visible } from "./format.ts";
import { icon } from "./icon.ts";
import { told } from "./words.ts";

export function noticeLine({ level, message }: Notice): HTMLElement {
	return el("p", { class: "notice" }, icon(level), visible(told(message)));
}

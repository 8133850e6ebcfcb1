/** A round's time as a bar. The probes run side by side, so they are drawn one above the other. */
import type { RoundEntry } from "../core/timeline.ts";
import { el } from "./dom.ts";
import { type TimePart, timePartsOf, wallMsOf } from "./time-parts.ts";

/** `--ms` against the list's `--slowest` makes the width, so a new slowest round rescales all with one write. */
export function timeBar(): { readonly node: HTMLElement; update(round: RoundEntry): number } {
	const segments = {
		probe: el("span", { class: "segment probe" }),
		ruff: el("span", { class: "lane part-ruff" }),
		pytest: el("span", { class: "lane part-pytest" }),
		context: el("span", { class: "segment part-context" }),
		load: el("span", { class: "segment part-load" }),
		prefill: el("span", { class: "segment part-prefill" }),
		decode: el("span", { class: "segment part-decode" }),
		tools: el("span", { class: "segment part-tools" }),
		rest: el("span", { class: "segment rest" }),
	};
	segments.probe.append(segments.ruff, segments.pytest);
	const { probe, context, load, prefill, decode, tools, rest } = segments;
	const fill = el("span", { class: "bar-fill" }, probe, context, load, prefill, decode, tools, rest);
	const node = el("span", { class: "bar", "aria-hidden": "true" }, fill);

	const grow = (element: HTMLElement, ms: number) => {
		element.hidden = ms <= 0;
		element.style.flexGrow = String(ms);
	};
	return {
		node,
		update(round) {
			const parts = timePartsOf(round);
			const longer = Math.max(parts.ruff, parts.pytest);
			const wall = wallMsOf(round, parts);
			const probeMs = Math.max(longer, round.phases?.probe ?? 0);
			fill.style.setProperty("--ms", String(wall));
			grow(probe, probeMs);
			for (const lane of ["ruff", "pytest"] as const) {
				segments[lane].style.width = `${probeMs > 0 ? Math.min(100, (parts[lane] / probeMs) * 100) : 0}%`;
			}
			const single: readonly TimePart[] = ["context", "load", "prefill", "decode", "tools"];
			for (const part of single) grow(segments[part], parts[part]);
			grow(rest, Math.max(0, wall - probeMs - single.reduce((sum, part) => sum + parts[part], 0)));
			return wall;
		},
	};
}

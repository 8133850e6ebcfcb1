/**
 * The run's segments on one scale: a strip for each part, cut out where the part went on. Two hundred rounds are a dozen elements, so
 * another round, or another scale, lays nothing out.
 */
import type { RoundEntry } from "../core/timeline.ts";
import { el } from "./dom.ts";
import { plotCuts } from "./plot-cuts.ts";
import { roundMs } from "./segments.ts";
import { t } from "./words.ts";

export interface Plot {
	readonly node: HTMLElement;
	/** @param now milliseconds since the run began; @param scaleMs what the plot's width stands for */
	update(rounds: readonly RoundEntry[], now: number, scaleMs: number): void;
}

/** @param show opens a round in the list */
export function plotView(show: (round: number) => void): Plot {
	const pointed = el("div", { class: "round-pointed" });
	const node = el("div", { class: "plot" }, pointed);
	const cutsOf = plotCuts();
	const cutStrip = stripsOf(node);
	let rounds: readonly RoundEntry[] = [];
	let now = 0;
	let scaleMs = 1;
	let width = 0;

	const draw = () => {
		if (width > 0) cutStrip(cutsOf(rounds, now, width / scaleMs));
	};
	const point = (round: RoundEntry | undefined) => {
		pointed.hidden = round === undefined;
		node.title = round === undefined ? "" : t("Round {0}", round.round);
		if (round === undefined) return;
		pointed.style.left = `${(round.startedAt / scaleMs) * 100}%`;
		pointed.style.width = `${(roundMs(round, now) / scaleMs) * 100}%`;
	};
	const roundAt = ({ clientX }: MouseEvent) => {
		const ms = ((clientX - node.getBoundingClientRect().left) / width) * scaleMs;
		return rounds.findLast((round) => round.startedAt <= ms && ms <= round.startedAt + roundMs(round, now));
	};
	point(undefined);
	new ResizeObserver(([entry]) => {
		width = entry?.contentRect.width ?? 0;
		draw();
	}).observe(node);
	node.addEventListener("pointermove", (event) => point(roundAt(event)));
	node.addEventListener("pointerleave", () => point(undefined));
	node.addEventListener("click", (event) => {
		const round = roundAt(event);
		if (round !== undefined) show(round.round);
	});
	return {
		node,
		update(nextRounds, nextNow, nextScaleMs) {
			const isSame = nextRounds === rounds && nextNow === now && nextScaleMs === scaleMs;
			rounds = nextRounds;
			now = nextNow;
			scaleMs = nextScaleMs;
			if (!isSame) draw();
		},
	};
}

/** Strips by their classes, each made when it is first needed; those of the rounds lie beneath the others. */
function stripsOf(plot: HTMLElement): (cuts: ReadonlyMap<string, string>) => void {
	const strips = new Map<string, HTMLElement>();
	const addStrip = (name: string) => {
		const strip = el("div", { class: `strip ${name}` });
		plot.insertBefore(strip, name.startsWith("round-") ? plot.firstChild : null);
		strips.set(name, strip);
		return strip;
	};
	return (cuts) => {
		for (const name of cuts.keys()) if (!strips.has(name)) addStrip(name);
		for (const [name, strip] of strips) {
			const path = cuts.get(name);
			strip.hidden = path === undefined;
			if (path !== undefined) strip.style.clipPath = `path("${path}")`;
		}
	};
}

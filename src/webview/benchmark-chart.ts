/** Time to green against speed: the lower and the further right, the better. Every point is a figure of the table, too. */
import type { BenchmarkRow } from "../core/benchmark/table.ts";
import type { BenchmarkWords } from "../protocol.ts";
import { el } from "./dom.ts";
import { formatMs, visibleLine } from "./format.ts";
import { currentFormats } from "./words.ts";

const WIDTH = 960;
const HEIGHT = 320;
const MARGIN = { left: 64, right: 24, top: 20, bottom: 44 };
const TICKS = 4;
const RADIUS = 6;
const LABEL_GAP = 11;
const LABEL_LINE = 15;

interface Point {
	readonly row: BenchmarkRow;
	readonly x: number;
	readonly y: number;
	readonly low: number;
	readonly high: number;
}

/** The picture with its words; only the words where no model has both figures. */
export function benchmarkChart(rows: readonly BenchmarkRow[], words: BenchmarkWords): HTMLElement {
	const points = pointsOf(rows);
	if (points.length === 0) return el("p", { class: "quiet" }, words.chartEmpty);
	const maxX = niceCeiling(Math.max(...points.map(({ x }) => x)));
	const maxY = niceCeiling(Math.max(...points.map(({ high }) => high)));
	const toX = (value: number) => MARGIN.left + (value / maxX) * (WIDTH - MARGIN.left - MARGIN.right);
	const toY = (value: number) => HEIGHT - MARGIN.bottom - (value / maxY) * (HEIGHT - MARGIN.top - MARGIN.bottom);
	const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "picture", role: "img" });
	picture.setAttribute("aria-label", `${words.chart}. ${points.map((point) => pointWords(point, words)).join(" ")}`);
	for (let tick = 0; tick <= TICKS; tick += 1) {
		const x = (maxX / TICKS) * tick;
		const y = (maxY / TICKS) * tick;
		picture.append(
			svg("line", { class: "grid", x1: toX(0), x2: toX(maxX), y1: toY(y), y2: toY(y) }),
			svg(
				"text",
				{ class: "tick", x: MARGIN.left - 8, y: toY(y) + 4, "text-anchor": "end" },
				y === 0 ? "0" : formatMs(y * 1000),
			),
			svg("text", { class: "tick", x: toX(x), y: HEIGHT - MARGIN.bottom + 18, "text-anchor": "middle" }, short(x)),
		);
	}
	picture.append(
		svg("text", { class: "axis", x: toX(maxX), y: HEIGHT - 8, "text-anchor": "end" }, `${words.writing} →`),
		svg("text", { class: "axis", x: MARGIN.left + 6, y: MARGIN.top - 6 }, `↑ ${words.timeToGreen}`),
	);
	const taken: { readonly x: number; readonly y: number }[] = [];
	for (const point of points) picture.append(...drawn(point, toX, toY, taken));
	const legend = el(
		"p",
		{ class: "legend quiet" },
		el("span", { class: "key key-ranked", "aria-hidden": "true" }, "●"),
		` ${words.ranked}   `,
		el("span", { class: "key key-unranked", "aria-hidden": "true" }, "○"),
		` ${words.unranked}. ${words.chartHelp}`,
	);
	return el(
		"figure",
		{},
		el("div", { class: "frame", tabindex: "0", role: "group", "aria-label": words.chart }, picture),
		el("figcaption", {}, legend),
	);
}

function pointsOf(rows: readonly BenchmarkRow[]): readonly Point[] {
	return rows.flatMap((row) => {
		const { timeToGreenMs: time, writePerSecond: speed } = row;
		if (time === null || speed === null) return [];
		return [{ row, x: speed.median, y: time.median / 1000, low: time.min / 1000, high: time.max / 1000 }];
	});
}

/** The range as a line, the median as a mark, the name beside it where nothing else stands. */
function drawn(
	{ row, x, y, low, high }: Point,
	toX: (value: number) => number,
	toY: (value: number) => number,
	taken: { readonly x: number; readonly y: number }[],
): readonly SVGElement[] {
	const kind = row.rank === null ? "unranked" : "ranked";
	const cx = toX(x);
	const onLeft = cx > WIDTH * 0.7;
	let textY = toY(y) + 4;
	while (taken.some((other) => Math.abs(other.y - textY) < LABEL_LINE && Math.abs(other.x - cx) < WIDTH / 3))
		textY -= LABEL_LINE;
	taken.push({ x: cx, y: textY });
	const label = row.rank === null ? visibleLine(row.model, 40) : `${row.rank}. ${visibleLine(row.model, 40)}`;
	return [
		svg("line", { class: `range ${kind}`, x1: cx, x2: cx, y1: toY(low), y2: toY(high) }),
		svg("circle", { class: `point ${kind}`, cx, cy: toY(y), r: RADIUS }),
		svg(
			"text",
			{
				class: "name",
				x: cx + (onLeft ? -LABEL_GAP : LABEL_GAP),
				y: textY,
				"text-anchor": onLeft ? "end" : "start",
			},
			label,
		),
	];
}

function pointWords({ row, x, y }: Point, words: BenchmarkWords): string {
	return `${visibleLine(row.model)}: ${words.timeToGreen} ${formatMs(y * 1000)}, ${short(x)} ${words.perSecond}.`;
}

/** 1, 2, 2.5 or 5 times a power of ten, so that the axis ends at a figure one can read. */
function niceCeiling(value: number): number {
	const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-3)));
	const step = [1, 2, 2.5, 4, 5, 8, 10].find((candidate) => candidate * power >= value * 1.05) ?? 10;
	return step * power;
}

function short(value: number): string {
	const { whole, tenths } = currentFormats();
	return (value >= 10 || value === 0 ? whole : tenths).format(value);
}

function svg(tag: string, attributes: Readonly<Record<string, string | number>>, text = ""): SVGElement {
	const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
	for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
	if (text !== "") element.textContent = text;
	return element;
}

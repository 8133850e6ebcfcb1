/** The benchmark's two tables: the classic one for everybody, and one with every figure, its spread and its number of samples. */
import type { BenchmarkRow, Share, Spread } from "../core/benchmark/table.ts";
import type { BenchmarkWords } from "../protocol.ts";
import { el } from "./dom.ts";
import { formatMs, visibleLine } from "./format.ts";
import { currentFormats } from "./words.ts";

const NOTHING = "–";
const GIGABYTE = 1e9;

/** Simple question, tool call, tool support, and for whom each model fits. */
export function overviewTable(rows: readonly BenchmarkRow[], words: BenchmarkWords): HTMLElement {
	const head = [words.model, words.simple, words.toolCall, words.toolSupport, words.forWhom];
	return table(
		head,
		rows.map((row) => [
			modelCell(row),
			timeCell(row.simpleMs),
			timeCell(row.toolMs),
			el("td", {}, el("span", { class: "badge" }, row.protocol), meter(row.valid)),
			el("td", { class: `fits fits-${row.fitsFor}` }, mark(row), words[row.fitsFor]),
		]),
	);
}

/** Everything that was measured. */
export function detailTable(rows: readonly BenchmarkRow[], words: BenchmarkWords): HTMLElement {
	const head = [
		words.model,
		words.rank,
		words.green,
		words.timeToGreen,
		words.rounds,
		words.right,
		words.files,
		words.restraint,
		words.firstToken,
		words.reading,
		words.writing,
		words.coldStart,
		words.prefix,
		words.memory,
		words.context,
		words.change,
	];
	return table(
		head,
		rows.map((row) => [
			el("th", { scope: "row" }, visibleLine(row.model)),
			figure(row.rank === null ? NOTHING : String(row.rank)),
			el("td", { class: "figure" }, pips(row.green)),
			timeCell(row.timeToGreenMs),
			figure(row.rounds === null ? NOTHING : String(row.rounds)),
			shareCell(row.right),
			shareCell(row.files),
			shareCell(row.restraint),
			timeCell(row.firstTokenMs),
			rateCell(row.readPerSecond),
			rateCell(row.writePerSecond),
			figure(row.coldStartMs === null ? NOTHING : formatMs(row.coldStartMs)),
			figure(row.prefixKept === null ? NOTHING : row.prefixKept ? words.prefixKept : words.prefixLost),
			figure(memoryOf(row)),
			figure(row.contextLength > 0 ? String(row.contextLength) : NOTHING),
			figure(changeOf(row)),
		]),
	);
}

/** What must be known to read the figures; null where there is nothing. */
export function notesList(rows: readonly BenchmarkRow[]): HTMLElement | null {
	const notes = rows.flatMap(({ model, notes: own }) => own.map((note) => `${model}: ${note}`));
	return notes.length === 0 ? null : el("ul", {}, ...notes.map((note) => el("li", {}, visibleLine(note, 600))));
}

function table(head: readonly string[], rows: readonly (readonly Node[])[]): HTMLElement {
	const cells = head.map((name, index) =>
		el("th", { scope: "col", ...(index === 0 ? {} : { class: "column" }) }, name),
	);
	return el(
		"div",
		{ class: "scroll", tabindex: "0", role: "group", "aria-label": head[0] },
		el(
			"table",
			{},
			el("thead", {}, el("tr", {}, ...cells)),
			el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row))),
		),
	);
}

function modelCell({ model, about }: BenchmarkRow): HTMLElement {
	return el("th", { scope: "row" }, visibleLine(model), el("span", { class: "about quiet" }, visibleLine(about)));
}

/** The median, with the range and the number of samples below it. */
function timeCell(value: Spread | null): HTMLElement {
	if (value === null) return figure(NOTHING);
	const { median, min, max, n } = value;
	return el("td", { class: "figure" }, formatMs(median), spreadLine(`${formatMs(min)}–${formatMs(max)}`, n));
}

function rateCell(value: Spread | null): HTMLElement {
	if (value === null) return figure(NOTHING);
	const { median, min, max, n } = value;
	const { tenths } = currentFormats();
	return el(
		"td",
		{ class: "figure" },
		tenths.format(median),
		spreadLine(`${tenths.format(min)}–${tenths.format(max)}`, n),
	);
}

function spreadLine(range: string, n: number): HTMLElement {
	return el("span", { class: "spread quiet" }, n > 1 ? `${range}, n ${n}` : `n ${n}`);
}

function shareCell(value: Share | null): HTMLElement {
	if (value === null) return figure(NOTHING);
	return el(
		"td",
		{ class: "figure" },
		`${value.k}/${value.n}`,
		el("span", { class: "spread quiet" }, `±${value.errorPoints} %`),
	);
}

function figure(text: string): HTMLElement {
	return el("td", { class: "figure" }, text);
}

/** A bar and its words; the bar alone says nothing. */
function meter(value: Share | null): HTMLElement {
	if (value === null) return el("span", { class: "quiet" }, ` ${NOTHING}`);
	const bar = document.createElementNS("http://www.w3.org/2000/svg", "svg");
	bar.setAttribute("class", "meter");
	bar.setAttribute("viewBox", "0 0 100 6");
	bar.setAttribute("preserveAspectRatio", "none");
	bar.setAttribute("aria-hidden", "true");
	for (const [name, width] of [
		["track", 100],
		["fill", (value.k / value.n) * 100],
	] as const) {
		const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
		rect.setAttribute("class", name);
		rect.setAttribute("width", String(width));
		rect.setAttribute("height", "6");
		bar.append(rect);
	}
	const words = el("span", { class: "spread quiet" }, `${value.k}/${value.n} ±${value.errorPoints} %`);
	return el("span", { class: "measure" }, bar, words);
}

function pips(value: Share | null): HTMLElement {
	if (value === null) return el("span", {}, NOTHING);
	const dots = "●".repeat(value.k) + "○".repeat(value.n - value.k);
	return el("span", {}, el("span", { class: "pips", "aria-hidden": "true" }, dots), ` ${value.k}/${value.n}`);
}

function mark({ fitsFor }: BenchmarkRow): HTMLElement {
	const marks = { first: "★", reliable: "●", edits: "◐", answers: "○", nobody: "✕", unknown: "?" };
	return el("span", { class: "mark", "aria-hidden": "true" }, marks[fitsFor]);
}

function memoryOf({ memoryBytes, gpuPercent }: BenchmarkRow): string {
	if (memoryBytes === null) return NOTHING;
	const size = `${currentFormats().tenths.format(memoryBytes / GIGABYTE)} GB`;
	return gpuPercent === null || gpuPercent === 0 ? `${size}, CPU` : `${size}, ${Math.round(gpuPercent)} % GPU`;
}

function changeOf({ change }: BenchmarkRow): string {
	if (change === null) return NOTHING;
	const ratio = change.timeToGreen ?? change.writing;
	return ratio === null ? NOTHING : `×${currentFormats().hundredths.format(ratio)}`;
}

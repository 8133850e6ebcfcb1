/** The benchmark's page: who fits for what first, then speed against success as a picture, then every figure. */
import type { BenchmarkHostMessage, BenchmarkPageMessage, BenchmarkView } from "../protocol.ts";
import { benchmarkChart } from "./benchmark-chart.ts";
import { detailTable, notesList, overviewTable } from "./benchmark-tables.ts";
import { button, el } from "./dom.ts";
import { visibleLine } from "./format.ts";
import { useLanguage } from "./words.ts";

interface EditorApi {
	postMessage(message: BenchmarkPageMessage): void;
}
declare function acquireVsCodeApi(): EditorApi;

function start(app: HTMLElement, editor: EditorApi): void {
	const post = (type: BenchmarkPageMessage["type"]) => editor.postMessage({ type });
	const announcer = el("p", { class: "unseen", role: "status" });
	const content = el("div");
	app.append(announcer, content);
	let drawn = "";
	let focusTitle = true;

	const draw = (view: BenchmarkView) => {
		announcer.textContent = view.step === null ? "" : visibleLine(view.step);
		// A step changes one line; the tables stay, and with them selection and focus.
		const step = content.querySelector(".step-words");
		const rest = JSON.stringify({ ...view, step: view.step === null });
		if (rest === drawn && step !== null && view.step !== null) {
			step.textContent = visibleLine(view.step);
			return;
		}
		drawn = rest;
		document.title = view.words.title;
		content.replaceChildren(header(view, post), ...body(view));
		if (focusTitle) content.querySelector("h1")?.focus();
		focusTitle = false;
	};

	window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
		if (!isBenchmarkMessage(data)) return;
		useLanguage(data.view.language, {});
		draw(data.view);
	});
	post("ready");
}

function header({ words, about, step, rows }: BenchmarkView, post: (type: BenchmarkPageMessage["type"]) => void): Node {
	const actions =
		step === null
			? [
					button(rows === null ? words.measure : words.measureAgain, "primary", () => post("measure")),
					...(rows === null ? [] : [button(words.asJson, "secondary", () => post("show-json"))]),
				]
			: [button(words.cancel, "secondary", () => post("cancel"))];
	return el(
		"header",
		{ class: "head" },
		el("h1", { tabindex: "-1" }, words.title),
		about === "" ? null : el("p", { class: "quiet" }, visibleLine(about)),
		step === null
			? null
			: el(
					"p",
					{ class: "step" },
					el("span", { class: "pulse", "aria-hidden": "true" }),
					el("span", { class: "step-words" }, visibleLine(step)),
				),
		el("div", { class: "actions" }, ...actions),
	);
}

function body({ rows, words }: BenchmarkView): readonly Node[] {
	if (rows === null) return [el("p", { class: "empty" }, words.empty)];
	const notes = notesList(rows);
	return [
		block("overview", words.overview, overviewTable(rows, words)),
		block("chart", words.chart, benchmarkChart(rows, words)),
		block("details", words.details, detailTable(rows, words)),
		...(notes === null ? [] : [block("notes", words.notes, notes)]),
	];
}

function block(name: string, title: string, ...content: readonly Node[]): HTMLElement {
	const id = `heading-${name}`;
	return el("section", { class: `block ${name}`, "aria-labelledby": id }, el("h2", { id }, title), ...content);
}

function isBenchmarkMessage(value: unknown): value is BenchmarkHostMessage {
	if (typeof value !== "object" || value === null || !("type" in value) || value.type !== "benchmark") return false;
	const view = "view" in value ? value.view : null;
	return (
		typeof view === "object" &&
		view !== null &&
		"words" in view &&
		typeof view.words === "object" &&
		view.words !== null &&
		"rows" in view &&
		(view.rows === null || Array.isArray(view.rows)) &&
		"about" in view &&
		typeof view.about === "string" &&
		"step" in view &&
		(view.step === null || typeof view.step === "string") &&
		"language" in view &&
		typeof view.language === "string"
	);
}

const app = document.getElementById("app");
if (app !== null) start(app, acquireVsCodeApi());

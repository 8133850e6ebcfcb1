/** One round: verdict, bar, and on opening its figures, cache, problems, tokens, files and tool calls. */
import type { ModelEntry, ProbeEntry, RoundEntry, ToolEntry } from "../core/timeline.ts";
import { button, el, setText, slot } from "./dom.ts";
import { formatCount, formatMs, plural, visible, visibleLine } from "./format.ts";
import { type IconName, icon } from "./icon.ts";
import { timeBar } from "./time-bar.ts";
import { TIME_PARTS, timePartsOf } from "./time-parts.ts";

export type OpenPlace = (file: string, line: number, column: number) => void;

/** What a round's own controls do. */
export interface RoundActions {
	readonly open: OpenPlace;
	/** Puts back what the round changed. */
	readonly undo: (round: number) => void;
}

export interface RoundView {
	readonly node: HTMLLIElement;
	/** Milliseconds that the bar stands for. */
	update(round: RoundEntry, problemsBefore: number | null): number;
	/** The newest round is open, unless somebody chose otherwise. */
	setNewest(newest: boolean): void;
}

export function roundView(actions: RoundActions): RoundView {
	const mark = el("span", { class: "mark" });
	const title = el("span", { class: "round-title" });
	const change = el("span", { class: "round-change" });
	const time = el("span", { class: "figure" });
	const bar = timeBar();
	const body = el("div", { class: "round-body" });
	const head = el("span", { class: "round-head" }, mark, title, change, time);
	const details = el("details", { class: "round" }, el("summary", {}, head, bar.node), body);
	const node = el("li", {}, details);
	const fillMark = slot(mark);
	const fillBody = bodyOf(body, actions);
	let chosen = false;
	let shown: { round: RoundEntry; before: number | null } | null = null;
	// A click, not "toggle": that fires for the view's own opening and closing too.
	details.firstElementChild?.addEventListener("click", () => {
		chosen = true;
	});
	details.addEventListener("toggle", () => {
		if (details.open && shown !== null) fillBody(shown.round, shown.before);
	});
	return {
		node,
		update(round, before) {
			shown = { round, before };
			const sign = iconOf(round);
			fillMark([sign], () => [icon(sign)]);
			setText(title, `Round ${round.round}`);
			setText(change, changeOf(round, before));
			setText(time, round.durationMs === null ? "" : formatMs(round.durationMs));
			const ms = bar.update(round);
			if (details.open) fillBody(round, before);
			return ms;
		},
		setNewest(newest) {
			if (!chosen && details.open !== newest) details.open = newest;
			if (details.open && shown !== null) fillBody(shown.round, shown.before);
		},
	};
}

function iconOf({ verdict, durationMs }: RoundEntry): IconName {
	if (verdict === null) return durationMs === null ? "running" : "not-run";
	const icons = { green: "passed", "affected-green": "partial", failing: "failed", "not-run": "not-run" } as const;
	return icons[verdict.state];
}

function changeOf({ verdict, durationMs }: RoundEntry, before: number | null): string {
	if (verdict === null) return durationMs === null ? "probing" : "no verdict";
	if (verdict.state === "not-run") return "not run";
	return before === null
		? plural(verdict.findings, "problem")
		: `${formatCount(before)} → ${plural(verdict.findings, "problem")}`;
}

function bodyOf(body: HTMLElement, actions: RoundActions): (round: RoundEntry, before: number | null) => void {
	const blocks = Array.from({ length: 5 }, () => el("div", { class: "block" }));
	body.append(...blocks);
	const [times, facts, files, tools, notices] = blocks.map((block) => slot(block));
	return (round, before) => {
		times?.([round.probes, round.model, round.phases, round.tools], () => [figures(round)]);
		facts?.([round.probes, round.model, round.verdict, before], () => [factsOf(round, before)]);
		files?.([round.tools], () => [filesOf(round, actions)]);
		tools?.([round.tools], () => [toolsOf(round.tools)]);
		notices?.([round.notices], () =>
			round.notices.map((text) => el("p", { class: "notice" }, icon("warning"), visible(text))),
		);
	};
}

function figures(round: RoundEntry): HTMLElement {
	const parts = timePartsOf(round);
	const items = TIME_PARTS.map((part) =>
		el(
			"div",
			{ class: parts[part] > 0 ? "part" : "part none" },
			el("dt", {}, el("span", { class: `swatch part-${part}`, "aria-hidden": "true" }), part),
			el("dd", { class: "figure" }, parts[part] > 0 ? formatMs(parts[part]) : "–"),
		),
	);
	return el("dl", { class: "parts", "aria-label": "Time by part" }, ...items);
}

function factsOf(round: RoundEntry, before: number | null): HTMLElement {
	const { verdict, model, probes } = round;
	const rows: (readonly [string, readonly (Node | string)[]])[] = [];
	if (verdict !== null) {
		const { fixed, added, still } = verdict.delta;
		const counts =
			before === null
				? formatCount(verdict.findings)
				: `${formatCount(before)} before, ${formatCount(verdict.findings)} after`;
		const delta = before === null ? "" : `: ${fixed} fixed, ${added} new, ${still} still`;
		rows.push(
			["Problems", verdict.state === "not-run" ? ["unknown"] : [`${counts}${delta}`]],
			["Verdict", [visible(verdict.detail)]],
		);
	}
	for (const entry of probes) rows.push([entry.probe, probeWords(entry)]);
	if (model !== null) rows.push(["Tokens", [tokenWords(model)]]);
	return el("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, ...value)]));
}

function probeWords(entry: ProbeEntry): readonly (Node | string)[] {
	if (entry.status === "running") return ["running"];
	if (entry.status === "not-run")
		return [`not run: ${visible(entry.message)}${entry.fix === "" ? "" : ` ${visible(entry.fix)}`}`];
	const { counts, findingCount } = entry;
	const result =
		counts === null
			? plural(findingCount, "problem")
			: `${counts.passed} passed, ${counts.failed} failed${counts.errors > 0 ? `, ${counts.errors} errors` : ""}${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}`;
	const why = `${entry.scope}${entry.why === "" ? "" : `, ${visibleLine(entry.why)}`}`;
	return [el("span", { class: `tag tag-${entry.cache}` }, entry.cache), ` ${why}; ${result}`];
}

function tokenWords(model: ModelEntry): string {
	if (!model.finished) return "being counted";
	if (!model.ok) return "none, the call did not end well";
	const cached = model.cachedTokens === null ? "cached unknown" : `${formatCount(model.cachedTokens)} cached`;
	return `${formatCount(model.promptTokens)} in, ${cached}, ${formatCount(model.outputTokens)} out, ${model.tokensPerSecond.toFixed(1)} tok/s`;
}

function filesOf({ round, tools }: RoundEntry, { open, undo }: RoundActions): HTMLElement | null {
	const files = [...new Set(tools.flatMap(({ result }) => result?.files ?? []))];
	if (files.length === 0) return null;
	const items = files.slice(0, MAX_FILES).map((file) =>
		el(
			"li",
			{},
			button(visibleLine(file), "link", () => open(file, 1, 1)),
		),
	);
	const more = files.length > MAX_FILES ? el("li", {}, `and ${files.length - MAX_FILES} more`) : null;
	const undoRound = button("Undo This Round", "secondary undo-round", () => undo(round));
	return el("div", { class: "files" }, el("h3", {}, "Files touched"), el("ul", {}, ...items, more), undoRound);
}

const MAX_FILES = 50;

function toolsOf(tools: readonly ToolEntry[]): HTMLElement | null {
	if (tools.length === 0) return null;
	const items = tools.map(({ name, target, result }) =>
		el(
			"li",
			{},
			icon(result === null ? "running" : result.ok ? "passed" : "failed"),
			el("span", { class: "tool-name" }, visibleLine(name, 60)),
			el("span", { class: "tool-target" }, visibleLine(target, 200)),
			el("span", { class: "figure" }, result === null ? "running" : formatMs(result.durationMs)),
			result === null || result.ok
				? null
				: el("span", { class: "tool-message" }, `${result.code}: ${visibleLine(result.message)}`),
		),
	);
	return el(
		"details",
		{ class: "tools" },
		el("summary", {}, plural(tools.length, "tool call")),
		el("ul", {}, ...items),
	);
}

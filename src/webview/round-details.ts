/** A round's details: times, problems before and after, probes, prompt, changed files, tool calls with their diffs. */
import type { Verdict } from "../core/events.ts";
import type { ModelEntry, RoundEntry } from "../core/timeline.ts";
import { button, el, slot } from "./dom.ts";
import { decimal, formatCount, formatMs, formatShare, visible, visibleLine } from "./format.ts";
import { noticeLine } from "./notice-line.ts";
import { probeRows } from "./probe-line.ts";
import { partName, TIME_PARTS, timePartsOf } from "./time-parts.ts";
import { toolCalls } from "./tool-calls.ts";
import { t, tn, told } from "./words.ts";

export type OpenPlace = (file: string, line: number, column: number) => void;

export interface RoundActions {
	readonly open: OpenPlace;
	/** One file as the round found and left it; null: all of the round's files. */
	readonly showChanges: (round: number, file: string | null) => void;
	readonly undo: (round: number) => void;
}

/** What a round is seen against. */
export interface Around {
	readonly before: RoundEntry | null;
	/** Milliseconds since the run began. */
	readonly now: number;
	readonly contextLength: number;
}

const MAX_FILES = 50;
const MAX_TESTS = 20;
const LEAST_DECODE_MS = 1;

/** Fills `body`, each block only where what it shows has changed. */
export function roundDetails(body: HTMLElement, actions: RoundActions): (round: RoundEntry, around: Around) => void {
	const block = () => body.appendChild(el("div", { class: "block" }));
	const times = slot(block());
	const facts = slot(block());
	const files = slot(block());
	const fillTools = toolCalls(block());
	const notices = slot(block());
	return (round, { before, contextLength }) => {
		times([round.probes, round.model, round.phases, round.tools], () => [figures(round)]);
		facts([round.probes, round.model, round.verdict, before?.verdict, contextLength], () => [
			factsOf(round, before, contextLength),
		]);
		files([round.tools], () => [filesOf(round, actions)]);
		fillTools(round);
		notices([round.notices], () => round.notices.map(noticeLine));
	};
}

/** Only the parts that took time; none of them yet: nothing. */
function figures(round: RoundEntry): HTMLElement | null {
	const parts = timePartsOf(round);
	const items = TIME_PARTS.filter((part) => parts[part] > 0).map((part) =>
		el(
			"div",
			{ class: "part" },
			el("dt", {}, el("span", { class: `swatch part-${part}`, "aria-hidden": "true" }), partName(part)),
			el("dd", { class: "figure" }, formatMs(parts[part])),
		),
	);
	return items.length === 0 ? null : el("dl", { class: "parts", "aria-label": t("Time by part") }, ...items);
}

type Row = readonly [name: string, value: readonly (Node | string)[]];

function factsOf(round: RoundEntry, before: RoundEntry | null, contextLength: number): HTMLElement {
	const { model, probes } = round;
	const rows: readonly Row[] = [
		...verdictRows(round, before),
		...probeRows(probes),
		...(model === null ? [] : promptRows(model, contextLength)),
	];
	return el("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, ...value)]));
}

function verdictRows({ verdict }: RoundEntry, before: RoundEntry | null): readonly Row[] {
	if (verdict === null) return [];
	const earlier = before?.verdict ?? null;
	if (verdict.state === "not-run")
		return [
			[t("Problems"), [t("unknown")]],
			[t("Verdict"), [visible(told(verdict.detail))]],
		];
	if (earlier === null) return [[t("Problems"), [formatCount(verdict.findings)]]];
	const problems: Row = [t("Problems"), [deltaWords(earlier, verdict)]];
	const passing = earlier.failing.filter((test) => !verdict.failing.includes(test));
	const failing = verdict.failing.filter((test) => !earlier.failing.includes(test));
	return [
		problems,
		...(passing.length > 0 ? [[t("Now pass"), [testList(passing)]] as const] : []),
		...(failing.length > 0 ? [[t("Now fail"), [testList(failing)]] as const] : []),
	];
}

function deltaWords(earlier: Verdict, { findings, delta: { fixed, added, still } }: Verdict): string {
	const counts = t("{0} before, {1} after", formatCount(earlier.findings), formatCount(findings));
	const changes = [
		fixed > 0 ? t("{0} fixed", formatCount(fixed)) : "",
		added > 0 ? t("{0} new", formatCount(added)) : "",
		still > 0 ? t("{0} still", formatCount(still)) : "",
	].filter((words) => words !== "");
	return changes.length === 0 ? counts : `${counts}: ${changes.join(", ")}`;
}

function testList(tests: readonly string[]): HTMLElement {
	const items = tests.slice(0, MAX_TESTS).map((test) => el("li", {}, visibleLine(test)));
	const more = tests.length - items.length;
	return el("ul", { class: "tests" }, ...items, more > 0 ? el("li", {}, t("and {0} more", more)) : null);
}

function promptRows(model: ModelEntry, contextLength: number): readonly Row[] {
	if (!model.finished) return [[t("Prompt"), [t("being counted")]]];
	if (!model.ok) return [[t("Prompt"), [t("unknown: the call did not end well")]]];
	const { promptTokens, cachedTokens, outputTokens, tokensPerSecond, decodeMs } = model;
	const size = tn(promptTokens, "{0} token", "{0} tokens");
	const share = contextLength > 0 ? ` (${t("{0} of the window", formatShare(promptTokens, contextLength))})` : "";
	const cached =
		cachedTokens === null
			? t("cached share unknown")
			: t("{0} cached ({1})", formatCount(cachedTokens), formatShare(cachedTokens, promptTokens));
	// Of what took no time that a server can measure, such as the practice model's, a speed would be made up.
	const speed = decodeMs < LEAST_DECODE_MS ? "" : `, ${t("{0} tokens a second", decimal(tokensPerSecond))}`;
	return [
		[t("Prompt"), [`${size}${share}, ${cached}`]],
		[t("Answer"), [`${tn(outputTokens, "{0} token", "{0} tokens")}${speed}`]],
	];
}

function filesOf({ round, tools }: RoundEntry, actions: RoundActions): HTMLElement | null {
	const files = [...new Set(tools.flatMap(({ result }) => result?.files ?? []))];
	if (files.length === 0) return null;
	const items = files.slice(0, MAX_FILES).map((file) => {
		const name = visibleLine(file);
		const diff = button(t("Diff"), "link show-changes", () => actions.showChanges(round, file));
		diff.setAttribute("aria-label", t("Diff of {0} in round {1}", name, round));
		return el(
			"li",
			{},
			button(name, "link file", () => actions.open(file, 1, 1)),
			diff,
		);
	});
	const more = files.length > MAX_FILES ? el("li", {}, t("and {0} more", files.length - MAX_FILES)) : null;
	const undo = button(t("Undo This Round"), "secondary undo-round", () => actions.undo(round));
	undo.setAttribute("aria-label", t("Undo This Round ({0})", round));
	const all = button(t("Show Changes"), "secondary show-changes", () => actions.showChanges(round, null));
	all.setAttribute("aria-label", t("Show Changes (round {0})", round));
	return el(
		"div",
		{ class: "files" },
		el("h3", {}, t("What changed")),
		el("ul", {}, ...items, more),
		el("div", { class: "actions" }, all, undo),
	);
}

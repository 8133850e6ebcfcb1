/** Where the run stands, in one line, and how it ended. State changes are announced; tokens are not. */
import type { ModelState } from "../core/model/conversation.ts";
import { askedRounds } from "../core/run-summary.ts";
import { stillChanged, type Timeline } from "../core/timeline.ts";
import type { ViewAction } from "../protocol.ts";
import { button, el, setText, slot } from "./dom.ts";
import { formatMs, visible, visibleLine } from "./format.ts";
import { type IconName, icon } from "./icon.ts";
import { noticeLine } from "./notice-line.ts";
import { t, tn, told } from "./words.ts";

export interface StatusActions {
	readonly act: (action: ViewAction) => void;
	/** All that the run changed. */
	readonly showChanges: () => void;
	/** Puts a task into the box. */
	readonly propose: (task: string) => void;
}

export interface AboutRun {
	readonly running: boolean;
	/** The run is one of the history. */
	readonly past: boolean;
	/** What it changed can be shown. */
	readonly reviewable: boolean;
}

export interface StatusView {
	readonly node: HTMLElement;
	/** The run's live region. */
	readonly announcer: HTMLElement;
	update(timeline: Timeline | null, about: AboutRun): void;
}

export function statusView(actions: StatusActions): StatusView {
	const announcer = el("div", { class: "unseen", role: "status", "aria-live": "polite" });
	const node = el("section", { class: "status", "aria-label": t("State") });
	const fill = slot(node);
	return {
		node,
		announcer,
		update(timeline, about) {
			const { running, past, reviewable } = about;
			const words = timeline === null ? "" : stateWords(timeline, running);
			node.hidden = words === "";
			setText(announcer, announcement(timeline, words));
			const { outcome, notices, filesChanged, undone } = timeline ?? {};
			fill([words, outcome, notices, running, past, reviewable, filesChanged, undone], () =>
				timeline === null ? [] : content(timeline, words, about, actions),
			);
		},
	};
}

function content(
	timeline: Timeline,
	words: string,
	{ running, past, reviewable }: AboutRun,
	actions: StatusActions,
): readonly Node[] {
	const { outcome, notices, task } = timeline;
	const nodes: Node[] = past ? [pastLine(task, actions)] : [];
	nodes.push(el("p", { class: "state-line" }, icon(stateIcon(timeline)), el("span", { class: "state-words" }, words)));
	if (outcome !== null && (past || !running)) nodes.push(...ending(timeline, past, reviewable, actions));
	nodes.push(...notices.slice(-3).map(noticeLine));
	return nodes;
}

function pastLine(task: string, { act }: StatusActions): HTMLElement {
	return el(
		"p",
		{ class: "past-line" },
		el("span", {}, t("A past run: {0}", visibleLine(task, 200))),
		button(t("Back to now"), "link", () => act("show-current")),
	);
}

function ending(
	timeline: Timeline,
	past: boolean,
	reviewable: boolean,
	{ act, showChanges, propose }: StatusActions,
): readonly Node[] {
	const { task, outcome, rounds, durationMs } = timeline;
	const filesChanged = stillChanged(timeline);
	const isLeft = filesChanged.length > 0;
	const fix = outcome?.fix ?? "";
	const plan = outcome?.plan ?? "";
	const facts = [
		tn(askedRounds(rounds), "{0} model call", "{0} model calls"),
		formatMs(durationMs),
		tn(filesChanged.length, "{0} file changed", "{0} files changed"),
	];
	const carryOut = () => propose(`${task}\n\n${t("Plan:")}\n${plan}`);
	const buttons = [
		...(plan === "" ? [] : [button(t("Carry Out the Plan"), "primary", carryOut)]),
		...(isLeft && reviewable ? [button(t("Show Changes"), "secondary", showChanges)] : []),
		...(isLeft && !past ? [button(t("Undo Run"), "secondary", () => act("undo"))] : []),
		...(outcome?.kind === "green" || plan !== "" ? [] : [button(t("Show Log"), "secondary", () => act("show-log"))]),
	];
	return [
		...(plan === "" ? [] : [el("p", { class: "plan-text" }, visible(plan))]),
		...(fix === "" ? [] : [el("p", { class: "fix" }, told(visible(fix)))]),
		el("p", { class: "quiet figure-line" }, ...factsInLine(facts)),
		...(buttons.length === 0 ? [] : [el("div", { class: "actions" }, ...buttons)]),
	];
}

/** A narrow line breaks between facts, not between a figure and its unit. */
function factsInLine(facts: readonly string[]): readonly (Node | string)[] {
	return facts.flatMap((fact, index) => [index > 0 ? " · " : "", el("span", { class: "fact" }, fact)]);
}

function stateWords({ state, modelState, rounds, outcome, maxRounds, undone }: Timeline, running: boolean): string {
	if (outcome !== null) {
		const reason = told(visibleLine(outcome.reason, 2_000));
		return undone.length === 0
			? reason
			: t("Undone: {0}. The run had ended so: {1}", visibleLine(undone.join(", ")), reason);
	}
	if (!running && state === "idle") return "";
	const round = rounds.at(-1)?.round;
	const doing = doingWords(state, modelState);
	return round === undefined ? doing : t("Round {0} of {1}: {2}", round, maxRounds, doing);
}

function doingWords(state: Timeline["state"], modelState: ModelState | null): string {
	switch (state) {
		case "idle":
			return t("starting");
		case "probing":
			return t("lint and tests");
		case "asking":
			return modelState === null ? t("asking the model") : askingWords(modelState);
		case "applying":
			return t("applying the changes");
		case "finished":
			return t("finished");
	}
}

function askingWords(state: ModelState): string {
	switch (state) {
		case "connecting":
			return t("connecting to the model");
		case "loading":
			return t("the model is loading");
		case "reading":
			return t("the model reads the prompt");
		case "writing":
			return t("the model writes");
	}
}

function stateIcon({ outcome, undone }: Timeline): IconName {
	if (outcome === null) return "running";
	if (undone.length > 0) return "stopped";
	if (outcome.plan !== undefined) return "partial";
	return ({ green: "passed", failed: "failed", stopped: "warning", cancelled: "stopped" } as const)[outcome.kind];
}

function announcement(timeline: Timeline | null, words: string): string {
	if (timeline === null) return "";
	const { verdict, outcome } = timeline;
	return outcome === null && verdict !== null ? `${words}. ${visibleLine(told(verdict.detail))}` : words;
}

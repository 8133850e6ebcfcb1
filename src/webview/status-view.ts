/** Where the run stands, in one line, and how it ended. State changes are announced; tokens are not. */
import type { Timeline } from "../core/timeline.ts";
import type { ViewAction } from "../protocol.ts";
import { button, el, setText, slot } from "./dom.ts";
import { formatMs, plural, visible, visibleLine } from "./format.ts";
import { type IconName, icon } from "./icon.ts";

export function statusView(act: (action: ViewAction) => void): {
	readonly node: HTMLElement;
	/** The view's only live region. */
	readonly announcer: HTMLElement;
	update(timeline: Timeline | null, running: boolean): void;
} {
	const announcer = el("div", { class: "unseen", role: "status", "aria-live": "polite" });
	const node = el("section", { class: "status", "aria-label": "State" });
	const fill = slot(node);
	return {
		node,
		announcer,
		update(timeline, running) {
			const words = timeline === null ? "" : stateWords(timeline, running);
			node.hidden = words === "";
			setText(announcer, announcement(timeline, words));
			fill([words, timeline?.outcome, timeline?.notices, running, timeline?.filesChanged], () =>
				timeline === null ? [] : content(timeline, words, running, act),
			);
		},
	};
}

function content(
	timeline: Timeline,
	words: string,
	running: boolean,
	act: (action: ViewAction) => void,
): readonly Node[] {
	const { outcome, filesChanged, notices, durationMs, rounds } = timeline;
	const line = el("p", { class: "state-line" }, icon(stateIcon(timeline)), el("span", { class: "state-words" }, words));
	const nodes: Node[] = [line];
	if (outcome !== null && !running) {
		const facts = [
			plural(rounds.length, "round"),
			formatMs(durationMs),
			`${plural(filesChanged.length, "file")} changed`,
		];
		if (outcome.fix !== undefined && outcome.fix !== "") nodes.push(el("p", { class: "fix" }, visible(outcome.fix)));
		nodes.push(el("p", { class: "quiet figure-line" }, facts.join(" · ")));
		const actions: Node[] = [];
		if (filesChanged.length > 0) actions.push(button("Undo Run", "secondary", () => act("undo")));
		if (outcome.kind !== "green") actions.push(button("Show Log", "secondary", () => act("show-log")));
		if (actions.length > 0) nodes.push(el("div", { class: "actions" }, ...actions));
	}
	nodes.push(...notices.slice(-3).map((text) => el("p", { class: "notice" }, icon("warning"), visible(text))));
	return nodes;
}

function stateWords({ state, modelState, rounds, outcome, maxRounds }: Timeline, running: boolean): string {
	if (outcome !== null) return visibleLine(outcome.reason, 500);
	if (!running && state === "idle") return "";
	const round = rounds.at(-1)?.round;
	const where = round === undefined ? "" : `Round ${round} of ${maxRounds}: `;
	const doing = {
		idle: "starting",
		probing: "lint and tests",
		asking: modelState === null ? "asking the model" : ASKING[modelState],
		applying: "applying the changes",
		finished: "finished",
	}[state];
	return `${where}${doing}`;
}

const ASKING = {
	connecting: "connecting to the model",
	loading: "the model is loading",
	reading: "the model reads the prompt",
	writing: "the model writes",
} as const;

function stateIcon({ outcome }: Timeline): IconName {
	if (outcome === null) return "running";
	return ({ green: "passed", failed: "failed", stopped: "warning", cancelled: "stopped" } as const)[outcome.kind];
}

function announcement(timeline: Timeline | null, words: string): string {
	if (timeline === null) return "";
	const { verdict, outcome } = timeline;
	return outcome === null && verdict !== null ? `${words}. ${visibleLine(verdict.detail)}` : words;
}

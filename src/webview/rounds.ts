/** The rounds, newest first, keyed by their number: an event touches only its round's nodes. Long lists grow on demand. */
import type { RoundEntry, Timeline } from "../core/timeline.ts";
import { arrange, button, el, section, setText } from "./dom.ts";
import { formatCount } from "./format.ts";
import type { RoundActions } from "./round-details.ts";
import { type RoundView, roundView } from "./round-view.ts";
import { t } from "./words.ts";

interface Shown {
	readonly view: RoundView;
	readonly round: RoundEntry;
	readonly ms: number;
}

/** What can be done about the run's changes from here. */
export interface RoundsOffer {
	/** Taking them back: the run is over, and it is this session's. */
	readonly undo: boolean;
	/** Showing them: it is this run of which the texts are there. */
	readonly review: boolean;
}

export interface RoundsView {
	readonly node: HTMLElement;
	update(timeline: Timeline, may: RoundsOffer): void;
	/** Opens a round, and brings it and the focus there. */
	show(round: number): void;
}

/** As many as a run has by default. An older one is seen in the timeline, and a click there brings it. */
const PAGE = 12;

export function roundsView(actions: RoundActions): RoundsView {
	const { node, body } = section(t("Rounds"), "rounds");
	const list = el("ol", { class: "round-list", reversed: "" });
	const more = button("", "secondary", () => grow(limit + PAGE));
	body.append(list, more);
	let shown = new Map<number, Shown>();
	let timeline: Timeline | null = null;
	let limit = PAGE;
	/** The round at work; none once the run is over, so that its end is seen without scrolling. */
	let current: RoundView | null = null;

	const draw = ({ rounds, durationMs, contextLength }: Timeline) => {
		const from = Math.max(0, rounds.length - limit);
		const next = new Map<number, Shown>();
		for (const [index, round] of rounds.entries()) {
			if (index < from) continue;
			const last = shown.get(round.round);
			const view = last?.view ?? roundView(actions);
			const isCurrent = last !== undefined && last.round === round && round.durationMs !== null;
			const before = rounds[index - 1] ?? null;
			const ms = isCurrent ? last.ms : view.update(round, { before, now: durationMs, contextLength });
			next.set(round.round, isCurrent ? last : { view, round, ms });
		}
		shown = next;
		arrange(list, [...shown.values()].map(({ view }) => view.node).reverse());
		const slowest = Math.max(1, ...[...shown.values()].map(({ ms }) => ms));
		for (const { view } of shown.values()) view.scaleTo(slowest);
		more.hidden = from === 0;
		if (from > 0) setText(more, t("Show {0} more of {1}", formatCount(Math.min(PAGE, from)), formatCount(from)));
	};
	const follow = ({ rounds, outcome }: Timeline) => {
		// Not yet one that has nothing to show: opened with its first probe, it does not cost that update its own drawing, too.
		const last = rounds.findLast(({ probes, model }) => probes.length > 0 || model !== null);
		const latest = last === undefined || outcome !== null ? null : (shown.get(last.round)?.view ?? null);
		if (latest === current) return;
		current?.setCurrent(false);
		latest?.setCurrent(true);
		current = latest;
	};
	const grow = (count: number) => {
		const oldest = [...shown.values()][0];
		limit = count;
		if (timeline !== null) draw(timeline);
		// The keyboard goes on with the first of the new ones.
		const first = oldest?.view.node.nextElementSibling?.querySelector("summary");
		first?.focus();
	};
	return {
		node,
		update(next, { undo, review }) {
			list.classList.toggle("may-undo", undo);
			list.classList.toggle("may-review", review);
			const isRunning = next.rounds.at(-1)?.durationMs === null;
			const isSame = timeline?.runId === next.runId && timeline.rounds === next.rounds;
			if (timeline?.runId !== next.runId) {
				shown = new Map();
				current = null;
				limit = PAGE;
			}
			timeline = next;
			node.hidden = next.rounds.length === 0;
			if (!isSame || isRunning) draw(next);
			follow(next);
		},
		show(round) {
			if (timeline === null) return;
			const newer = timeline.rounds.filter((other) => other.round >= round).length;
			if (newer > limit) grow(newer);
			shown.get(round)?.view.open();
		},
	};
}

/** The rounds, newest first, keyed by their number: an event touches only its round's nodes. */
import type { RoundEntry, Timeline } from "../core/timeline.ts";
import { el, section } from "./dom.ts";
import type { RoundActions } from "./round-details.ts";
import { type RoundView, roundView } from "./round-view.ts";
import { t } from "./words.ts";

interface Shown {
	readonly view: RoundView;
	readonly round: RoundEntry;
	readonly ms: number;
}

export interface RoundsView {
	readonly node: HTMLElement;
	/** @param mayUndo whether the run's changes can be taken back from here: it is over, and it is this session's */
	update(timeline: Timeline, mayUndo: boolean): void;
	/** Opens a round, and brings it and the focus there. */
	show(round: number): void;
}

export function roundsView(actions: RoundActions): RoundsView {
	const { node, body } = section(t("Rounds"), "rounds");
	const list = el("ol", { class: "round-list", reversed: "" });
	body.append(list);
	let shown = new Map<number, Shown>();
	let shownRun = "";
	let drawnSlowest = 0;
	let shownRounds: readonly RoundEntry[] = [];
	/** The round at work; none once the run is over, so that its end is seen without scrolling. */
	let current: RoundView | null = null;

	const forgetRun = () => {
		shown = new Map();
		list.replaceChildren();
		current = null;
	};
	const dropOthers = (rounds: readonly RoundEntry[]) => {
		const known = new Set(rounds.map(({ round }) => round));
		for (const [number, { view }] of shown) {
			if (known.has(number)) continue;
			view.node.remove();
			shown.delete(number);
		}
	};
	return {
		node,
		update({ runId, rounds, durationMs, contextLength, outcome }, mayUndo) {
			list.classList.toggle("may-undo", mayUndo);
			const isRunning = rounds.at(-1)?.durationMs === null;
			const isOver = outcome !== null;
			if (runId === shownRun && rounds === shownRounds && !isRunning && !(isOver && current !== null)) return;
			if (runId !== shownRun) forgetRun();
			dropOthers(rounds);
			let before: RoundEntry | null = null;
			let slowest = 1;
			for (const round of rounds) {
				const last = shown.get(round.round);
				const view = last?.view ?? roundView(actions);
				if (last === undefined) list.prepend(view.node);
				const isCurrent = last !== undefined && last.round === round && round.durationMs !== null;
				const ms = isCurrent ? last.ms : view.update(round, { before, now: durationMs, contextLength });
				if (!isCurrent) shown.set(round.round, { view, round, ms });
				before = round;
				slowest = Math.max(slowest, ms);
			}
			if (slowest !== drawnSlowest) list.style.setProperty("--slowest", String(slowest));
			drawnSlowest = slowest;
			const last = rounds.at(-1);
			const latest = last === undefined || isOver ? null : (shown.get(last.round)?.view ?? null);
			if (latest !== current) {
				current?.setCurrent(false);
				latest?.setCurrent(true);
				current = latest;
			}
			node.hidden = rounds.length === 0;
			shownRun = runId;
			shownRounds = rounds;
		},
		show(round) {
			shown.get(round)?.view.open();
		},
	};
}

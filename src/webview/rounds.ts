/** The rounds, newest first, keyed by their number: an event touches only its round's nodes. */
import type { RoundEntry } from "../core/timeline.ts";
import { el, section } from "./dom.ts";
import { type RoundActions, type RoundView, roundView } from "./round-view.ts";

interface Shown {
	readonly view: RoundView;
	readonly round: RoundEntry;
	readonly ms: number;
}

export function roundsView(actions: RoundActions): {
	readonly node: HTMLElement;
	update(runId: string, rounds: readonly RoundEntry[]): void;
} {
	const { node, body } = section("Rounds", "rounds");
	const list = el("ol", { class: "round-list", reversed: "" });
	body.append(list);
	let shown = new Map<number, Shown>();
	let shownRun = "";
	let shownRounds: readonly RoundEntry[] = [];
	let newest: RoundView | null = null;
	return {
		node,
		update(runId, rounds) {
			if (runId === shownRun && rounds === shownRounds) return;
			if (runId !== shownRun) {
				shown = new Map();
				list.replaceChildren();
				newest = null;
			}
			const known = new Set(rounds.map(({ round }) => round));
			for (const [number, { view }] of shown) {
				if (known.has(number)) continue;
				view.node.remove();
				shown.delete(number);
			}
			let before: number | null = null;
			let slowest = 1;
			for (const round of rounds) {
				const last = shown.get(round.round);
				const view = last?.view ?? roundView(actions);
				if (last === undefined) list.prepend(view.node);
				const ms = last !== undefined && last.round === round ? last.ms : view.update(round, before);
				if (last?.round !== round) shown.set(round.round, { view, round, ms });
				before = round.verdict?.findings ?? before;
				slowest = Math.max(slowest, ms);
			}
			list.style.setProperty("--slowest", String(slowest));
			const last = rounds.at(-1);
			const latest = last === undefined ? null : (shown.get(last.round)?.view ?? null);
			if (latest !== newest) {
				newest?.setNewest(false);
				latest?.setNewest(true);
				newest = latest;
			}
			node.hidden = rounds.length === 0;
			shownRun = runId;
			shownRounds = rounds;
		},
	};
}

/** The page's parts, built once, each told of every new state; each draws only what has changed for it. */
import type { RunSummary } from "../core/run-summary.ts";
import { EMPTY_TIMELINE } from "../core/timeline.ts";
import type { Completion, Snapshot, ViewAction, WebviewMessage } from "../protocol.ts";
import { el } from "./dom.ts";
import { allowsRun, emptyStateView } from "./empty-state.ts";
import { findingsView } from "./findings.ts";
import { historyView } from "./history.ts";
import { liveText } from "./live-text.ts";
import { overviewView } from "./overview.ts";
import { roundsView } from "./rounds.ts";
import { statusView } from "./status-view.ts";
import { taskBox } from "./task-box.ts";
import { totalsView } from "./totals.ts";

export interface SidebarPage {
	update(view: Snapshot): void;
	offer(task: string): void;
	put(task: string): void;
	complete(text: string, items: readonly Completion[]): void;
}

/** @param draft what was typed before the view was hidden */
export function sidebarPage(
	app: HTMLElement,
	draft: string,
	post: (message: WebviewMessage) => void,
	keepDraft: (draft: string) => void,
): SidebarPage {
	const act = (action: ViewAction) => post({ type: "action", action });
	const open = (file: string, line: number, column: number) => post({ type: "open", file, line, column });
	let shownRun = "";
	const showChanges = (round: number | null, file: string | null) =>
		post({ type: "changes", runId: shownRun, round, file });
	const empty = emptyStateView(act);
	const task = taskBox(draft, {
		run: (text, mode) => post({ type: "run", task: text, ...(mode === "plan" ? { mode } : {}) }),
		stop: () => post({ type: "stop" }),
		selectModel: () => act("select-model"),
		chooseFolder: () => act("choose-folder"),
		templates: () => act("templates"),
		draft: keepDraft,
		askCompletions: (text) => post({ type: "complete", text }),
	});
	const status = statusView({ act, showChanges: () => showChanges(null, null), propose: task.put });
	const live = liveText();
	const rounds = roundsView({ open, showChanges, undo: (round) => post({ type: "undo-round", round }) });
	const overview = overviewView((round) => rounds.show(round));
	const totals = totalsView();
	const findings = findingsView(open, () => act("probe"));
	const history = historyView((action, runId) => post({ type: "history", action, runId }));
	let shownPast: string | null = null;
	const progress = el("div", { class: "progress" }, status.node, live.node);
	app.replaceChildren(
		el("h1", { class: "unseen" }, "Jetbox"),
		status.announcer,
		empty.node,
		task.node,
		progress,
		el(
			"div",
			{ class: "columns" },
			el("div", { class: "column" }, overview.node, rounds.node, totals.node),
			el("div", { class: "column" }, findings.node, history.node),
		),
	);
	return {
		update({ empty: state, running, model, folder, timeline, past, history: runs, reviewableRun }) {
			const shown = timeline ?? EMPTY_TIMELINE;
			const isReviewable = shown.runId !== "" && shown.runId === reviewableRun;
			shownRun = shown.runId;
			const isUsable = !["no-folder", "virtual", "untrusted"].includes(state.kind);
			empty.update(state);
			task.node.hidden = !isUsable;
			task.update({ running, mayRun: allowsRun(state), model, folder });
			status.update(timeline, { running, past: past !== null, reviewable: isReviewable });
			live.update(timeline, running && past === null);
			progress.hidden = status.node.hidden && live.node.hidden;
			overview.update(shown.rounds, shown.durationMs);
			rounds.update(shown, {
				undo: !running && past === null && shown.outcome !== null,
				review: isReviewable,
			});
			totals.update(shown, runBefore(shown.runId, runs));
			findings.node.hidden = !isUsable;
			findings.update(shown, running);
			history.node.hidden = !isUsable;
			history.update(runs, past, running);
			// Another run begins with its outcome, wherever the list that it was chosen from stands.
			if (past !== shownPast) window.scrollTo({ top: 0 });
			shownPast = past;
		},
		offer: task.offer,
		put: task.put,
		complete: task.complete,
	};
}

/** The run that ended before this one; of one that is not in the history yet, the newest. */
function runBefore(runId: string, history: readonly RunSummary[]): RunSummary | null {
	return history[history.findIndex((run) => run.runId === runId) + 1] ?? null;
}

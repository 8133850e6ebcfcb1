/** Runs a task from wherever it was started: asks what is missing, shows that it runs, and says how it ended where nobody looks. */
import { commands, l10n, type Memento, ProgressLocation, window } from "vscode";
import { UserError } from "../core/errors.ts";
import type { Outcome } from "../core/events.ts";
import type { Machine, ResumableRun } from "../core/machine.ts";
import type { RunMode } from "../core/run-mode.ts";
import { announceEnd } from "./attention.ts";
import type { BenchmarkPage } from "./benchmark-page.ts";
import type { EndReview } from "./end-review.ts";
import { stepDone } from "./first-steps.ts";
import type { FolderChoice } from "./folder-choice.ts";
import { COMMANDS, CONTEXT_KEYS, VIEWS } from "./ids.ts";
import type { RunController } from "./run-controller.ts";
import type { RunHistory } from "./run-history.ts";
import { readSettings } from "./settings.ts";
import { stateWords } from "./state-words.ts";
import { askTask, rememberTask } from "./task-box.ts";
import { referencesOf } from "./task-references.ts";

export interface TaskRunParts {
	readonly controller: RunController;
	readonly machine: Machine;
	readonly folders: FolderChoice;
	readonly history: RunHistory;
	readonly memory: Memento;
	readonly benchmark: BenchmarkPage;
	readonly endReview: EndReview;
	readonly isViewVisible: () => boolean;
}

/**
 * @param given the task; null asks for it
 * @returns null when a question was left
 * @throws UserError for everything that is wrong before the run begins
 */
export async function runTask(parts: TaskRunParts, given: string | null, mode: RunMode): Promise<Outcome | null> {
	const { controller, folders, memory } = parts;
	const task = given === null && !controller.running ? await askTask(memory, mode) : (given ?? "");
	if (task === null || (!controller.running && !(await folders.ensure()))) return null;
	if (!controller.running && !(await parts.endReview.settleFirst())) return null;
	return runNow(parts, task, mode);
}

/**
 * Goes on with a run that was cut off.
 * @throws UserError for everything that is wrong before it goes on
 */
export async function resumeTask(parts: TaskRunParts, resumed: ResumableRun): Promise<Outcome | null> {
	const { controller, machine } = parts;
	const { task, root } = resumed.run;
	if (!(await parts.endReview.settleFirst())) return null;
	// What the task refers to may be gone since, by the run's own doing.
	const { context } = await referencesOf(task, root, (from, path) => machine.readText(from, path));
	return untilEnd(parts, task, () => controller.resume(resumed, context));
}

async function runNow(parts: TaskRunParts, task: string, mode: RunMode): Promise<Outcome | null> {
	const { controller, machine } = parts;
	const { context, missing } = await referencesOf(task, controller.root, (root, path) => machine.readText(root, path));
	if (missing.length > 0) {
		const names = missing.join(", ");
		throw new UserError(
			"usage",
			l10n.t("There is nothing behind {0}.", names),
			l10n.t("Correct the task, or leave it out."),
		);
	}
	return untilEnd(parts, task, () => controller.run(task, mode, context));
}

/** Shows the run that `begin` begins, and keeps and announces its end. */
async function untilEnd(
	parts: TaskRunParts,
	task: string,
	begin: () => Promise<Outcome | null>,
): Promise<Outcome | null> {
	const { controller, benchmark, history, memory, isViewVisible } = parts;
	// Both want the model server for themselves, and a run's time would be the measurement's.
	if (benchmark.measuring)
		throw new UserError("usage", l10n.t("Models are being measured."), l10n.t("Wait for the end, or cancel it."));
	const startedAt = new Date();
	const isReviewed = !controller.running && readSettings(null).approve === "review";
	const { root } = controller;
	const previous = controller.timelineOf(root).runId;
	const running = begin();
	if (task.trim() !== "" && controller.running) void rememberTask(memory, task.trim());
	void showProgress(controller, running, isViewVisible());
	const outcome = await running.finally(() => {
		const { runId } = controller.timelineOf(root);
		if (isReviewed && runId !== previous) beginReview(parts.endReview, runId);
	});
	if (outcome === null) return null;
	const timeline = controller.timelineOf(root);
	void history.add(timeline, startedAt);
	await commands.executeCommand("setContext", CONTEXT_KEYS.canUndo, timeline.filesChanged.length > 0);
	const hasChanges = timeline.filesChanged.length > 0;
	if (outcome.kind !== "cancelled") void announceEnd(outcome, hasChanges && !isReviewed, isViewVisible());
	if (outcome.kind !== "cancelled" && outcome.kind !== "failed") stepDone("taskEnded");
	return outcome;
}

/** Nobody waits for the answer: the run has ended. */
function beginReview(endReview: EndReview, runId: string): void {
	endReview.expect(runId);
	void commands.executeCommand(COMMANDS.reviewRun);
}

/** In the view, where that can be seen; else a notification that can stop the run. */
async function showProgress(controller: RunController, running: Promise<unknown>, isVisible: boolean): Promise<void> {
	const ended = running.catch(() => undefined);
	if (isVisible) {
		await window.withProgress({ location: { viewId: VIEWS.sidebar } }, () => ended);
		return;
	}
	await window.withProgress(
		{ location: ProgressLocation.Notification, title: "Jetbox", cancellable: true },
		async (progress, token) => {
			token.onCancellationRequested(() => void controller.stop());
			const subscription = controller.onEvent(({ root, event: { type } }) => {
				if (root !== controller.runRoot) return;
				if (type !== "round-started" && type !== "model-state") return;
				const { rounds, state } = controller.timeline;
				progress.report({ message: l10n.t("round {0}: {1}", rounds.at(-1)?.round ?? 1, stateWords(state)) });
			});
			await ended;
			subscription.dispose();
		},
	);
}

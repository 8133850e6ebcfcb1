/** What the sidebar shows now: the newest run of the chosen folder, or one of the history. */
import type { Memento } from "vscode";
import { UserError } from "../core/errors.ts";
import type { RunEvent } from "../core/events.ts";
import type { PastRun } from "../core/run-report.ts";
import type { EmptyState, ViewStatus } from "../protocol.ts";
import type { FolderChoice } from "./folder-choice.ts";
import type { RunChanges } from "./run-changes.ts";
import type { RunController } from "./run-controller.ts";
import type { RunHistory } from "./run-history.ts";
import type { ViewState } from "./sidebar-view.ts";
import { rememberedTasks } from "./task-box.ts";

export class SidebarState {
	private empty: EmptyState = { kind: "ready" };
	private past: PastRun | null = null;
	/** Folders, by their path, in which pytest found no tests. */
	private readonly withoutTests = new Set<string>();
	/** Whether this window shows the sample project. */
	inSample = false;
	/** Model that the next run would use, or null while unknown. */
	model: string | null = null;

	constructor(
		private readonly parts: {
			readonly controller: RunController;
			readonly history: RunHistory;
			readonly folders: FolderChoice;
			readonly changes: RunChanges;
			readonly memory: Memento;
		},
	) {}

	/** Whether nothing stands in the way of a run. */
	get isReady(): boolean {
		return this.empty.kind === "ready";
	}

	/** The run of the history that is looked at, or null. */
	get pastRun(): PastRun | null {
		return this.past;
	}

	setSetup({ empty, model }: { readonly empty: EmptyState; readonly model: string | null }): void {
		this.empty = empty;
		this.model = model;
	}

	/** @param run null: back to the newest */
	lookAt(run: PastRun | null): void {
		this.past = run;
	}

	/** @param root of the probed folder @returns whether what the view says changed */
	onEvent(root: string, event: RunEvent): boolean {
		// The changes that can be shown are this run's from here on.
		if (event.type === "run-started") return true;
		if (event.type !== "probe-finished" || event.probe !== "pytest") return false;
		if (event.status === "not-run" && event.reason === "cancelled") return false;
		const isWithout = event.status === "not-run" && event.reason === "no-tests";
		if (isWithout === this.withoutTests.has(root)) return false;
		if (isWithout) this.withoutTests.add(root);
		else this.withoutTests.delete(root);
		return true;
	}

	get status(): ViewStatus {
		const { controller, folders, changes } = this.parts;
		return {
			empty: this.shownEmpty,
			running: controller.running,
			model: this.model,
			folder: nameOf(folders),
			reviewableRun: changes.runId,
		};
	}

	/** What a task can make an end of is said only where nothing stands in its way, and nothing else is shown. */
	private get shownEmpty(): EmptyState {
		const { controller, folders, history } = this.parts;
		if (this.empty.kind !== "ready" || controller.running || this.past !== null) return this.empty;
		if (this.withoutTests.has(folders.rootOrNull ?? "")) return { kind: "no-tests" };
		const isFirst = history.runs.length === 0 && controller.timeline.rounds.length === 0;
		return isFirst ? { kind: "no-runs", inSample: this.inSample } : this.empty;
	}

	get all(): ViewState {
		const { controller, history, memory } = this.parts;
		const { timeline } = controller;
		const isBlank = timeline.rounds.length === 0 && timeline.verdict === null;
		return {
			...this.status,
			task: rememberedTasks(memory)[0] ?? "",
			timeline: this.past?.timeline ?? (isBlank ? null : timeline),
			past: this.past?.summary.runId ?? null,
			history: history.runs,
		};
	}
}

function nameOf(folders: FolderChoice): string | null {
	try {
		return folders.shownName;
	} catch (error) {
		if (error instanceof UserError) return null;
		throw error;
	}
}

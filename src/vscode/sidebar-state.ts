/** What the sidebar shows now: the newest run of the chosen folder, or one of the history. */
import type { Memento } from "vscode";
import { UserError } from "../core/errors.ts";
import type { PastRun } from "../core/run-report.ts";
import type { EmptyState, ViewStatus } from "../protocol.ts";
import type { FolderChoice } from "./folder-choice.ts";
import type { RunController } from "./run-controller.ts";
import type { RunHistory } from "./run-history.ts";
import type { ViewState } from "./sidebar-view.ts";
import { rememberedTasks } from "./task-box.ts";

export class SidebarState {
	private empty: EmptyState = { kind: "ready" };
	private past: PastRun | null = null;
	/** Model that the next run would use, or null while unknown. */
	model: string | null = null;

	constructor(
		private readonly parts: {
			readonly controller: RunController;
			readonly history: RunHistory;
			readonly folders: FolderChoice;
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

	get status(): ViewStatus {
		const { controller, folders } = this.parts;
		return { empty: this.empty, running: controller.running, model: this.model, folder: nameOf(folders) };
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

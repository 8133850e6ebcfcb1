/** Both directions through the glass between the extension host and the sidebar's webview, and the guard of each. */
import type { BenchmarkRow } from "./core/benchmark/table.ts";
import type { RunEvent } from "./core/events.ts";
import { RUN_MODES, type RunMode } from "./core/run-mode.ts";
import type { RunSummary } from "./core/run-summary.ts";
import type { Timeline } from "./core/timeline.ts";

/** Why the view shows something other than a run: each has its action. */
export type EmptyState =
	| { readonly kind: "no-folder" }
	/** Folders are open, none of them on this machine's disk. */
	| { readonly kind: "virtual" }
	| { readonly kind: "untrusted" }
	| { readonly kind: "no-server"; readonly server: string; readonly fix: string }
	| { readonly kind: "no-model"; readonly fix: string }
	| { readonly kind: "no-pytest"; readonly fix: string }
	/** Of these three a task can make an end. */
	| { readonly kind: "no-python-files" }
	| { readonly kind: "no-tests" }
	| { readonly kind: "no-runs"; readonly inSample: boolean }
	| { readonly kind: "ready" };

/** What may change without an event of a run. */
export interface ViewStatus {
	readonly empty: EmptyState;
	readonly running: boolean;
	/** Model that the next run would use, for people; null while unknown. */
	readonly model: string | null;
	/** Name of the folder that the next task is for; null where there is but one. */
	readonly folder: string | null;
	/** The run whose changes can be shown; empty: none. */
	readonly reviewableRun: string;
}

export interface Snapshot extends ViewStatus {
	/** The editor's language, and its translations by their English texts. */
	readonly language: string;
	readonly words: Readonly<Record<string, string>>;
	readonly task: string;
	/** Of the last or current run, or of the past one that `past` names. */
	readonly timeline: Timeline | null;
	/** A run of the history that is looked at; null: the newest. */
	readonly past: string | null;
	/** Newest first. */
	readonly history: readonly RunSummary[];
}

export interface Completion {
	/** What stands in the task once it is chosen. */
	readonly label: string;
	readonly detail: string;
}

/** Host to webview: a snapshot when the view becomes ready (or shows another run), then events. */
export type HostMessage =
	| { readonly type: "snapshot"; readonly snapshot: Snapshot }
	| { readonly type: "event"; readonly event: RunEvent }
	| ({ readonly type: "status" } & ViewStatus)
	| { readonly type: "history"; readonly history: readonly RunSummary[] }
	/** A task to look over and send, put into the box with the focus on it. */
	| { readonly type: "draft"; readonly task: string }
	/** Answers `complete` with the same text. */
	| { readonly type: "completions"; readonly text: string; readonly items: readonly Completion[] };

/** The benchmark page's whole content; words are in the person's language already. */
export interface BenchmarkView {
	/** The best first; null: nothing was measured yet. */
	readonly rows: readonly BenchmarkRow[] | null;
	/** When, where and for how long, in words. */
	readonly about: string;
	/** What is measured at this moment, or null. */
	readonly step: string | null;
	readonly words: BenchmarkWords;
	/** BCP 47, for figures. */
	readonly language: string;
}

export const BENCHMARK_WORDS = [
	"title",
	"empty",
	"measure",
	"measureAgain",
	"cancel",
	"asJson",
	"overview",
	"model",
	"simple",
	"toolCall",
	"toolSupport",
	"forWhom",
	"chart",
	"chartHelp",
	"chartEmpty",
	"timeToGreen",
	"writing",
	"perSecond",
	"details",
	"rank",
	"green",
	"rounds",
	"right",
	"files",
	"restraint",
	"firstToken",
	"reading",
	"coldStart",
	"prefix",
	"prefixKept",
	"prefixLost",
	"memory",
	"context",
	"change",
	"notes",
	"ranked",
	"unranked",
	"first",
	"reliable",
	"edits",
	"answers",
	"nobody",
	"unknown",
] as const;
export type BenchmarkWords = Readonly<Record<(typeof BENCHMARK_WORDS)[number], string>>;

export type BenchmarkHostMessage = { readonly type: "benchmark"; readonly view: BenchmarkView };

const BENCHMARK_ACTIONS = ["ready", "measure", "cancel", "show-json"] as const;
export type BenchmarkPageMessage = { readonly type: (typeof BENCHMARK_ACTIONS)[number] };

/** Reads what the benchmark page sent; anything else is null and dropped. */
export function parseBenchmarkMessage(value: unknown): BenchmarkPageMessage | null {
	const type = typeof value === "object" && value !== null && "type" in value ? value.type : null;
	const action = BENCHMARK_ACTIONS.find((known) => known === type);
	return action === undefined ? null : { type: action };
}

export type WebviewMessage =
	| { readonly type: "ready" }
	/** `mode` left out: `edit`. */
	| { readonly type: "run"; readonly task: string; readonly mode?: RunMode }
	| { readonly type: "stop" }
	/** `file` is workspace-relative; the host checks it again. */
	| { readonly type: "open"; readonly file: string; readonly line: number; readonly column: number }
	/** What a round changed; `file` null: all of it. `round` null: what the whole run changed. */
	| { readonly type: "changes"; readonly runId: string; readonly round: number | null; readonly file: string | null }
	| { readonly type: "undo-round"; readonly round: number }
	| { readonly type: "history"; readonly action: HistoryAction; readonly runId: string }
	/** What may follow a `#` in the task. */
	| { readonly type: "complete"; readonly text: string }
	| { readonly type: "action"; readonly action: ViewAction };

const VIEW_ACTIONS = [
	"probe",
	"select-model",
	"check-setup",
	"show-log",
	"undo",
	"open-folder",
	"clone",
	"manage-trust",
	"use-practice-model",
	"sample-project",
	"choose-folder",
	"templates",
	"show-current",
	"retry",
] as const;
export type ViewAction = (typeof VIEW_ACTIONS)[number];

const HISTORY_ACTIONS = ["show", "rerun", "export", "forget"] as const;
export type HistoryAction = (typeof HISTORY_ACTIONS)[number];

const MAX_TASK_CHARS = 20_000;
const MAX_PATH_CHARS = 4_096;
const MAX_ID_CHARS = 100;

/** Reads what the webview sent; anything that is not exactly one of its messages is null and dropped. */
export function parseWebviewMessage(value: unknown): WebviewMessage | null {
	if (typeof value !== "object" || value === null || !("type" in value)) return null;
	const { type, ...rest } = value;
	const fields = new Map<string, unknown>(Object.entries(rest));
	const text = (name: string, maxChars: number) => textOf(fields.get(name), maxChars);
	switch (type) {
		case "ready":
		case "stop":
			return { type };
		case "run": {
			const task = text("task", MAX_TASK_CHARS);
			const given = fields.get("mode");
			const mode = RUN_MODES.find((known) => known === given);
			if (task === null || (given !== undefined && mode === undefined)) return null;
			return mode === undefined ? { type, task } : { type, task, mode };
		}
		case "open": {
			const file = text("file", MAX_PATH_CHARS);
			const line = positionOf(fields.get("line"));
			const column = positionOf(fields.get("column"));
			return file === null || line === null || column === null ? null : { type, file, line, column };
		}
		case "changes": {
			const runId = text("runId", MAX_ID_CHARS);
			const round = positionOf(fields.get("round"));
			const file = text("file", MAX_PATH_CHARS);
			const known = (round !== null || fields.get("round") === null) && (file !== null || fields.get("file") === null);
			return known && runId !== null ? { type, runId, round, file } : null;
		}
		case "undo-round": {
			const round = positionOf(fields.get("round"));
			return round === null ? null : { type, round };
		}
		case "history": {
			const action = HISTORY_ACTIONS.find((known) => known === fields.get("action"));
			const runId = text("runId", MAX_ID_CHARS);
			return action === undefined || runId === null ? null : { type, action, runId };
		}
		case "complete": {
			const asked = text("text", MAX_PATH_CHARS);
			return asked === null ? null : { type, text: asked };
		}
		case "action": {
			const action = VIEW_ACTIONS.find((known) => known === fields.get("action"));
			return action === undefined ? null : { type, action };
		}
		default:
			return null;
	}
}

function textOf(value: unknown, maxChars: number): string | null {
	return typeof value === "string" && value.length <= maxChars ? value : null;
}

function positionOf(value: unknown): number | null {
	return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 10_000_000 ? value : null;
}

/** Both directions through the glass between the extension host and the sidebar's webview, and the guard of each. */
import type { BenchmarkRow } from "./core/benchmark/table.ts";
import type { RunEvent } from "./core/events.ts";
import type { Timeline } from "./core/timeline.ts";

/** Why the view shows something other than a run: each has its action. */
export type EmptyState =
	| { readonly kind: "no-folder" }
	| { readonly kind: "untrusted" }
	| { readonly kind: "no-server"; readonly server: string; readonly fix: string }
	| { readonly kind: "no-model"; readonly fix: string }
	| { readonly kind: "no-pytest"; readonly fix: string }
	| { readonly kind: "ready" };

export interface Snapshot {
	readonly empty: EmptyState;
	readonly task: string;
	readonly running: boolean;
	/** Model that the next run would use, for people; null while unknown. */
	readonly model: string | null;
	/** Of the last or current run. */
	readonly timeline: Timeline | null;
}

/** Host to webview: one snapshot when the view becomes ready (or shows again), then events. */
export type HostMessage =
	| { readonly type: "snapshot"; readonly snapshot: Snapshot }
	| { readonly type: "event"; readonly event: RunEvent }
	| { readonly type: "status"; readonly empty: EmptyState; readonly running: boolean; readonly model: string | null };

/** The benchmark page's whole content; words are in the person's language already. */
export interface BenchmarkView {
	/** The best first; null: nothing was measured yet. */
	readonly rows: readonly BenchmarkRow[] | null;
	/** When, where and for how long, in words. */
	readonly about: string;
	/** What is measured at this moment, or null. */
	readonly step: string | null;
	readonly words: BenchmarkWords;
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

export const BENCHMARK_ACTIONS = ["ready", "measure", "cancel", "show-json"] as const;
export type BenchmarkPageMessage = { readonly type: (typeof BENCHMARK_ACTIONS)[number] };

/** Reads what the benchmark page sent; anything else is null and dropped. */
export function parseBenchmarkMessage(value: unknown): BenchmarkPageMessage | null {
	const type = typeof value === "object" && value !== null && "type" in value ? value.type : null;
	const action = BENCHMARK_ACTIONS.find((known) => known === type);
	return action === undefined ? null : { type: action };
}

export type WebviewMessage =
	| { readonly type: "ready" }
	| { readonly type: "run"; readonly task: string }
	| { readonly type: "stop" }
	/** `file` is workspace-relative; the host checks it again. */
	| { readonly type: "open"; readonly file: string; readonly line: number; readonly column: number }
	/** Of the run that is shown. */
	| { readonly type: "undo-round"; readonly round: number }
	| { readonly type: "action"; readonly action: ViewAction };

export const VIEW_ACTIONS = [
	"probe",
	"select-model",
	"check-setup",
	"show-log",
	"undo",
	"open-folder",
	"use-practice-model",
	"retry",
] as const;
export type ViewAction = (typeof VIEW_ACTIONS)[number];

const MAX_TASK_CHARS = 20_000;
const MAX_PATH_CHARS = 4_096;

/** Reads what the webview sent; anything that is not exactly one of its messages is null and dropped. */
export function parseWebviewMessage(value: unknown): WebviewMessage | null {
	if (typeof value !== "object" || value === null || !("type" in value)) return null;
	switch (value.type) {
		case "ready":
		case "stop":
			return { type: value.type };
		case "run":
			return "task" in value && isText(value.task, MAX_TASK_CHARS) ? { type: "run", task: value.task } : null;
		case "open":
			return "file" in value &&
				isText(value.file, MAX_PATH_CHARS) &&
				"line" in value &&
				isPosition(value.line) &&
				"column" in value &&
				isPosition(value.column)
				? { type: "open", file: value.file, line: value.line, column: value.column }
				: null;
		case "undo-round":
			return "round" in value && isPosition(value.round) ? { type: "undo-round", round: value.round } : null;
		case "action": {
			const action = "action" in value ? VIEW_ACTIONS.find((known) => known === value.action) : undefined;
			return action === undefined ? null : { type: "action", action };
		}
		default:
			return null;
	}
}

function isText(value: unknown, maxChars: number): value is string {
	return typeof value === "string" && value.length <= maxChars;
}

function isPosition(value: unknown): value is number {
	return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 10_000_000;
}

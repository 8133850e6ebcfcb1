/** What a timeline holds: the run, its rounds, and what each round's probes, call and tools did. */
import type { ModelCall, Outcome, Phases, Verdict } from "./events.ts";
import type { ModelState } from "./model/conversation.ts";
import type { Finding, ProbeName } from "./probes/finding.ts";
import type { ProbeForm, Wave } from "./probes/form.ts";
import type { NotRunReason, ProbeScope, TestCounts } from "./probes/report.ts";
import type { RunMode } from "./run-mode.ts";

/** One probe of one round, as last heard. Times in ms since the run began. */
export type ProbeEntry = {
	readonly probe: ProbeName;
	readonly scope: ProbeScope;
	readonly wave: Wave | null;
	readonly startedAt: number;
	/** Beside the model. */
	readonly background?: true;
} & (
	| {
			readonly status: "running";
			/** Id of the first test that failed so far. */
			readonly failing?: string;
	  }
	| {
			readonly status: "clean" | "findings";
			readonly durationMs: number;
			readonly cache: "hit" | "miss";
			readonly why: string;
			readonly form: ProbeForm | null;
			readonly findingCount: number;
			readonly counts: TestCounts | null;
	  }
	| {
			readonly status: "not-run";
			readonly durationMs: number;
			readonly cache: "hit" | "miss";
			readonly why: string;
			readonly form: ProbeForm | null;
			readonly reason: NotRunReason;
			readonly message: string;
			readonly fix: string;
	  }
);

export interface ModelEntry extends ModelCall {
	readonly startedAt: number;
	readonly finished: boolean;
}

export interface ToolEntry {
	readonly callId: string;
	readonly name: string;
	readonly target: string;
	readonly startedAt: number;
	/** null while it runs. */
	readonly result: {
		readonly ok: boolean;
		readonly code: string;
		readonly message: string;
		readonly durationMs: number;
		/** Of that, a person's time to answer; only where one was asked. */
		readonly waitedMs?: number;
		readonly files: readonly string[];
	} | null;
}

/** A line for people; what calls for their attention is a warning. */
export interface Notice {
	readonly level: "info" | "warning";
	readonly message: string;
}

export interface RoundEntry {
	readonly round: number;
	readonly startedAt: number;
	/** null while it runs. */
	readonly durationMs: number | null;
	/** Of that, a person's time to answer; only where one was asked. */
	readonly waitedMs?: number;
	readonly phases: Phases | null;
	/** In the order in which they started; a full probe may follow the affected one. */
	readonly probes: readonly ProbeEntry[];
	readonly filesMs: number;
	readonly verdict: Verdict | null;
	readonly model: ModelEntry | null;
	readonly tools: readonly ToolEntry[];
	readonly notices: readonly Notice[];
}

export interface Timeline {
	readonly runId: string;
	readonly task: string;
	readonly mode: RunMode;
	readonly model: string;
	readonly protocol: string;
	readonly workspace: string;
	readonly maxRounds: number;
	/** Tokens of the context window that the run uses; 0 before one. */
	readonly contextLength: number;
	readonly state: "idle" | "probing" | "asking" | "applying" | "finished";
	/** Of the call under way. */
	readonly modelState: ModelState | null;
	/** The end of what the model is writing now, at most `LIVE_TEXT_CHARS` (timeline.ts) characters. */
	readonly liveText: string;
	readonly rounds: readonly RoundEntry[];
	/** The newest probe outside a run, as far as none of a run came after it; its times are its own. */
	readonly outside: readonly ProbeEntry[];
	/** Of the newest probes. */
	readonly findings: readonly Finding[];
	readonly verdict: Verdict | null;
	/** Of the first probe. */
	readonly baseline: Verdict | null;
	readonly totals: Phases;
	readonly filesChanged: readonly string[];
	readonly outcome: Outcome | null;
	readonly durationMs: number;
	/** Those of no round in particular. */
	readonly notices: readonly Notice[];
	/** Files that the person had put back since. */
	readonly undone: readonly string[];
}

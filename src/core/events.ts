/** The one stream of a run's events: the only source for sidebar, Problems, log, CLI, benchmark and golden tests. */
import type { ChatUsage, Json, ModelState, ToolProtocol } from "./model/conversation.ts";
import type { Clock } from "./ports.ts";
import type { Finding, ProbeName, TestFinding } from "./probes/finding.ts";
import type { ProbeForm, Wave } from "./probes/form.ts";
import type { NotRunReason, ProbeScope, TestCounts } from "./probes/report.ts";
import type { RunMode } from "./run-mode.ts";

export type OutcomeKind = "green" | "stopped" | "failed" | "cancelled";

export interface Outcome {
	readonly kind: OutcomeKind;
	/** In words, for people. */
	readonly reason: string;
	/** The next step, where there is one. */
	readonly fix?: string;
	/** The model's words, where it was asked for a plan. */
	readonly plan?: string;
}

/** Milliseconds; phases may overlap (a warm-up beside the first probe), so they need not add up to the round. */
export interface Phases {
	readonly model: number;
	readonly probe: number;
	readonly context: number;
	readonly tools: number;
}

/** `affected-green`: what the change can have touched passes; the whole was not asked yet. */
export type VerdictState = "green" | "affected-green" | "failing" | "not-run";

export interface Verdict {
	readonly state: VerdictState;
	/** For `not-run`: which probe, and why; otherwise the counts. In words. */
	readonly detail: string;
	readonly failing: readonly string[];
	readonly findings: number;
	/** Against the probe before. */
	readonly delta: { readonly fixed: number; readonly added: number; readonly still: number };
}

export interface EventToolCall {
	readonly name: string;
	readonly arguments: { readonly [key: string]: Json };
}

/** What a model call came to. */
export interface ModelCall extends ChatUsage {
	readonly ok: boolean;
	readonly durationMs: number;
	readonly tokensPerSecond: number;
	readonly toolCalls: readonly EventToolCall[];
}

/** Ways out of being stuck, in the order in which they are tried. */
export type EscalationStep = "fresh-context" | "other-protocol" | "larger-model" | "thinking";

type InRound<T> = T & { readonly round: number };

export type RunEventBody =
	| {
			readonly type: "run-started";
			readonly runId: string;
			readonly task: string;
			/** `edit` in logs of before there was another. */
			readonly mode?: RunMode;
			readonly model: string;
			readonly protocol: ToolProtocol;
			readonly workspace: string;
			readonly maxRounds: number;
			readonly contextLength: number;
			/** Only where a run goes on that was cut off: rounds begun before; the next has the number after it. */
			readonly roundsBefore?: number;
	  }
	| InRound<{ readonly type: "round-started" }>
	| InRound<{
			readonly type: "probe-started";
			readonly probe: ProbeName;
			readonly scope: ProbeScope;
			readonly wave: Wave | null;
			/** Beside the model: it may end in a later round, or never. */
			readonly background?: true;
	  }>
	/** The first test that fails while others still run: news, and no verdict. */
	| InRound<{ readonly type: "probe-failing"; readonly finding: TestFinding }>
	| InRound<
			{
				readonly type: "probe-finished";
				readonly probe: ProbeName;
				readonly cache: "hit" | "miss";
				readonly why: string;
				readonly scope: ProbeScope;
				readonly wave: Wave | null;
				readonly form: ProbeForm | null;
				readonly durationMs: number;
				readonly background?: true;
			} & (
				| {
						readonly status: "clean" | "findings";
						readonly findings: readonly Finding[];
						/** Only of pytest. */
						readonly counts?: TestCounts;
				  }
				| { readonly status: "not-run"; readonly reason: NotRunReason; readonly message: string; readonly fix: string }
			)
	  >
	| InRound<
			{
				readonly type: "verdict";
				readonly filesMs: number;
				readonly durationMs: number;
				readonly files: readonly string[];
			} & Verdict
	  >
	/** After the run, by the editor: what the person had put back as it was before. */
	| { readonly type: "undone"; readonly files: readonly string[] }
	/** Fixes that need no model, before a call is spent on them. */
	| InRound<{
			readonly type: "lint-fixed";
			readonly files: readonly string[];
			/** Lint findings of the whole workspace. */
			readonly findingsBefore: number;
			readonly findingsAfter: number;
			/** A test failed with them, or they did no good, so the files are as they were before. */
			readonly takenBack: boolean;
			/** In words. */
			readonly reason: string;
			readonly durationMs: number;
	  }>
	| InRound<{ readonly type: "model-started"; readonly promptTokensEstimate: number }>
	| InRound<{ readonly type: "model-state"; readonly state: ModelState }>
	| InRound<{ readonly type: "model-delta"; readonly text: string; readonly thinking: boolean }>
	| InRound<{ readonly type: "model-finished" } & ModelCall>
	| InRound<{ readonly type: "tool-started"; readonly name: string; readonly callId: string; readonly target: string }>
	| InRound<{
			readonly type: "tool-finished";
			readonly name: string;
			readonly callId: string;
			readonly ok: boolean;
			/** `ok`, or why not: `bad-arguments`, `unknown-tool`, `syntax-error`, `refused`, a WorkspaceErrorCode or UserErrorKind. */
			readonly code: string;
			readonly message: string;
			readonly durationMs: number;
			/** Of that, how long a person took to answer; only where one was asked. */
			readonly waitedMs?: number;
			readonly files: readonly string[];
	  }>
	/** The run is stuck, and the model is asked in another way from this round on. */
	| InRound<{
			readonly type: "escalated";
			readonly step: EscalationStep;
			/** What showed it, in words. */
			readonly reason: string;
			readonly model: string;
			readonly protocol: ToolProtocol;
			readonly contextLength: number;
	  }>
	/** Something worth a line that is none of the above: a retry, a reload, the practice model's label. */
	| {
			readonly type: "notice";
			readonly level: "info" | "warning";
			readonly message: string;
			readonly round?: number;
			/** `unreadable-answer`: the round was spent on an answer that could not be read as calls or as words. */
			readonly about?: "unreadable-answer";
	  }
	| InRound<{
			readonly type: "round-finished";
			readonly durationMs: number;
			/** Of that, how long a person took to answer; only where one was asked. No part of the phases. */
			readonly waitedMs?: number;
			readonly phases: Phases;
	  }>
	| {
			readonly type: "run-finished";
			readonly outcome: Outcome;
			readonly rounds: number;
			readonly filesChanged: readonly string[];
			readonly durationMs: number;
			readonly totals: Phases;
	  };

/** `at`: milliseconds since the run began, to 0.1. */
export type RunEvent = RunEventBody & { readonly seq: number; readonly at: number };

/** Synchronous: the loop never waits for a spectator. */
export type EventSink = (event: RunEvent) => void;
export type Emit = (body: RunEventBody) => void;

/** Numbers and times events, and hands each to all sinks; a sink that throws is dropped and reported, never the run's problem. */
export function createEmitter(clock: Clock, sinks: readonly EventSink[], onSinkError: (error: unknown) => void): Emit {
	const startedAt = clock.now();
	const live = new Set(sinks);
	let seq = 0;
	return (body) => {
		const event: RunEvent = { ...body, seq: seq++, at: Math.round((clock.now() - startedAt) * 10) / 10 };
		for (const sink of live) {
			try {
				sink(event);
			} catch (error) {
				live.delete(sink);
				onSinkError(error);
			}
		}
	};
}

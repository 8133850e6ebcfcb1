/** What a run knows so far; run.ts owns it, the steps of a round read and extend it. */
import type { Emit, EscalationStep } from "./events.ts";
import type { LoopSwitches } from "./loop-switches.ts";
import type { ApproveMode, RunParts } from "./machine.ts";
import type { ChatMessage, ToolProtocol, ToolSchema } from "./model/conversation.ts";
import type { KnownFile } from "./model/protocol.ts";
import type { ChatModel, Clock, Logger } from "./ports.ts";
import type { WorkspaceReport } from "./probes/report.ts";
import type { ResumePoint } from "./record/kept-run.ts";
import type { FullRun, RoundRecord } from "./round-record.ts";
import type { BesideModel, RunMode } from "./run-mode.ts";
import type { TimedApprover } from "./timed-approver.ts";
import type { CallHistory } from "./tools/call-history.ts";
import type { EditFailures } from "./tools/edit-failures.ts";
import type { SeenFiles } from "./tools/seen-files.ts";

export type { AppliedCall, Malformed, RoundRecord } from "./round-record.ts";

export interface RunOptions {
	readonly runId: string;
	readonly task: string;
	/** `edit` where it is left out. */
	readonly mode?: RunMode;
	/** Texts that the task refers to, for the model; empty where it is left out. */
	readonly context?: string;
	/** Model calls at most. */
	readonly maxRounds: number;
	readonly maxMinutes: number;
	readonly approve: ApproveMode;
	/** Attempts to change something, all with the same failures after them, that show that the run is stuck. */
	readonly noProgressRounds: number;
	/** Parts of the loop that are left out; all are in where it is left out. No escalation: for a model that is asked in one way only. */
	readonly loop?: Partial<LoopSwitches>;
	/** Whether the whole suite runs while the model answers; `auto` where it is left out. */
	readonly besideModel?: BesideModel;
	/** From where a run that was cut off goes on; null: a new run. */
	readonly resume: ResumePoint | null;
	/** What is to be said at the start, for people. */
	readonly notices: readonly string[];
}

/** Everything the steps need besides the state, fixed for the run. */
export interface RunContext {
	readonly parts: RunParts & { readonly approver: TimedApprover };
	readonly options: RunOptions;
	readonly emit: Emit;
	readonly clock: Clock;
	readonly logger: Logger;
}

/** What the steps of one round share. */
export interface RoundContext extends RunContext {
	readonly state: RunState;
	readonly round: number;
	/** The report of the round before, for the delta; null in the first round. */
	readonly previous: WorkspaceReport | null;
}

/** How the model is asked from now on; escalation changes it. */
export interface Asking {
	readonly model: ChatModel;
	readonly protocol: ToolProtocol;
	/** Those of the run's mode. */
	readonly tools: readonly ToolSchema[];
	readonly temperature: number;
	readonly seed: number;
	/** For the next call only. */
	readonly think: boolean;
}

export interface Escalated {
	/** Steps taken, in their order. */
	readonly steps: readonly EscalationStep[];
	/** Records before this one led to the newest step and count no more. */
	readonly since: number;
	/** No further step before this round: a step gets time to show what it is worth. */
	readonly notBefore: number;
}

export interface Told {
	/** What the model is told, the last of the conversation. */
	readonly message: ChatMessage;
	/** In play, with their texts of now. */
	readonly files: readonly KnownFile[];
}

/** A prompt that may be asked again: whole in itself, about short files alone. */
export interface AskedPrompt {
	readonly message: ChatMessage;
	/** The same without the code that fails, to be written anew; null where nothing can be left out. */
	readonly rewrite: ChatMessage | null;
	/** How bad the workspace was when it was asked. */
	readonly badness: number;
	/** What failed then. */
	readonly failures: {
		/** Ids of tests. */
		readonly failing: ReadonlySet<string>;
		/** What the failures themselves say is to be done. */
		readonly hints: ReadonlySet<string>;
	};
	/** How often it was asked again. */
	readonly times: number;
	/** Whether this very message was asked before. */
	readonly isRepeated: boolean;
}

export interface RunState {
	/** Files that a task which builds something names, and that were not there when the model was last asked. */
	missing: readonly string[];
	/**
	 * Begins with system prompt and task, which stay. What follows is appended to, but for three cuts: compaction, the fresh context of an
	 * escalation, and rounds as text that begin from the files of now (context-step.ts).
	 */
	conversation: readonly ChatMessage[];
	/** Finished rounds, oldest first. */
	records: readonly RoundRecord[];
	readonly filesChanged: Set<string>;
	/** Those of them that were not there before. */
	readonly filesCreated: Set<string>;
	/** Files that the run itself put back as they were before it: no other hand did that. */
	readonly filesRestored: Set<string>;
	/** What the run took away from the checks themselves, in words. */
	readonly weakened: Set<string>;
	readonly seen: SeenFiles;
	readonly history: CallHistory;
	readonly editFailures: EditFailures;
	/** Files on which ruff's safe fixes are not tried again: nothing came of it, or a test failed with them. */
	readonly notFixable: Set<string>;
	/** Files that ruff's unsafe fixes were tried on, each with its hash of then. */
	readonly unsafelyTried: Set<string>;
	/** The whole suite's run of the content as it is; null where none was begun, or the content changed since. */
	fullRun: FullRun | null;
	/** How long the whole suite took when it last ran; null before it did. */
	fullRunMs: number | null;
	asking: Asking;
	/** The last prompt, where it may be asked again. */
	asked: AskedPrompt | null;
	escalated: Escalated;
	/** Prompt tokens by the server's count over our estimate; 1 before the first call of a model. */
	tokenRatio: number;
	/** Ids for tool calls, one counter so that the same run makes the same bytes. */
	nextCallId: () => string;
	/** The model's warm-up beside the first probe; resolves in any case. */
	warmUp: Promise<void>;
}

/** What a run knows so far; run.ts owns it, the steps of a round read and extend it. */
import type { Emit, Verdict } from "./events.ts";
import type { ApproveMode, RunParts } from "./machine.ts";
import type { ChatMessage } from "./model/conversation.ts";
import type { Clock, Logger } from "./ports.ts";
import type { WorkspaceReport } from "./probes/report.ts";
import type { SeenFiles } from "./tools/seen-files.ts";

export interface RunOptions {
	readonly runId: string;
	readonly task: string;
	/** Model calls at most. */
	readonly maxRounds: number;
	readonly maxMinutes: number;
	readonly approve: ApproveMode;
	/** Attempts to change something, all with the same failures after them, that end the run. */
	readonly noProgressRounds: number;
}

/** Everything the steps need besides the state, fixed for the run. */
export interface RunContext {
	readonly parts: RunParts;
	readonly options: RunOptions;
	readonly emit: Emit;
	readonly clock: Clock;
	readonly logger: Logger;
}

/** One tool call with what came back, as far as repetition and progress are judged by it. */
export interface AppliedCall {
	readonly name: string;
	/** Name, arguments and result: equal for equal calls with equal results. */
	readonly signature: string;
	readonly triedToChange: boolean;
}

export interface RoundRecord {
	readonly round: number;
	readonly report: WorkspaceReport;
	readonly verdict: Verdict;
	readonly calls: readonly AppliedCall[];
	/** The model's words when it called no tool; null otherwise. */
	readonly answer: string | null;
	/** Why its answer could not be read; null where it could. */
	readonly malformed: string | null;
}

export interface RunState {
	/** Append-only but for compaction. */
	conversation: readonly ChatMessage[];
	/** Finished rounds, oldest first. */
	records: readonly RoundRecord[];
	readonly filesChanged: Set<string>;
	/** What the run took away from the checks themselves, in words. */
	readonly weakened: Set<string>;
	readonly seen: SeenFiles;
	/** Prompt tokens by the server's count over our estimate, of the newest call; 1 before the first. */
	tokenRatio: number;
	/** Ids for tool calls, one counter so that the same run makes the same bytes. */
	nextCallId: () => string;
	/** The model's warm-up beside the first probe; resolves in any case. */
	warmUp: Promise<void>;
}

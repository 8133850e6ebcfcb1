/** What a run knows so far; run.ts owns it, the steps of a round read and extend it. */
import type { Emit } from "./events.ts";
import type { ApproveMode, RunParts } from "./machine.ts";
import type { ChatMessage } from "./model/conversation.ts";
import type { Clock, Logger } from "./ports.ts";
import type { ResumePoint } from "./record/kept-run.ts";
import type { RoundRecord } from "./round-record.ts";
import type { SeenFiles } from "./tools/seen-files.ts";

export type { AppliedCall, RoundRecord } from "./round-record.ts";

export interface RunOptions {
	readonly runId: string;
	readonly task: string;
	/** Model calls at most. */
	readonly maxRounds: number;
	readonly maxMinutes: number;
	readonly approve: ApproveMode;
	/** Attempts to change something, all with the same failures after them, that end the run. */
	readonly noProgressRounds: number;
	/** From where a run that was cut off goes on; null: a new run. */
	readonly resume: ResumePoint | null;
	/** What is to be said at the start, for people. */
	readonly notices: readonly string[];
}

/** Everything the steps need besides the state, fixed for the run. */
export interface RunContext {
	readonly parts: RunParts;
	readonly options: RunOptions;
	readonly emit: Emit;
	readonly clock: Clock;
	readonly logger: Logger;
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

/** Rounds until a stop condition holds; every ending becomes one outcome. */
import type { EventSink, Outcome } from "./events.ts";
import type { ApproveMode, RunParts } from "./machine.ts";
import type { Clock, Logger } from "./ports.ts";

export interface RunOptions {
	readonly runId: string;
	readonly task: string;
	readonly maxRounds: number;
	readonly maxMinutes: number;
	readonly approve: ApproveMode;
}

/** Runs the loop. Never throws: the outcome, also emitted as the one `run-finished`, says how it ended. */
export declare function run(
	parts: RunParts,
	options: RunOptions,
	sinks: readonly EventSink[],
	environment: { readonly clock: Clock; readonly logger: Logger },
	signal: AbortSignal,
): Promise<Outcome>;

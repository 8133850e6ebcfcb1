/**
 * The load options of a session: decided once, because a server loads a model anew, for seconds, whenever one of them changes
 * (measured: num_ctx, num_batch, num_thread).
 */
import type { Placement } from "./running.ts";

const MAX_AUTO_CONTEXT = 16_384;
/** Context lengths that a session may use. */
const CONTEXT_STEPS = [65_536, 32_768, 16_384, 8_192] as const;
/** Measured on a CPU: a cancel while the prompt is read waits for the batch in hand, 8.4 s with 512 and 0.2 s with 64, at the same reading speed. */
const CPU_BATCH = 64;
const FEW_CORES = 2;

export interface LoadOptions {
	readonly num_ctx: number;
	readonly num_batch?: number;
	readonly num_thread?: number;
}

/** Tokens of context for a session: what the model was trained for, at most 16k; a larger one that is loaded already is taken over. */
export function chooseContext(trained: number | null, allocated: number | null, wanted: number | null = null): number {
	const most = trained ?? Number.POSITIVE_INFINITY;
	if (wanted !== null) return Math.min(wanted, most);
	const auto = Math.min(most, MAX_AUTO_CONTEXT);
	const larger = allocated !== null && allocated > auto ? CONTEXT_STEPS.find((step) => step <= allocated) : undefined;
	return Math.max(auto, Math.min(larger ?? 0, most));
}

/**
 * On the CPU, small batches keep a cancel quick, and one core stays free: with all of them in use one busy process makes
 * decoding fall from 31 to 0.8 tokens a second (measured on two cores). Where that core is half of the machine it is left free
 * only once the model was starved: both of two cores read 2.0 times and write 1.6 times as fast as one (measured, 1.5B).
 * @param cores of the machine that serves, or null where that is another one
 * @param starved whether other programs took the model's cores in this session
 */
export function loadOptions(
	contextLength: number,
	placement: Placement,
	cores: number | null,
	starved = false,
): LoadOptions {
	if (placement !== "cpu") return { num_ctx: contextLength };
	return {
		num_ctx: contextLength,
		num_batch: CPU_BATCH,
		...(cores === null ? {} : { num_thread: takesAllCores(cores, starved) ? cores : Math.max(1, cores - 1) }),
	};
}

function takesAllCores(cores: number, starved: boolean): boolean {
	return cores <= FEW_CORES && !starved;
}

/** The whole suite's run beside the model: begun when the affected tests were judged, ended by the next write. */
import { isAbort } from "./errors.ts";
import { probeWhole } from "./probe-step.ts";
import type { FullRun, Probed } from "./round-record.ts";
import type { RoundContext, RunState } from "./run-state.ts";

/**
 * Begins it. Its answer arrives as events of the round in which it began.
 * @param affected what the affected part said
 */
export function beginFullRun(context: RoundContext, affected: Probed, signal: AbortSignal): FullRun {
	const own = new AbortController();
	let said: Probed | null = null;
	let isOver = false;
	const judge = async (): Promise<Probed | null> => {
		try {
			const within = AbortSignal.any([signal, own.signal]);
			said = await probeWhole(context, affected, { background: true }, within);
		} catch (error) {
			// The next probe meets what this one met, and tells it.
			if (!isAbort(error)) context.logger.warn(`The full run beside the model failed: ${String(error)}`);
		}
		isOver = true;
		return said;
	};
	const ended = judge();
	return {
		said: () => said,
		isOver: () => isOver,
		ended,
		async cancel() {
			own.abort(new DOMException("A write made the full run out of date.", "AbortError"));
			await ended;
		},
	};
}

/** Before a write: what a full run says of the content before it must not pass for the state after it. */
export async function endFullRun(state: RunState): Promise<void> {
	const { fullRun } = state;
	state.fullRun = null;
	await fullRun?.cancel();
}

/** A clock that stands until a test moves it. */
import type { Clock } from "../../src/core/ports.ts";

export interface ManualClock extends Clock {
	/** Moves time on by so many milliseconds. */
	advance(ms: number): void;
}

export function createManualClock(startMs = 0): ManualClock {
	let now = startMs;
	return {
		now: () => now,
		advance(ms) {
			if (ms < 0) throw new Error("Time does not go back.");
			now += ms;
		},
	};
}

/** The time that a run may take; what a person takes to answer does not count. */

/** The longest that a timer can wait; anything more would end at once. */
const MAX_TIMER_MS = 2_147_483_647;

/**
 * Fires when a run has worked for so long.
 * @param waitedMs milliseconds that a person took to answer so far, the question that is open now included
 */
export function runLimit(limitMs: number, waitedMs: () => number): AbortSignal {
	const limit = new AbortController();
	const waitFor = (ms: number, counted: number) => {
		const timer = AbortSignal.timeout(Math.min(Math.ceil(ms), MAX_TIMER_MS));
		timer.addEventListener("abort", () => {
			const waited = waitedMs();
			if (waited > counted) waitFor(waited - counted, waited);
			else limit.abort(timer.reason);
		});
	};
	waitFor(limitMs, 0);
	return limit.signal;
}

/** How long a person took to answer: time that is neither the loop's nor a tool's. */
import type { Approver, Clock } from "./ports.ts";

export interface TimedApprover extends Approver {
	/** Milliseconds that its answers took so far. */
	readonly waitedMs: () => number;
}

export function timedApprover(approver: Approver, clock: Clock): TimedApprover {
	let waited = 0;
	return {
		async approve(request, signal) {
			const askedAt = clock.now();
			try {
				return await approver.approve(request, signal);
			} finally {
				waited += clock.now() - askedAt;
			}
		},
		waitedMs: () => waited,
	};
}

/** How long a person took to answer: time that is neither the loop's nor a tool's. */
import type { Approver, Clock } from "./ports.ts";

export interface TimedApprover extends Approver {
	/** Milliseconds that its answers took so far, the one that is waited for now included. */
	readonly waitedMs: () => number;
}

export function timedApprover(approver: Approver, clock: Clock): TimedApprover {
	let waited = 0;
	let askedAt: number | null = null;
	return {
		async approve(request, signal) {
			const now = clock.now();
			askedAt = now;
			try {
				return await approver.approve(request, signal);
			} finally {
				waited += clock.now() - now;
				askedAt = null;
			}
		},
		waitedMs: () => waited + (askedAt === null ? 0 : clock.now() - askedAt),
	};
}

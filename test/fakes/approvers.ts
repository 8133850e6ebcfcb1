/** People who decide, for tests. */
import type { ApprovalRequest, Approver } from "../../src/core/ports.ts";

export interface RecordingApprover extends Approver {
	/** What was asked, in order. */
	readonly asked: readonly ApprovalRequest[];
}

/** Gives the answers in turn, then the last one for ever. */
export function createApprover(...answers: readonly ("approved" | "refused")[]): RecordingApprover {
	const asked: ApprovalRequest[] = [];
	return {
		asked,
		async approve(request, signal) {
			signal.throwIfAborted();
			const answer = answers[asked.length] ?? answers.at(-1) ?? "refused";
			asked.push(request);
			return answer;
		},
	};
}

/** Fails a test in which anything is asked. */
export function createUnaskedApprover(): Approver {
	return {
		async approve({ change, why }) {
			throw new Error(`Nobody should be asked, but was: ${change.kind} ${change.path} (${why})`);
		},
	};
}

/** Never answers; only the signal ends the wait. */
export function createSilentApprover(): Approver {
	return {
		approve: (_request, signal) =>
			new Promise((_, reject) => {
				if (signal.aborted) reject(signal.reason);
				signal.addEventListener("abort", () => reject(signal.reason), { once: true });
			}),
	};
}

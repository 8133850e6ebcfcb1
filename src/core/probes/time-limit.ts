/** How long a test run may take: by what the whole suite last took, within the person's limit. */
import type { TestJudgement } from "./test-report.ts";

/** A busy machine, a cold disk and an interpreter that must be started are no hang. */
const FACTOR = 10;
const FLOOR_MS = 20_000;

export interface TimeLimit {
	readonly limitMs: number;
	/** Why it is less than the person's, in words; null where it is that. */
	readonly why: string | null;
}

/**
 * @param wholeMs what the whole suite last took; null where it is not known
 * @param mostMs the person's limit
 */
export function timeLimitOf(wholeMs: number | null, mostMs: number): TimeLimit {
	const limitMs = wholeMs === null ? mostMs : Math.max(FLOOR_MS, FACTOR * wholeMs);
	if (wholeMs === null || limitMs >= mostMs) return { limitMs: mostMs, why: null };
	return { limitMs, why: `the whole suite last took ${seconds(wholeMs)}` };
}

/** The judgement of a run that had such a limit: where it struck, the words say whence it comes and what to do. */
export function withLimitExplained(judgement: TestJudgement, { why }: TimeLimit, mostMs: number): TestJudgement {
	if (judgement.status !== "not-run" || judgement.reason !== "timed-out" || why === null) return judgement;
	return {
		...judgement,
		message: `${judgement.message}; ${why}, so the limit was not jetbox.pytestTimeout`,
		fix: `Look for a test that hangs. Probed again without a change, the tests get ${seconds(mostMs)} (jetbox.pytestTimeout); jetbox.probe.adaptiveTimeout switches the lower limit off.`,
	};
}

function seconds(ms: number): string {
	return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** One run of the whole suite by two processes that share its files: who takes what, and what both told as one. */
import type { Observed } from "./observed.ts";
import type { TestOutcome } from "./report.ts";
import type { TestJudgement } from "./test-report.ts";
import type { TestRun } from "./test-run.ts";

/** Fewer files are not worth another process. */
const MIN_FILES = 4;

/**
 * The files that one process takes, by the number of their tests; the other takes all the rest, so that no new file is left out.
 * @returns null where there is too little to share
 */
export function shareOf(testsByFile: ReadonlyMap<string, number>): readonly string[] | null {
	if (testsByFile.size < MIN_FILES) return null;
	const own: string[] = [];
	let ownTests = 0;
	let otherTests = 0;
	for (const [file, tests] of [...testsByFile].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))) {
		if (ownTests <= otherTests) {
			own.push(file);
			ownTests += tests;
		} else otherTests += tests;
	}
	return own;
}

/**
 * Two runs as one.
 * @returns null where they are not two parts of one whole: a part that could not be judged alone, or a test that ran in both
 */
export function joinedRun(one: TestRun, other: TestRun): TestRun | null {
	if ([...one.outcomes.keys()].some((id) => other.outcomes.has(id))) return null;
	const judgement = joinedJudgement(one.judgement, other.judgement);
	if (judgement === null) return null;
	return {
		judgement,
		form: one.form,
		why: ["two processes share the files", one.why].filter((words) => words !== "").join("; "),
		complete: one.complete && other.complete,
		outcomes: new Map<string, TestOutcome>([...one.outcomes, ...other.outcomes]),
		observed: one.observed === null || other.observed === null ? null : joinedObserved(one.observed, other.observed),
	};
}

function joinedJudgement(one: TestJudgement, other: TestJudgement): TestJudgement | null {
	const late = [one, other].find((part) => part.status === "not-run" && part.reason === "timed-out");
	if (late !== undefined) return late;
	if (isEmpty(one)) return other.status === "not-run" && !isEmpty(other) ? null : other;
	if (isEmpty(other)) return one.status === "not-run" ? null : one;
	if (one.status === "not-run" || other.status === "not-run") return null;
	const counts = {
		passed: one.counts.passed + other.counts.passed,
		failed: one.counts.failed + other.counts.failed,
		skipped: one.counts.skipped + other.counts.skipped,
		errors: one.counts.errors + other.counts.errors,
	};
	const findings = [...one.findings, ...other.findings];
	return findings.length === 0 ? { status: "clean", findings: [], counts } : { status: "findings", findings, counts };
}

function isEmpty(judgement: TestJudgement): boolean {
	return judgement.status === "not-run" && judgement.reason === "no-tests";
}

function joinedObserved(
	one: ReadonlyMap<string, Observed>,
	other: ReadonlyMap<string, Observed>,
): ReadonlyMap<string, Observed> {
	const joined = new Map(one);
	for (const [file, { reads, unfollowed, writes }] of other) {
		const known = joined.get(file);
		joined.set(file, {
			reads: [...new Set([...(known?.reads ?? []), ...reads])],
			unfollowed: [...new Set([...(known?.unfollowed ?? []), ...unfollowed])],
			writes: [...new Set([...(known?.writes ?? []), ...writes])],
		});
	}
	return joined;
}

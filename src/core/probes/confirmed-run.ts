/**
 * What a whole run at the lowest priority is worth: beside a busy model a test may fail of nothing but waiting, so that a failure
 * counts only where an ordinary run shows it, too.
 */
import { countsOf, type TestJudgement } from "./test-report.ts";
import type { TestRun } from "./test-run.ts";

/**
 * Test files that such a run says fail, and that an ordinary run has yet to confirm.
 * @param known ids of tests that an ordinary run saw fail on this content
 */
export function unconfirmedFiles({ judgement }: TestRun, known: ReadonlySet<string>): readonly string[] {
	if (judgement.status !== "findings") return [];
	return [
		...new Set(judgement.findings.filter(({ testId }) => !known.has(testId)).map(({ testId }) => fileOf(testId))),
	];
}

/**
 * Two runs as one: of these files the ordinary run has the word.
 * @param again the ordinary run of the files alone
 * @returns not run where it shows none of the failures: a test that fails only among others fails here as well as one that was starved
 */
export function confirmedRun(whole: TestRun, again: TestRun, files: readonly string[]): TestRun {
	const isDoubted = (testId: string) => files.includes(fileOf(testId));
	const why = [whole.why, `${filesWords(files)} again at ordinary priority`].filter((words) => words !== "").join("; ");
	const outcomes = new Map([...whole.outcomes].filter(([testId]) => !isDoubted(testId)));
	for (const [testId, outcome] of again.outcomes) outcomes.set(testId, outcome);
	const complete = whole.complete && again.complete;
	const judgement = joinedJudgement(whole.judgement, again.judgement, isDoubted, outcomes);
	return { ...whole, judgement, why, outcomes, complete };
}

function joinedJudgement(
	whole: TestJudgement,
	again: TestJudgement,
	isDoubted: (testId: string) => boolean,
	outcomes: TestRun["outcomes"],
): TestJudgement {
	const failures = whole.status === "findings" ? whole.findings : [];
	const standing = failures.filter(({ testId }) => !isDoubted(testId));
	const findings = again.status === "findings" ? [...standing, ...again.findings] : standing;
	if (findings.length > 0) return { status: "findings", findings, counts: countsOf(outcomes.values()) };
	const [first] = failures;
	const failed = first === undefined ? "" : `${first.testId}${failures.length > 1 ? " and others" : ""}`;
	return {
		status: "not-run",
		reason: "unconfirmed",
		message:
			again.status === "not-run"
				? `${failed} failed in the background, and could not be run again alone: ${again.message}`
				: `${failed} failed in the background, and passed when run again alone`,
		fix: "Probe again: then the whole suite runs at ordinary priority.",
	};
}

function fileOf(testId: string): string {
	return testId.split("::", 1)[0] ?? testId;
}

function filesWords(files: readonly string[]): string {
	return files.length === 1 ? "1 test file that failed ran" : `${files.length} test files that failed ran`;
}

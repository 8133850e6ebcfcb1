/** Builders of test runs, so that a test says only which test came out how. */
import type { NotRunReason, TestOutcome } from "../../src/core/probes/report.ts";
import { countsOf, type TestJudgement } from "../../src/core/probes/test-report.ts";
import type { TestRun } from "../../src/core/probes/test-run.ts";
import { failingTest } from "./reports.ts";

/** A run with these outcomes; what fails has a finding. */
export function testRunOf(outcomes: Readonly<Record<string, TestOutcome>>, more: Partial<TestRun> = {}): TestRun {
	const findings = Object.entries(outcomes).flatMap(([testId, outcome]) =>
		outcome === "failed" || outcome === "error" ? [{ ...failingTest(testId, "no"), code: outcome }] : [],
	);
	const counts = countsOf(Object.values(outcomes));
	return {
		judgement:
			findings.length > 0 ? { status: "findings", findings, counts } : { status: "clean", findings: [], counts },
		form: "forked",
		why: "",
		complete: true,
		outcomes: new Map(Object.entries(outcomes)),
		observed: new Map(),
		...more,
	};
}

export function notRun(reason: NotRunReason, message = ""): TestJudgement {
	return { status: "not-run", reason, message, fix: "" };
}

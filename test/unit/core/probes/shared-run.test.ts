/** A whole suite shared by two: nothing twice, nothing left out, and no whole out of parts that are none. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { TestOutcome } from "../../../../src/core/probes/report.ts";
import { joinedRun, shareOf } from "../../../../src/core/probes/shared-run.ts";
import type { TestJudgement } from "../../../../src/core/probes/test-report.ts";
import { notRun, testRunOf } from "../../../fakes/test-runs.ts";

const runOf = (outcomes: Readonly<Record<string, TestOutcome>>, judgement?: TestJudgement) =>
	testRunOf(outcomes, {
		observed: new Map([["lib.py", { reads: Object.keys(outcomes), unfollowed: [], writes: [] }]]),
		...(judgement === undefined ? {} : { judgement }),
	});

test("each takes about half of the tests", () => {
	fc.assert(
		fc.property(
			fc.dictionary(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 40 }), { minKeys: 4 }),
			(files) => {
				const byFile = new Map(Object.entries(files));
				const own = new Set(shareOf(byFile));
				const tests = (isOwn: boolean) =>
					[...byFile].filter(([file]) => own.has(file) === isOwn).reduce((sum, [, count]) => sum + count, 0);
				expect(Math.abs(tests(true) - tests(false))).toBeLessThanOrEqual(Math.max(...byFile.values()));
			},
		),
	);
	expect(
		shareOf(
			new Map([
				["a", 9],
				["b", 9],
			]),
		),
	).toBeNull();
});

test("counts, findings, outcomes and reads are those of both", () => {
	const joined = joinedRun(runOf({ "a::one": "passed", "a::two": "failed" }), runOf({ "b::one": "passed" }));
	expect(joined?.judgement).toMatchObject({
		status: "findings",
		counts: { passed: 2, failed: 1, skipped: 0, errors: 0 },
		findings: [{ testId: "a::two" }],
	});
	expect([...(joined?.outcomes.keys() ?? [])]).toEqual(["a::one", "a::two", "b::one"]);
	expect(joined?.observed?.get("lib.py")?.reads).toEqual(["a::one", "a::two", "b::one"]);
	expect(joined).toMatchObject({ complete: true, why: "two processes share the files" });
});

test("a part without tests is no part; a test in both, or a part that could not be judged, is no whole", () => {
	const some = runOf({ "a::one": "passed" });
	expect(joinedRun(some, runOf({}, notRun("no-tests")))?.judgement).toMatchObject({ status: "clean" });
	expect(joinedRun(runOf({}, notRun("no-tests")), some)?.judgement).toMatchObject({ status: "clean" });
	expect(joinedRun(some, runOf({ "a::one": "passed" }))).toBeNull();
	expect(joinedRun(some, runOf({}, notRun("crashed")))).toBeNull();
	expect(joinedRun(some, runOf({}, notRun("timed-out")))?.judgement).toMatchObject({ reason: "timed-out" });
	expect(joinedRun(some, { ...runOf({ "b::one": "passed" }), complete: false })?.complete).toBe(false);
	expect(joinedRun(some, { ...runOf({ "b::one": "passed" }), observed: null })?.observed).toBeNull();
});

/** A failure at the lowest priority: an ordinary run of its file alone has the word. */
import { expect, test } from "vitest";
import { confirmedRun, unconfirmedFiles } from "../../../../src/core/probes/confirmed-run.ts";
import { notRun, testRunOf } from "../../../fakes/test-runs.ts";

const WHOLE = testRunOf({
	"test_a.py::x": "passed",
	"test_b.py::x": "failed",
	"test_b.py::y": "passed",
	"test_c.py::x": "failed",
	"test_c.py::y": "failed",
});

test("what an ordinary run saw fail already needs no second one", () => {
	expect(unconfirmedFiles(WHOLE, new Set())).toEqual(["test_b.py", "test_c.py"]);
	expect(unconfirmedFiles(WHOLE, new Set(["test_b.py::x", "test_c.py::x"]))).toEqual(["test_c.py"]);
	expect(unconfirmedFiles(testRunOf({ "test_a.py::x": "passed" }), new Set())).toEqual([]);
	expect(unconfirmedFiles({ ...WHOLE, judgement: notRun("timed-out") }, new Set())).toEqual([]);
});

test("of its files the ordinary run has the word, of all others the whole one", () => {
	const again = testRunOf({
		"test_b.py::x": "passed",
		"test_b.py::y": "passed",
		"test_c.py::x": "failed",
		"test_c.py::y": "passed",
	});
	const run = confirmedRun(WHOLE, again, ["test_b.py", "test_c.py"]);
	expect(run.judgement).toMatchObject({
		status: "findings",
		findings: [{ testId: "test_c.py::x" }],
		counts: { passed: 4, failed: 1, skipped: 0, errors: 0 },
	});
	expect(run).toMatchObject({ complete: true, why: "2 test files that failed ran again at ordinary priority" });
	expect(confirmedRun(WHOLE, { ...again, complete: false }, ["test_b.py", "test_c.py"]).complete).toBe(false);
});

test("what an ordinary run knew to fail stays a failure, whatever comes of the others", () => {
	const run = confirmedRun(WHOLE, testRunOf({ "test_c.py::x": "passed", "test_c.py::y": "passed" }), ["test_c.py"]);
	expect(run.judgement).toMatchObject({ status: "findings", findings: [{ testId: "test_b.py::x" }] });
});

test("where no failure is left it is neither failing nor green", () => {
	const passing = testRunOf({ "test_b.py::x": "passed", "test_c.py::x": "passed", "test_c.py::y": "passed" });
	expect(confirmedRun(WHOLE, passing, ["test_b.py", "test_c.py"]).judgement).toMatchObject({
		status: "not-run",
		reason: "unconfirmed",
		message: "test_b.py::x and others failed in the background, and passed when run again alone",
	});
	const cut = { ...testRunOf({}), judgement: notRun("timed-out", "it took too long") };
	expect(confirmedRun(WHOLE, cut, ["test_b.py", "test_c.py"]).judgement).toMatchObject({
		reason: "unconfirmed",
		message: expect.stringContaining("could not be run again alone: it took too long"),
	});
});

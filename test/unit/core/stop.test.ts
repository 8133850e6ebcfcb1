import { expect, test } from "vitest";
import { isRepairTask } from "../../../src/core/policy/task-wish.ts";
import { verdictOf } from "../../../src/core/probes/verdict.ts";
import type { AppliedCall, RoundRecord, RunOptions } from "../../../src/core/run-state.ts";
import { type StopView, stopAfterApply, stopAfterProbe } from "../../../src/core/stop.ts";
import { type ReportSketch, reportOfSketch } from "../../fakes/reports.ts";

const REPAIR = "Make the failing tests pass";
const BUILD = "Create a function multiply in mathx.py";
const BROKEN: ReportSketch = { failing: { "tests/test_a.py::test_a": "assert 1 == 2" } };

function record(sketch: ReportSketch, rest: Partial<RoundRecord> = {}): RoundRecord {
	const report = reportOfSketch(sketch);
	return { round: 1, report, verdict: verdictOf(report, null), calls: [], answer: null, malformed: null, ...rest };
}

function view(
	records: readonly [RoundRecord, ...RoundRecord[]],
	{
		changedSomething = false,
		weakened = [],
		missing = [],
		...options
	}: Partial<RunOptions> & Partial<Pick<StopView, "changedSomething" | "weakened" | "missing">> = {},
): StopView {
	return {
		records,
		changedSomething,
		weakened,
		missing,
		options: {
			runId: "r",
			task: REPAIR,
			maxRounds: 12,
			maxMinutes: 20,
			approve: "edits",
			noProgressRounds: 3,
			resume: null,
			notices: [],
			...options,
		},
	};
}

function call(times: number, code = "ok"): AppliedCall {
	return { name: "read_file", target: "a.py", signature: "same", code, times, triedToChange: false, tried: "" };
}

test("a failing workspace goes on", () => {
	expect(stopAfterProbe(view([record(BROKEN)]))).toBeNull();
});

test("green ends a repair, and says when nothing was to do", () => {
	expect(stopAfterProbe(view([record({})]))).toMatchObject({
		kind: "green",
		reason: expect.stringContaining("green already"),
	});
	expect(stopAfterProbe(view([record(BROKEN), record({ passed: 3 })], { changedSomething: true }))).toMatchObject({
		kind: "green",
		reason: expect.stringMatching(/^All green/),
	});
});

test("green does not end a task that asks for something new before the model says so", () => {
	const green = record({ passed: 4 });
	expect(stopAfterProbe(view([green], { task: BUILD }))).toBeNull();
	const answered = record({ passed: 4 }, { answer: "Done." });
	expect(stopAfterApply(view([green, answered], { task: BUILD, changedSomething: true }))).toMatchObject({
		kind: "green",
	});
});

test("green ends what is to be built so that tests pass, where they failed at the start", () => {
	const task = "Write merge in intervals.py so that the tests pass.";
	const green = record({ passed: 4 });
	expect(stopAfterProbe(view([record(BROKEN), green], { task, changedSomething: true }))).toMatchObject({
		kind: "green",
	});
	// Where they pass already, something else is meant.
	expect(stopAfterProbe(view([green], { task }))).toBeNull();
	const also = "Write merge in intervals.py and make the tests pass.";
	expect(stopAfterProbe(view([record(BROKEN), green], { task: also, changedSomething: true }))).toBeNull();
});

test("a model that sends again what it wrote is done where all is green and nothing is missing", () => {
	const again = record({ passed: 4 }, { calls: [call(1, "no-change"), call(2, "repeated-call")] });
	const built = { task: BUILD, changedSomething: true };
	expect(stopAfterApply(view([again], built))).toMatchObject({ kind: "green" });
	expect(stopAfterApply(view([again], { ...built, missing: ["mathx.py"] }))).toBeNull();
	expect(stopAfterApply(view([record(BROKEN, { calls: [call(1, "no-change")] })], built))).toBeNull();
	expect(stopAfterApply(view([record({ passed: 4 }, { calls: [call(1, "no-change"), call(1)] })], built))).toBeNull();
});

test("a model that says it is done while a file of the task is missing is told so once, and is not believed", () => {
	const done = record({ passed: 4 }, { answer: "Done." });
	const missing = { task: BUILD, changedSomething: true, missing: ["mathx.py"] };
	expect(stopAfterApply(view([done], missing))).toBeNull();
	expect(stopAfterApply(view([done, done], missing))).toMatchObject({
		kind: "stopped",
		reason: expect.stringContaining("ended without mathx.py"),
	});
});

test("a model that only talks is never green, and is reminded once", () => {
	const talk = record({}, { answer: "Sure!" });
	expect(stopAfterApply(view([talk], { task: BUILD }))).toBeNull();
	expect(stopAfterApply(view([talk, talk], { task: BUILD }))).toMatchObject({
		kind: "stopped",
		reason: expect.stringContaining("changed nothing"),
	});
});

test.each([{ pytest: "no-tests" }, { pytest: "timed-out" }, { pytest: "crashed" }, { ruff: "tool-missing" }] as const)(
	"not run is never green: %o",
	(sketch) => {
		expect(stopAfterProbe(view([record(sketch)]))?.kind).not.toBe("green");
		const answered = record(sketch, { answer: "All done!" });
		expect(stopAfterApply(view([answered, answered], { changedSomething: true }))?.kind).toBe("stopped");
	},
);

test("no pytest or no Python ends the run with the fix", () => {
	for (const reason of ["tool-missing", "no-python", "bad-config"] as const) {
		expect(stopAfterProbe(view([record({ pytest: reason })]))).toMatchObject({ kind: "failed", fix: `mend ${reason}` });
	}
});

test("clean lint without tests stops a repair and says what is missing", () => {
	expect(stopAfterProbe(view([record({ pytest: "no-tests" })]))).toMatchObject({
		kind: "stopped",
		reason: expect.stringContaining("no tests"),
	});
});

test("P7: fewer tests than at the start is not green", () => {
	const before = record({ failing: { "t.py::a": "x", "t.py::b": "x" }, passed: 8 });
	expect(stopAfterProbe(view([before, record({ passed: 8 })], { changedSomething: true }))).toMatchObject({
		kind: "stopped",
		reason: expect.stringContaining("only 8 of the 10 tests"),
	});
	expect(stopAfterProbe(view([before, record({ passed: 10 })], { changedSomething: true }))).toMatchObject({
		kind: "green",
	});
});

test("the round limit counts model calls", () => {
	const rounds = (count: number) => Array.from({ length: count }, () => record(BROKEN));
	const [first = record(BROKEN), ...rest] = rounds(3);
	expect(stopAfterProbe(view([first, ...rest.slice(0, 1)], { maxRounds: 2 }))).toBeNull();
	expect(stopAfterProbe(view([first, ...rest], { maxRounds: 2 }))).toMatchObject({ kind: "stopped" });
});

test("P14 F28: the same call with the same result a fifth time ends the run", () => {
	expect(stopAfterApply(view([record(BROKEN, { calls: [call(4)] })]))).toBeNull();
	expect(stopAfterApply(view([record(BROKEN, { calls: [call(5)] })]))).toMatchObject({
		kind: "stopped",
		reason: expect.stringContaining("stuck"),
	});
});

test.each([
	["F26 the third empty answer", "empty", "returned nothing"],
	["F23 the third call of a tool that there is not", "unknown-tool", "do not exist"],
	["F21 the third call that the server could not read", "server", "could not read"],
] as const)("%s in a row ends the run", (_, cause, words) => {
	const bad = record(BROKEN, { malformed: { cause, explanation: "No." } });
	expect(stopAfterApply(view([bad, bad]))).toBeNull();
	expect(stopAfterApply(view([bad, record(BROKEN), bad, bad]))).toBeNull();
	expect(stopAfterApply(view([bad, bad, bad]))).toMatchObject({
		kind: "stopped",
		reason: expect.stringContaining(words),
	});
});

test("F23 so do native calls of unknown tools", () => {
	const unknown = record(BROKEN, { calls: [call(1, "unknown-tool")] });
	expect(stopAfterApply(view([unknown, unknown, unknown]))?.reason).toContain("do not exist");
});

test("which tasks the probes alone can judge", () => {
	for (const task of ["Make the failing tests pass", "Fix lint", "repair the bug in clamp"])
		expect(isRepairTask(task)).toBe(true);
	for (const task of ["Add a function multiply", "Create a package mathx with tests", "Add error handling to parse()"])
		expect(isRepairTask(task)).toBe(false);
});

test("A34 A36: fewer tests with a result than at the start is not green, and skips are counted out", () => {
	const start = record({ failing: { "tests/test_a.py::test_a": "assert 1 == 2" }, passed: 2 });
	const skipped = record({ passed: 2, skipped: 1 });
	expect(stopAfterProbe(view([start, skipped], { changedSomething: true }))).toMatchObject({
		kind: "stopped",
		reason: expect.stringContaining("only 2 of the 3 tests from the start ran; 1 more is skipped"),
	});
});

test("A36: green names what the run took away from the checks", () => {
	const weakened = ["a.py silences lint (noqa)"];
	expect(
		stopAfterProbe(view([record(BROKEN), record({ passed: 3 })], { changedSomething: true, weakened })),
	).toMatchObject({
		kind: "green",
		reason: expect.stringContaining("Look at what judges it: a.py silences lint (noqa)."),
	});
});

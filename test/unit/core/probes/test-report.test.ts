import fc from "fast-check";
import { expect, test } from "vitest";
import { createReporterLines } from "../../../../src/core/probes/reporter-lines.ts";
import { judgeTestRun, type TestRunEnd } from "../../../../src/core/probes/test-report.ts";

const start = { kind: "start", collectOnly: false };
const collected = (count: number) => ({ kind: "collected", count });
const ran = (id: string, outcome: string) => ({ kind: "test", id, outcome, file: "t.py", line: 1, message: outcome });
const finish = (status: number) => ({ kind: "finish", status });
const exit = (code: number): TestRunEnd => ({ kind: "exited", code });

function judge(end: TestRunEnd, ...records: readonly unknown[]) {
	const lines = createReporterLines();
	for (const record of records) lines.add(JSON.stringify(record));
	return judgeTestRun(end, lines.read(), "last words");
}

const pass = [start, collected(1), ran("t.py::a", "passed"), finish(0)];
const fail = [start, collected(1), ran("t.py::a", "failed"), finish(1)];

test.each<readonly [string, TestRunEnd, readonly unknown[], Record<string, unknown>]>([
	["0, all reported", exit(0), pass, { status: "clean" }],
	["0 without a report", exit(0), [], { status: "not-run", reason: "crashed" }],
	["0 without an end", exit(0), pass.slice(0, 3), { status: "not-run", reason: "crashed" }],
	["0, fewer reported than collected", exit(0), [start, collected(2), ...pass.slice(2)], { reason: "crashed" }],
	["0, nothing collected", exit(0), [start, finish(0)], { status: "not-run", reason: "no-tests" }],
	["0, collect only", exit(0), [{ ...start, collectOnly: true }, collected(1), finish(0)], { reason: "bad-config" }],
	["1 with a failing test", exit(1), fail, { status: "findings", counts: { failed: 1 } }],
	["1 without one", exit(1), [...pass.slice(0, 3), finish(1)], { status: "not-run", reason: "crashed" }],
	[
		"2, errors of collection",
		exit(2),
		[start, { kind: "collect-error", id: "t.py", file: "t.py" }, finish(2)],
		{ status: "findings", counts: { errors: 1 } },
	],
	["2, interrupted", exit(2), [...pass.slice(0, 3), finish(2)], { status: "not-run", reason: "crashed" }],
	["3", exit(3), [start, finish(3)], { status: "not-run", reason: "crashed" }],
	["4", exit(4), [], { status: "not-run", reason: "bad-config" }],
	["5", exit(5), [start, finish(5)], { status: "not-run", reason: "no-tests" }],
	[
		"5, all deselected",
		exit(5),
		[start, { kind: "deselected", count: 3 }, finish(5)],
		{ message: "all 3 tests are deselected" },
	],
	["signal", { kind: "signalled", signal: "SIGSEGV" }, pass.slice(0, 2), { status: "not-run", reason: "crashed" }],
	[
		"signal after a clean end",
		{ kind: "signalled", signal: "SIGSEGV" },
		pass,
		{ status: "not-run", reason: "crashed" },
	],
	["timeout", { kind: "timed-out", limitMs: 1000 }, pass, { status: "not-run", reason: "timed-out" }],
	["no pytest", exit(1), [{ kind: "no-pytest" }], { status: "not-run", reason: "tool-missing" }],
])("F70: %s", (_, end, records, expected) => {
	expect(judge(end, ...records)).toMatchObject(expected);
});

test("a test that passes and fails at its tear-down is one error", () => {
	const judged = judge(exit(1), start, collected(1), ran("t.py::a", "passed"), ran("t.py::a", "error"), finish(1));
	expect(judged).toMatchObject({ counts: { passed: 0, errors: 1 }, findings: [{ code: "error" }] });
});

test("the first failure is told as it is read, and no other", () => {
	const told: string[] = [];
	const lines = createReporterLines(({ testId, code }) => void told.push(`${testId} ${code}`));
	const outcomes = [ran("t.py::a", "passed"), ran("t.py::b", "error"), ran("t.py::c", "failed")];
	for (const record of [start, collected(3), ...outcomes]) lines.take(record);
	expect(told).toEqual(["t.py::b error"]);
});

test("expected failures do not fail", () => {
	const records = [start, collected(2), ran("t.py::a", "xfailed"), ran("t.py::b", "xpassed"), finish(0)];
	expect(judge(exit(0), ...records)).toMatchObject({ status: "clean", counts: { passed: 1, skipped: 1 } });
});

test("lines that are none of the reporter's are passed over", () => {
	const lines = createReporterLines();
	for (const line of ["", "not json", "[]", "null", '{"kind":"test"}', '{"kind":"finish","status":"0"}'])
		lines.add(line);
	expect(lines.read()).toMatchObject({ ran: 0, finished: -1 });
});

test("F70: whatever the tests' process writes, green needs pytest's own end and as many tests as were collected", () => {
	const number = fc.constantFrom("0", "1", "-1", "1e999", '"0"', "null", "0.5");
	const kind = fc.constantFrom(
		"start",
		"collected",
		"test",
		"collect-error",
		"deselected",
		"finish",
		"observed",
		"odd",
	);
	const outcome = fc.constantFrom("passed", "failed", "error", "xpassed", "odd", "__proto__");
	const line = fc.oneof(
		fc.json(),
		fc.string({ unit: "binary" }),
		fc
			.tuple(kind, fc.constantFrom("t.py::a", "t.py::b", "__proto__", ""), outcome, number, number)
			.map(
				([what, id, how, count, status]) =>
					`{"kind":"${what}","id":"${id}","outcome":"${how}","count":${count},"status":${status},"line":${count},"frame":{"line":${count}}}`,
			),
	);
	fc.assert(
		fc.property(fc.array(line, { maxLength: 10 }), fc.constantFrom(0, 1, 2, 137), (lines, code) => {
			const reader = createReporterLines();
			for (const text of lines) reader.add(text);
			const reported = reader.read();
			const judged = judgeTestRun(exit(code), reported, "");
			expect(JSON.parse(JSON.stringify(judged))).toEqual(judged);
			for (const { line: at, column } of reported.findings)
				expect(Number.isSafeInteger(at) && at >= 0 && Number.isSafeInteger(column) && column >= 0).toBe(true);
			if (judged.status !== "clean") return;
			expect(reported.finished).toBe(0);
			expect(reported.ran).toBeGreaterThan(0);
			expect(reported.ran).toBeGreaterThanOrEqual(reported.collected);
			expect(judged.counts.failed + judged.counts.errors).toBe(0);
		}),
		{ numRuns: 1_000 },
	);
});

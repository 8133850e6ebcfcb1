/** What shows that a run is stuck, each kind of evidence alone. */
import { describe, expect, test } from "vitest";
import { evidenceOf, otherProtocol } from "../../../../src/core/model/escalation.ts";
import { verdictOf } from "../../../../src/core/probes/verdict.ts";
import type { AppliedCall, Malformed, RoundRecord } from "../../../../src/core/run-state.ts";
import { type ReportSketch, reportOfSketch } from "../../../fakes/reports.ts";

const BROKEN: ReportSketch = { failing: { "test_a.py::one": "assert 1 == 2" } };

function record(sketch: ReportSketch, rest: Partial<RoundRecord> = {}): RoundRecord {
	const report = reportOfSketch(sketch);
	return { round: 1, report, verdict: verdictOf(report, null), calls: [], answer: null, malformed: null, ...rest };
}

function failing(count: number): ReportSketch {
	return { failing: Object.fromEntries(Array.from({ length: count }, (_, index) => [`test_a.py::t${index}`, "x"])) };
}

function call(signature: string, rest: Partial<AppliedCall> = {}): AppliedCall {
	return { name: "read_file", target: "", signature, code: "ok", times: 1, triedToChange: false, tried: "", ...rest };
}

function edit(signature: string, code = "ok"): AppliedCall {
	return call(signature, { name: "edit_file", code, triedToChange: true });
}

function evidence(
	records: readonly RoundRecord[],
	present: ReportSketch = BROKEN,
	noProgressRounds = 2,
): string | null {
	return evidenceOf({ records, present: record(present), noProgressRounds })?.trigger ?? null;
}

function malformed(cause: Malformed["cause"]): RoundRecord {
	return record(BROKEN, { malformed: { cause, explanation: "No." } });
}

describe("no progress", () => {
	const tried = record(BROKEN, { calls: [edit("x")] });
	const looked = record(BROKEN, { calls: [call("y")] });

	test("is the same failures and messages after two edits, not after two looks", () => {
		expect(evidence([tried])).toBeNull();
		expect(evidence([looked, looked])).toBeNull();
		expect(evidence([tried, looked, record(BROKEN, { calls: [edit("z")] })])).toBe("no-progress");
		expect(evidence([tried, tried], BROKEN, 3)).toBeNull();
	});

	test("is none where a message changed, or where all is green", () => {
		const other = record({ failing: { "test_a.py::one": "assert 3 == 2" } }, { calls: [edit("z")] });
		expect(evidence([tried, other])).toBeNull();
		expect(evidence([record({}, { calls: [edit("x")] }), record({}, { calls: [edit("z")] })], {})).toBeNull();
	});
});

test("two sets of failures in turn, twice; going back once is none", () => {
	const [one, two] = [1, 2].map((count) => record(failing(count), { calls: [edit(`to ${count}`)] }));
	if (one === undefined || two === undefined) throw new Error("no records");
	expect(evidence([one, two], failing(1))).toBeNull();
	expect(evidence([one, two, one], failing(2))).toBe("circles");
	expect(evidence([one, two, two, one], failing(2))).toBe("circles");
	expect(evidence([one, two, one], {})).toBeNull();
});

test("two edits in a row that do not parse, with looks between them", () => {
	const bad = record(failing(1), { calls: [edit("x", "syntax-error")] });
	const worse = record(failing(1), { calls: [call("r"), edit("y", "syntax-error")] });
	expect(evidence([bad], failing(2))).toBeNull();
	expect(evidence([bad, record(failing(1), { calls: [edit("z")] }), worse], failing(2))).toBeNull();
	expect(evidence([bad, worse], failing(2))).toBe("syntax-errors");
});

test("F28 three identical calls, or two in turn", () => {
	const one = record(BROKEN, { calls: [call("a")] });
	const two = record(BROKEN, { calls: [call("b")] });
	expect(evidence([one, one])).toBeNull();
	expect(evidence([one, two, one])).toBeNull();
	expect(evidence([one, one, one])).toBe("repeated-calls");
	expect(evidence([one, two, one, two])).toBe("repeated-calls");
});

test("two answers in a row without a valid call; an empty one is none of them", () => {
	expect(evidence([malformed("unreadable")])).toBeNull();
	expect(evidence([malformed("unreadable"), malformed("server")])).toBe("invalid-calls");
	expect(evidence([malformed("unclosed"), record(BROKEN, { calls: [call("a", { code: "bad-arguments" })] })])).toBe(
		"invalid-calls",
	);
	expect(evidence([malformed("unreadable"), record(BROKEN, { calls: [call("a")] }), malformed("server")])).toBeNull();
	expect(evidence([malformed("empty"), malformed("empty")])).toBeNull();
});

test("F27 F29 two answers that were cut, not necessarily in a row", () => {
	expect(evidence([malformed("cut")])).toBeNull();
	expect(evidence([malformed("cut"), record(BROKEN, { calls: [call("a")] }), malformed("repetition")])).toBe(
		"cut-answers",
	);
});

test("failures that rise twice", () => {
	expect(evidence([record(failing(1)), record(failing(2))], failing(2))).toBeNull();
	expect(evidence([record(failing(2)), record(failing(1))], failing(3))).toBeNull();
	expect(evidence([record(failing(1)), record(failing(2))], failing(3))).toBe("rising-failures");
});

test("another protocol is never the same, and never native", () => {
	expect(otherProtocol("native")).toBe("schema");
	expect(otherProtocol("schema")).toBe("text");
	expect(otherProtocol("text")).toBe("schema");
});

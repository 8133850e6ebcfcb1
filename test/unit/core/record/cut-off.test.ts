/** Which runs are offered again, with what, and which ways there are. */
import { expect, test } from "vitest";
import type { ResumableRun } from "../../../../src/core/machine.ts";
import { cutOffOf, halfDoneOf } from "../../../../src/core/record/cut-off.ts";
import type { RunEntry } from "../../../../src/core/record/entries.ts";
import { foldRecord } from "../../../../src/core/record/kept-run.ts";
import { driverRound } from "../../../fixtures/run-driver-script.ts";

const START: RunEntry = {
	kind: "run",
	version: 1,
	runId: "r",
	task: "Change three files",
	mode: "edit",
	root: "/w",
	model: "m",
};

function call(callId: string): RunEntry {
	return { kind: "call", round: 1, callId };
}

function result(callId: string, path: string): RunEntry {
	return { kind: "result", round: 1, callId, ok: true, code: "ok", content: "ok", files: [path], weakens: [] };
}

function found(entries: readonly RunEntry[], rest: Partial<Omit<ResumableRun, "run">> = {}): ResumableRun {
	const { run } = foldRecord([START, ...entries].map((entry) => JSON.stringify(entry)).join("\n"));
	if (run === null) throw new Error("no run");
	return { run, undoneRounds: new Set(), touchedFiles: [], ...rest };
}

test("F56: a run without an end is offered with its task, rounds and files, and the three ways", () => {
	const cut = found([driverRound(1), call("call_1_0"), result("call_1_0", "a.py")], { touchedFiles: ["a.py"] });
	expect(cutOffOf(cut)).toEqual({
		runId: "r",
		task: "Change three files",
		rounds: 1,
		files: ["a.py"],
		ways: ["resume", "undo", "keep"],
	});
});

test("F56: where nothing was changed there is nothing to undo", () => {
	expect(cutOffOf(found([]))).toMatchObject({ rounds: 0, files: [], ways: ["resume", "keep"] });
});

test("F56: no run that came to an end is offered; one that went on and was cut off again is", () => {
	for (const end of ["green", "stopped", "failed", "cancelled", "undone", "kept"] as const) {
		expect([end, cutOffOf(found([{ kind: "end", end }]))]).toEqual([end, null]);
		expect(cutOffOf(found([{ kind: "end", end }, { kind: "resumed" }]))).not.toBeNull();
	}
});

test("F56: a round is half-done between its calls, and no more once it was undone", () => {
	const cut = [driverRound(1), call("call_1_0"), result("call_1_0", "a.py")];
	expect(halfDoneOf(found(cut))).toEqual({ round: 1, done: 1, of: 2 });
	expect(halfDoneOf(found([...cut, call("call_1_1")]))).toEqual({ round: 1, done: 1, of: 2 });
	expect(halfDoneOf(found([driverRound(1)]))).toBeNull();
	expect(halfDoneOf(found([...cut, call("call_1_1"), result("call_1_1", "pkg/b.py")]))).toBeNull();
	expect(halfDoneOf(found(cut, { undoneRounds: new Set([1]) }))).toBeNull();
});

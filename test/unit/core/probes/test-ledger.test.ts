/** What is known of each test file, run by run. */
import { expect, test } from "vitest";
import { createTestLedger, type TestLedger } from "../../../../src/core/probes/test-ledger.ts";
import { testRunOf } from "../../../fakes/test-runs.ts";

const FOUR = {
	"test_a.py::x": "passed",
	"test_b.py::x": "passed",
	"test_c.py::x": "failed",
	"test_d.py::x": "xfailed",
} as const;

function opened(): TestLedger {
	const ledger = createTestLedger();
	ledger.record(null, testRunOf(FOUR));
	return ledger;
}

function change(ledger: TestLedger, changed: string, all: readonly string[], direct: readonly string[] = []): void {
	ledger.expect([changed], { kind: "some", direct: new Set(direct), all: new Set(all) });
}

test("before a full run, and after one that did not reach every test, all must run", () => {
	const ledger = createTestLedger();
	expect(ledger.plan()).toMatchObject({ kind: "all" });
	ledger.record(null, testRunOf(FOUR, { complete: false }));
	expect(ledger.plan()).toMatchObject({ kind: "all" });
	ledger.record(null, testRunOf(FOUR, { observed: null }));
	expect(ledger.plan()).toMatchObject({ kind: "all", why: "it was not recorded what the tests read" });
	ledger.record(null, testRunOf(FOUR));
	expect(ledger.plan()).toEqual({ kind: "none" });
});

test("an affected part runs, and the rest stands", () => {
	const ledger = opened();
	change(ledger, "lib.py", ["test_a.py", "test_c.py"], ["test_a.py"]);
	expect(ledger.plan()).toEqual({ kind: "some", direct: ["test_a.py"], rest: ["test_c.py"] });
	ledger.record(["test_a.py"], testRunOf({ "test_a.py::x": "failed" }));
	expect(ledger.plan()).toEqual({ kind: "some", direct: [], rest: ["test_c.py"] });
	ledger.record(["test_c.py"], testRunOf({ "test_c.py::x": "passed" }));
	expect(ledger.plan()).toEqual({ kind: "none" });
	expect(ledger.judgement()).toMatchObject({
		status: "findings",
		counts: { passed: 2, failed: 1, skipped: 1, errors: 0 },
		findings: [{ testId: "test_a.py::x" }],
	});
});

test("a large part is the whole", () => {
	const ledger = opened();
	change(ledger, "lib.py", ["test_a.py", "test_b.py", "test_c.py"]);
	expect(ledger.plan()).toMatchObject({ kind: "all", why: "3 of 4 test files are affected" });
});

test("tests that vanished are named; those behind an error of collection are only hidden, and the others stay open", () => {
	const ledger = opened();
	change(ledger, "test_a.py", ["test_a.py", "test_b.py"]);
	expect(ledger.record(["test_a.py"], testRunOf({ "test_a.py::y": "passed" }))).toEqual(["test_a.py::x"]);
	expect(ledger.record(["test_b.py"], testRunOf({ "test_b.py": "error" }, { complete: false }))).toEqual([]);
	expect(ledger.plan()).toEqual({ kind: "none" });
	change(ledger, "test_b.py", ["test_b.py", "test_d.py"]);
	ledger.record(["test_b.py", "test_d.py"], testRunOf({ "test_b.py": "error" }, { complete: false }));
	expect(ledger.plan()).toEqual({ kind: "some", direct: [], rest: ["test_d.py"] });
	expect(ledger.record(null, testRunOf({ "test_a.py::y": "passed" }))).toEqual(["test_c.py::x", "test_d.py::x"]);
});

test("what was known before a change is no judgement after it", () => {
	const ledger = opened();
	const untouched = { passed: 1, failed: 0, skipped: 1, errors: 0 };
	change(ledger, "lib.py", ["test_b.py", "test_c.py"]);
	expect(ledger.judgement()).toMatchObject({ status: "clean", counts: untouched });
	// test_c.py failed before; now an error of collection hides it.
	ledger.record(["test_b.py", "test_c.py"], testRunOf({ "test_b.py": "error" }, { complete: false }));
	expect(ledger.judgement()).toMatchObject({
		findings: [{ testId: "test_b.py" }],
		counts: { ...untouched, errors: 1 },
	});
	expect(ledger.plan()).toEqual({ kind: "some", direct: [], rest: ["test_c.py"] });
	ledger.record(["test_c.py"], testRunOf({ "test_c.py::x": "passed" }));
	expect(ledger.judgement()).toMatchObject({ findings: [{ testId: "test_b.py" }] });
});

test("a run that stops at its first failure tells it, and leaves the file open", () => {
	const ledger = opened();
	change(ledger, "lib.py", ["test_a.py", "test_b.py"], ["test_a.py"]);
	ledger.record(["test_a.py", "test_b.py"], testRunOf({ "test_a.py::x": "failed" }, { complete: false }));
	expect(ledger.judgement()).toMatchObject({
		counts: { passed: 0, failed: 2, skipped: 1, errors: 0 },
		findings: [{ testId: "test_c.py::x" }, { testId: "test_a.py::x" }],
	});
	expect(ledger.plan()).toEqual({ kind: "some", direct: ["test_a.py"], rest: ["test_b.py"] });
	change(ledger, "lib.py", ["test_a.py"]);
	expect(ledger.judgement()).toMatchObject({ findings: [{ testId: "test_c.py::x" }] });
	ledger.record(["test_a.py", "test_b.py"], testRunOf({ "test_a.py::x": "passed", "test_b.py::x": "passed" }));
	expect(ledger.judgement()).toMatchObject({ counts: { passed: 2, failed: 1, skipped: 1, errors: 0 } });
	expect(ledger.plan()).toEqual({ kind: "none" });
});

test("a failure in the full run against the graph's word teaches an edge", () => {
	const ledger = opened();
	change(ledger, "lib.py", ["test_a.py"]);
	ledger.record(["test_a.py"], testRunOf({ "test_a.py::x": "passed" }));
	ledger.record(null, testRunOf({ ...FOUR, "test_b.py::x": "failed" }));
	expect([...ledger.lore(false).learned]).toEqual([["lib.py", ["test_b.py"]]]);
	ledger.record(null, testRunOf({ ...FOUR, "test_d.py::x": "failed" }));
	expect([...ledger.lore(false).learned]).toEqual([["lib.py", ["test_b.py"]]]);
});

test("what fails on the content that is there is known; what a change made old is not", () => {
	const ledger = opened();
	expect([...ledger.failing()]).toEqual(["test_c.py::x"]);
	change(ledger, "lib.py", ["test_a.py", "test_c.py"]);
	expect([...ledger.failing()]).toEqual([]);
	ledger.record(["test_a.py", "test_c.py"], testRunOf({ "test_a.py::x": "failed" }, { complete: false }));
	expect([...ledger.failing()]).toEqual(["test_a.py::x"]);
});

test("what a ledger is told to forget takes a run of all tests", () => {
	const ledger = opened();
	ledger.forget("the interpreter changed");
	expect(ledger.plan()).toMatchObject({ kind: "all", why: "the interpreter changed" });
});

test("a test file that is gone takes its failures with it, and its tests are named", () => {
	const ledger = opened();
	change(ledger, "test_c.py", ["test_c.py"]);
	expect(ledger.remove(["test_c.py", "never_seen.py"])).toEqual(["test_c.py::x"]);
	expect(ledger.judgement()).toMatchObject({ status: "clean", counts: { passed: 2, failed: 0, skipped: 1 } });
	expect(ledger.plan()).toEqual({ kind: "none" });
});

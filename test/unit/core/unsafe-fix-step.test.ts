/** What ruff calls unsafe, where only lint is left: when it is done, what judges it, and when it is taken back. */
import { expect, test } from "vitest";
import { lintFixedWords } from "../../../src/core/event-words.ts";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";
import { runWith, type Setting } from "../../fakes/scripted-run.ts";

const COMPARED = { lint: ["a.py:1 E711 Comparison to `None` should be `cond is None`"], passed: 3, wave: "C" } as const;
const CLEAN = { passed: 3, changedFiles: ["a.py"], wave: "C" } as const;
const TEXT = "def f(x):\n    return x == None\n";
const FIXED = "def f(x):\n    return x is None\n";
const fixUnsafely = (_file: string, text: string) => text.replace("== None", "is None");

function lintRun(setting: Setting) {
	const workspace = createMemoryWorkspace({ "a.py": TEXT });
	return runWith({
		workspace,
		fixUnsafely,
		answers: ["I cannot."],
		...setting,
		options: { task: "Fix the lint errors.", ...setting.options },
	});
}

test("is done without a model call where all tests pass, before and after", async () => {
	const { outcome, model, workspace, recorder, probes } = await lintRun({ reports: [COMPARED, CLEAN] });
	expect(outcome.kind).toBe("green");
	expect(model.requests).toHaveLength(0);
	// The part that is affected tells whether a test runs what was changed.
	expect(probes.requests.map(({ scope }) => scope)).toEqual(["full", "affected"]);
	expect(workspace.files.get("a.py")).toBe(FIXED);
	expect(recorder.of("lint-fixed")).toMatchObject([
		{ files: ["a.py"], findingsBefore: 1, findingsAfter: 0, takenBack: false },
	]);
	const [told] = recorder.of("lint-fixed");
	expect(told === undefined ? "" : lintFixedWords(told)).toBe(
		"Fixed without the model: 1 of 1 lint findings, in a.py (what ruff calls unsafe or has no fix for; the tests that it can touch pass).",
	);
});

test.each<[string, Setting]>([
	["the task says nothing of lint, and the run did not touch the file", { options: { task: "Make f faster" } }],
	["it is a plan", { options: { mode: "plan" } }],
	[
		"others may import from the file what it does not use",
		{
			workspace: createMemoryWorkspace({ "a.py": TEXT, "pkg/__init__.py": TEXT }),
			reports: [{ ...COMPARED, lint: ["pkg/__init__.py:1 F401 `a.f` imported but unused"] }],
		},
	],
	["a test fails", { reports: [{ ...COMPARED, failing: { "test_a.py::test_f": "no" } }] }],
	["no test passed", { reports: [{ ...COMPARED, passed: 0 }] }],
	["the tests did not run", { reports: [{ ...COMPARED, pytest: "timed-out" }] }],
])("is left to the model where %s", async (_, setting) => {
	const { workspace, recorder } = await lintRun({ reports: [COMPARED], ...setting });
	expect(workspace.files.get("a.py")).toBe(TEXT);
	expect(recorder.of("lint-fixed")).toEqual([]);
});

test.each<[string, NonNullable<Setting["reports"]>[number], RegExp]>([
	["a test fails with it", { ...CLEAN, failing: { "test_a.py::test_f": "no" } }, /test_f failed/],
	["no test ran for it", { ...CLEAN, wave: null }, /no test runs what they change/],
	["lint finds as much", COMPARED, /as much as before/],
	["the tests cannot run any more", { ...CLEAN, pytest: "crashed" }, /The test run failed/],
])("is taken back, told, and not tried again where %s", async (_, after, reason) => {
	let asked = 0;
	const { workspace, recorder, outcome } = await lintRun({
		reports: [COMPARED, after, COMPARED],
		fixUnsafely: (file, text) => {
			asked += 1;
			return fixUnsafely(file, text);
		},
	});
	expect(outcome.kind).not.toBe("green");
	expect(workspace.files.get("a.py")).toBe(TEXT);
	expect(recorder.of("lint-fixed")).toMatchObject([{ takenBack: true, reason: expect.stringMatching(reason) }]);
	expect(recorder.of("run-finished")).toMatchObject([{ filesChanged: [] }]);
	expect(asked).toBe(1);
});

test("what the model wrote is fixed, whatever the task", async () => {
	const failing = { passed: 2, failing: { "test_a.py::test_f": "no" } };
	const { outcome, workspace, model } = await lintRun({
		reports: [failing, COMPARED, CLEAN],
		answers: [{ calls: [{ name: "write_file", arguments: { path: "a.py", content: TEXT.replace("x", "y") } }] }],
		options: { task: "Make the tests pass" },
	});
	expect(outcome.kind).toBe("green");
	expect(workspace.files.get("a.py")).toContain("is None");
	expect(model.requests).toHaveLength(1);
});

test("a file that is taken back leaves the others fixed", async () => {
	const workspace = createMemoryWorkspace({ "a.py": TEXT, "b.py": TEXT });
	const [inA = ""] = COMPARED.lint;
	const both = { ...COMPARED, lint: [inA, inA.replace("a.py", "b.py")] };
	const onlyA = { ...COMPARED, lint: [inA] };
	const { recorder } = await lintRun({
		workspace,
		reports: [both, { ...onlyA, failing: { "test_a.py::test_f": "no" } }, both, onlyA],
	});
	expect(recorder.of("lint-fixed")).toMatchObject([
		{ files: ["a.py"], takenBack: true },
		{ files: ["b.py"], takenBack: false },
	]);
	expect([workspace.files.get("a.py"), workspace.files.get("b.py")]).toEqual([TEXT, FIXED]);
});

test("P7: a test file that is put back is named neither as another's change nor for what the fix took from it", async () => {
	const path = "tests/test_a.py";
	const lint = [COMPARED.lint[0].replace("a.py", path)];
	const back = { ...COMPARED, lint, changedFiles: [path] };
	const { outcome, recorder } = await lintRun({
		workspace: createMemoryWorkspace({ [path]: TEXT }),
		fixUnsafely: (_file, text) => text.replace("x == None", "x is None  # noqa"),
		reports: [{ ...COMPARED, lint }, { ...back, failing: { "tests/test_a.py::test_f": "no" } }, back, CLEAN],
		answers: [{ calls: [{ name: "write_file", arguments: { path: "b.py", content: "X = 1\n" } }] }],
		options: { approve: "all" },
	});
	expect(recorder.of("lint-fixed")).toMatchObject([{ takenBack: true }]);
	expect(outcome.kind).toBe("green");
	expect(outcome.reason).not.toContain("judges");
});

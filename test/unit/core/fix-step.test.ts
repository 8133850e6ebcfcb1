/** ruff's safe fixes before the model call: where they are done, what is told of them, and when they are taken back. */
import { describe, expect, test } from "vitest";
import { asksForLint } from "../../../src/core/policy/lint-task.ts";
import { foldRecord } from "../../../src/core/record/kept-run.ts";
import { createApprover } from "../../fakes/approvers.ts";
import { createMemoryRecord } from "../../fakes/memory-record.ts";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";
import { FAILING, GREEN, runWith, type Setting, WRITE } from "../../fakes/scripted-run.ts";

const UNUSED = { lint: ["a.py:1 F401 [*] `os` imported but unused"] };
const LINT_TASK = { task: "Fix the lint errors." };
const withoutImport = (_file: string, text: string) => text.replace("import os\n", "");
const workspaceWith = (files: Readonly<Record<string, string>>) => createMemoryWorkspace({ ...files });

test("a lint task that ruff can do ends green without a model call, and the record knows the file", async () => {
	const workspace = workspaceWith({ "a.py": "import os\nx = 1\n" });
	const record = createMemoryRecord();
	const { outcome, model, recorder } = await runWith({
		reports: [UNUSED, GREEN],
		workspace,
		record,
		options: LINT_TASK,
		fixLint: withoutImport,
	});
	expect(outcome.kind).toBe("green");
	expect(model.requests).toHaveLength(0);
	expect(workspace.files.get("a.py")).toBe("x = 1\n");
	expect(recorder.of("lint-fixed")).toMatchObject([
		{ round: 1, files: ["a.py"], findingsBefore: 1, findingsAfter: 0, takenBack: false },
	]);
	expect(recorder.of("run-finished")).toMatchObject([{ filesChanged: ["a.py"] }]);
	expect(foldRecord(record.text()).run?.fixes).toEqual([{ round: 1, files: ["a.py"] }]);
});

test("a file that the run did not touch stays as it is where the task says nothing of lint", async () => {
	const workspace = workspaceWith({ "a.py": "import os\nx = 1\n" });
	const { recorder } = await runWith({
		reports: [{ ...FAILING, ...UNUSED }],
		workspace,
		fixLint: withoutImport,
		options: { maxRounds: 1 },
	});
	expect(recorder.of("lint-fixed")).toEqual([]);
	expect(workspace.files.get("a.py")).toBe("import os\nx = 1\n");
});

test("what the model wrote is fixed in the next round, and the model hears of it", async () => {
	const workspace = workspaceWith({ "a.py": "x = 1\n" });
	const written = { lint: ["b.py:1 F401 [*] `os` imported but unused"] };
	const { model } = await runWith({
		reports: [FAILING, { ...FAILING, ...written }, FAILING, GREEN],
		answers: [
			{ calls: [{ name: "write_file", arguments: { path: "b.py", content: "import os\nx = 2\n" } }] },
			{ calls: [{ name: "write_file", arguments: { path: "c.py", content: "x = 3\n" } }] },
		],
		workspace,
		fixLint: withoutImport,
	});
	expect(workspace.files.get("b.py")).toBe("x = 2\n");
	expect(model.requests[1]?.messages.at(-1)?.content).toContain("mended in b.py.");
});

test("a fix that makes a test fail is taken back, said, and not tried again", async () => {
	const workspace = workspaceWith({ "a.py": "import os\nx = 1\n" });
	const { recorder, model } = await runWith({
		reports: [UNUSED, { ...UNUSED, failing: { "test_a.py::test_os": "no os" } }, UNUSED, UNUSED],
		answers: ["I cannot."],
		workspace,
		options: LINT_TASK,
		fixLint: withoutImport,
	});
	expect(recorder.of("lint-fixed")).toMatchObject([{ takenBack: true, reason: expect.stringContaining("test_os") }]);
	expect(workspace.files.get("a.py")).toBe("import os\nx = 1\n");
	expect(recorder.of("run-finished")).toMatchObject([{ filesChanged: [] }]);
	expect(model.requests[0]?.messages.at(-1)?.content).not.toContain("was mended");
});

test("a person who sees each edit first sees this one, and a no is kept", async () => {
	const workspace = workspaceWith({ "a.py": "import os\nx = 1\n" });
	const approver = createApprover("refused");
	await runWith({
		reports: [UNUSED],
		answers: ["I cannot."],
		workspace,
		approver,
		options: { ...LINT_TASK, approve: "ask" },
		fixLint: withoutImport,
	});
	expect(approver.asked).toHaveLength(1);
	expect(workspace.files.get("a.py")).toBe("import os\nx = 1\n");
});

test("a plan changes nothing", async () => {
	const workspace = workspaceWith({ "a.py": "import os\nx = 1\n" });
	const { recorder } = await runWith({
		reports: [UNUSED],
		answers: [WRITE, { content: "1. Remove the import." }],
		workspace,
		options: { ...LINT_TASK, mode: "plan" },
		fixLint: withoutImport,
	});
	expect(recorder.of("lint-fixed")).toEqual([]);
	expect(workspace.files.get("a.py")).toBe("import os\nx = 1\n");
});

test.each([
	["Fix the lint errors", true],
	["Make ruff happy in pkg/a.py", true],
	["Remove the unused imports.", true],
	["Lint must be clean.", true],
	["Make the failing tests pass", false],
	["Print the splint count", false],
	["Make the tests pass, but do not touch lint", false],
	["Ignore ruff and add a function", false],
	["Add a function, but don't fix the lint", false],
	["Add a function, but don’t run ruff on it", false],
])("%j asks for lint: %s", (task, expected) => {
	expect(asksForLint(task)).toBe(expected);
});

test("a run that ends before its fix is judged tells the file all the same", async () => {
	const { outcome, recorder } = await runWith({
		reports: [UNUSED, new DOMException("Stopped by you.", "AbortError")],
		workspace: workspaceWith({ "a.py": "import os\nx = 1\n" }),
		options: LINT_TASK,
		fixLint: withoutImport,
	});
	expect(outcome.kind).not.toBe("green");
	expect(recorder.of("run-finished")).toMatchObject([{ filesChanged: ["a.py"] }]);
});

test("an import that the model forgot is added without it, and taken back where a test fails with it", async () => {
	const text = "def test_one():\n    assert one() == 1\n";
	const answer = { calls: [{ name: "write_file", arguments: { path: "test_b.py", content: text } }] };
	const lacking = { failing: { "test_b.py::test_one": "NameError" }, lint: ["test_b.py:2 F821 Undefined name `one`"] };
	const files = { "a.py": "def one():\n    return 1\n" };
	const options = { task: "Write tests for a.py" };

	const helped = workspaceWith(files);
	const { recorder } = await runWith({
		...{ reports: [GREEN, lacking, GREEN], answers: [answer, "Done."], workspace: helped, options },
	});
	expect(helped.files.get("test_b.py")).toBe(`from a import one\n\n\n${text}`);
	expect(recorder.of("lint-fixed")).toMatchObject([{ files: ["test_b.py"], takenBack: false }]);

	const harmed = workspaceWith(files);
	const worse = { failing: { "test_b.py::test_one": "NameError", "test_c.py::test_two": "gone" } };
	await runWith({ reports: [GREEN, lacking, worse, lacking], answers: [answer, "Done."], workspace: harmed, options });
	expect(harmed.files.get("test_b.py")).toBe(text);

	const off = workspaceWith(files);
	const left = { ...options, loop: { missingImports: false } };
	await runWith({ reports: [GREEN, lacking], answers: [answer, "Done."], workspace: off, options: left });
	expect(off.files.get("test_b.py")).toBe(text);
});

describe("two modules that import each other", () => {
	const BOOK = "from author import Author\n\n\ndef of(author):\n    return isinstance(author, Author)\n";
	const MOVED = "\n\ndef of(author):\n    from author import Author\n\n    return isinstance(author, Author)\n";
	const CIRCULAR = {
		failing: { "test_a.py": "ImportError: cannot import name 'Author' from partially initialized module 'author' (x)" },
		frames: { "test_a.py": "book.py:1 from author import Author" },
	};
	const runOn = (setting: Setting) =>
		runWith({ workspace: workspaceWith({ "book.py": BOOK }), options: { maxRounds: 1 }, ...setting });

	test("come apart without the model: the line moves into the function that uses it", async () => {
		const { outcome, workspace, model, recorder } = await runOn({ reports: [CIRCULAR, GREEN] });
		expect(outcome.kind).toBe("green");
		expect(workspace.files.get("book.py")).toBe(MOVED);
		expect(model.requests).toEqual([]);
		expect(recorder.of("lint-fixed")).toMatchObject([{ files: ["book.py"], takenBack: false }]);
	});

	test("stay apart where a test fails that could not be collected before", async () => {
		const failing = { failing: { "test_a.py::test_one": "assert 1 == 2" } };
		const { workspace, recorder } = await runOn({ reports: [CIRCULAR, failing], answers: ["I cannot."] });
		expect(workspace.files.get("book.py")).toBe(MOVED);
		expect(recorder.of("lint-fixed")).toMatchObject([
			{ takenBack: false, reason: "an import that went round and now stands in its functions cost no model call" },
		]);
	});

	test("leave ruff's fixes of the same file alone where the line cannot move", async () => {
		const text = "import os\nfrom author import Author\n\n\nclass Book(Author):\n    pass\n";
		const { workspace, recorder } = await runOn({
			workspace: workspaceWith({ "book.py": text }),
			reports: [{ ...CIRCULAR, lint: ["book.py:1 F401 [*] `os` imported but unused"] }, CIRCULAR],
			answers: ["I cannot."],
			options: { ...LINT_TASK, maxRounds: 1 },
			fixLint: withoutImport,
		});
		expect(workspace.files.get("book.py")).toBe(text.replace("import os\n", ""));
		expect(recorder.of("lint-fixed")).toMatchObject([{ takenBack: false }]);
	});

	test("stay as they are where that does not help, and it is not tried again", async () => {
		const { workspace, recorder } = await runOn({ reports: [CIRCULAR], options: { maxRounds: 2 } });
		expect(workspace.files.get("book.py")).toBe(BOOK);
		expect(recorder.of("lint-fixed")).toMatchObject([{ takenBack: true, reason: expect.stringContaining("book.py") }]);
	});

	test("stay as they are where the line cannot move, in a plan, and where the part is left out", async () => {
		const base = workspaceWith({ "book.py": "from author import Author\n\n\nclass Book(Author):\n    pass\n" });
		for (const setting of [
			{ workspace: base },
			{ options: { maxRounds: 1, mode: "plan" } },
			{ options: { maxRounds: 1, loop: { localImports: false } } },
		] satisfies Setting[]) {
			const { recorder } = await runOn({ reports: [CIRCULAR], answers: ["I cannot."], ...setting });
			expect(recorder.of("lint-fixed")).toEqual([]);
		}
	});
});

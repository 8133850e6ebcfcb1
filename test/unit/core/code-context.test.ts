/** What a first message shows of the code, before the model asks for it. */
import { describe, expect, test } from "vitest";
import { codeContext } from "../../../src/core/code-context.ts";
import type { WorkspaceReport } from "../../../src/core/probes/report.ts";
import { SeenFiles } from "../../../src/core/tools/seen-files.ts";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";
import { reportOfSketch } from "../../fakes/reports.ts";

const TEST = `from shelf.fines import fine
from shelf.loans import days_late, Loan


def test_early():
    assert days_late(Loan("a"), 1) == 0


def test_late():
    assert days_late(Loan("a"), 25) == 4
`;
const LOANS = "def days_late(loan, today):\n    return 0\n";
const LONG = `${"x = 1\n".repeat(200)}\n\ndef days_late(loan, today):\n    return 0\n`;
const FILES = {
	"shelf/__init__.py": "",
	"shelf/loans.py": LOANS,
	"shelf/fines.py": "def fine(loan):\n    return 1\n",
	"tests/test_loans.py": TEST,
	".env": "KEY=1\n",
};
const LATE = reportOfSketch({ failing: { "tests/test_loans.py::test_late[a-1]": "assert 0 == 4" } });
const signal = new AbortController().signal;

async function shown(
	report: WorkspaceReport,
	{ task = "Make the failing tests pass", files = FILES, contextLength = 8_192 } = {},
): Promise<{ readonly text: string; readonly seen: SeenFiles }> {
	const workspace = createMemoryWorkspace(files);
	const model = { contextLength };
	const seen = new SeenFiles();
	const text = await codeContext(
		{
			parts: { workspace },
			options: { task },
			state: { seen, asking: { model } },
		},
		report,
		signal,
	);
	return { text, seen };
}

describe("the code that a first message shows", () => {
	test("is the failing test alone, and the modules that it uses, whole where they are small", async () => {
		const { text, seen } = await shown(LATE);
		expect(text).toContain("tests/test_loans.py, lines 9-10:\n```python\ndef test_late():");
		expect(text).not.toContain("def test_early");
		expect(text).toContain(`shelf/loans.py, the whole file:\n\`\`\`python\n${LOANS}\`\`\``);
		expect(text).not.toContain("def fine");
		expect(text).toContain("Project files: .env, shelf/__init__.py");
		expect(seen.paths()).toEqual(["tests/test_loans.py", "shelf/loans.py"]);
	});

	test("is the whole test file where it cannot even be imported: what it asks for stands nowhere else", async () => {
		const report = reportOfSketch({ failing: { "tests/test_loans.py": "ImportError: cannot import name 'Loan'" } });
		const { text } = await shown(report);
		expect(text).toContain(`tests/test_loans.py, the whole file:\n\`\`\`python\n${TEST}\`\`\``);
		expect(text).toContain("shelf/loans.py, the whole file");
	});

	test("F51 what was shown whole may be written whole, what was shown in part may not", async () => {
		const { seen } = await shown(LATE);
		const workspace = createMemoryWorkspace(FILES);
		expect(seen.knowledgeOf(await workspace.read("shelf/loans.py", signal))).toBe("whole");
		expect(seen.knowledgeOf(await workspace.read("tests/test_loans.py", signal))).toBe("partly");
	});

	test("of a long module it is the functions that the test uses", async () => {
		const { text } = await shown(LATE, { files: { ...FILES, "shelf/loans.py": LONG } });
		expect(text).toContain("shelf/loans.py, lines 203-204 of 204:\n```python\ndef days_late");
		expect(text).not.toContain("x = 1\n");
	});

	test("begins with the file that a failure passed through", async () => {
		const report = reportOfSketch({ failing: { "tests/test_loans.py::test_late": "KeyError" } });
		if (report.pytest.status !== "findings") throw new Error("no findings");
		const frame = { file: "shelf/fines.py", line: 2, column: 1, functionName: "fine", source: "return 1" };
		const [finding] = report.pytest.findings;
		if (finding === undefined) throw new Error("no finding");
		const { text } = await shown({ ...report, pytest: { ...report.pytest, findings: [{ ...finding, frame }] } });
		expect(text.indexOf("shelf/fines.py, the whole")).toBeGreaterThan(0);
		expect(text.indexOf("shelf/fines.py, the whole")).toBeLessThan(text.indexOf("shelf/loans.py, the whole"));
	});

	test("is what the task names, and what lint is about", async () => {
		expect((await shown(reportOfSketch({}), { task: "Add a docstring to shelf/fines.py" })).text).toContain("def fine");
		expect((await shown(reportOfSketch({ lint: ["shelf/fines.py:1 D100 docstring"] }))).text).toContain("def fine");
	});

	test("A15 is never a file with credentials, and never missing ones", async () => {
		const { text } = await shown(reportOfSketch({}), { task: "Look at .env and gone.py" });
		expect(text).not.toContain("KEY=1");
		expect(text).not.toContain("gone.py");
	});

	test("A54 F45 hidden characters are made visible, Windows line ends are not shown as such", async () => {
		const files = { ...FILES, "shelf/loans.py": 'def days_late():\r\n    return "a\u202eb"\r\n' };
		const { text } = await shown(LATE, { files });
		expect(text).toContain('def days_late():\n    return "a<U+202E>b"\n');
	});

	test("takes a quarter of the window at most", async () => {
		const big = `def days_late(loan, today):\n${"    x = 1\n".repeat(110)}`;
		const files = { ...FILES, "shelf/loans.py": big, "shelf/fines.py": big.replace("days_late", "fine") };
		const { text } = await shown(LATE, { files, contextLength: 2_048 });
		expect(text.length).toBeLessThan(2_048 * 3.5 * 0.3);
	});
});

/** A plan is the model's words, by every protocol, with or without code in them. */
import { expect, test } from "vitest";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";
import { FAILING, type Ran, runWith, type Setting } from "../../fakes/scripted-run.ts";

const FILE = { path: "a.py", text: "def one():\n    return 1\n" };
const PLAN = { task: "Make the failing test pass; see a.py", mode: "plan" } as const;

function planWith(setting: Setting): Promise<Ran> {
	const model = { protocol: "text", continuesAnswers: true } as const;
	const workspace = createMemoryWorkspace({ [FILE.path]: FILE.text });
	return runWith({ reports: [FAILING], model, options: PLAN, workspace, ...setting });
}

test.each(["text", "schema", "native"] as const)("a plan is words, by the %s protocol as well", async (protocol) => {
	const plan = "1. Let one() of a.py give 2.\n2. Run the tests.";
	const { outcome, model } = await planWith({
		answers: [protocol === "schema" ? JSON.stringify({ tool: "answer", text: plan }) : plan],
		model: { protocol, continuesAnswers: true },
	});
	expect(outcome).toEqual({ kind: "stopped", reason: "The plan is ready.", plan });
	expect(model.requests).toHaveLength(1);
});

test.each([
	["a block", "Do this:\n```python\ndef one():\n    return 2\n```\nThen test."],
	["what would write a file", `write_file a.py\n\`\`\`python\n${FILE.text}\`\`\``],
	["two blocks", "```python\nx = 1\n```\nor\n```python\ny = 2\n```"],
])("a plan may show code: %s", async (_, plan) => {
	const { outcome, workspace } = await planWith({ answers: [plan] });
	expect(outcome).toMatchObject({ kind: "stopped", plan });
	expect(workspace.changes).toEqual([]);
});

test("a plan may be preceded by reading", async () => {
	const answers = ['read_file path="a.py"', "1. Let it give 2."];
	const { outcome, model } = await planWith({ answers });
	expect(outcome.plan).toBe("1. Let it give 2.");
	expect(model.requests).toHaveLength(2);
});

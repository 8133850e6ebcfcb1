/** A failing test that the run wrote is told as one that may be wrong; one that was there before is not. */
import { expect, test } from "vitest";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";
import { FAILING, runWith } from "../../fakes/scripted-run.ts";

const write = (path: string) => ({
	calls: [{ name: "write_file", arguments: { path, content: "def test_b():\n    assert 0\n" } }],
});
const failing = { failing: { "test_b.py::test_b": "AssertionError: assert 0" } };

async function secondMessage(files: Readonly<Record<string, string>>): Promise<string> {
	const { model } = await runWith({
		reports: [FAILING, failing, failing],
		answers: [write("test_b.py"), "I cannot."],
		workspace: createMemoryWorkspace(files),
		options: { task: "Create b.py with tests in test_b.py.", approve: "all" },
	});
	return model.requests[1]?.messages.at(-1)?.content ?? "";
}

test("of the run's own test the model hears that it may be wrong", async () => {
	expect(await secondMessage({})).toContain("hint: you wrote test_b.py yourself");
});

test("of a test that was there it hears nothing of the kind", async () => {
	const told = await secondMessage({ "test_b.py": "def test_b():\n    assert 1\n" });
	expect(told).toContain("FAIL test_b.py::test_b");
	expect(told).not.toContain("yourself");
});

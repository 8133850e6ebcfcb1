/** The practice model against small bugs of many kinds, judged by the real loop and the real probes. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PRACTICE_PROJECTS } from "../../fixtures/practice-projects.ts";
import { practiceRun } from "../../fixtures/practice-run.ts";
import { temporaryWorkspace } from "../../fixtures/workspace.ts";

const MAX_ROUNDS = 40;
/** What the command line and the editor allow when nothing is set. */
const DEFAULT_ROUNDS = 12;

describe("the practice model mends", () => {
	test.each(PRACTICE_PROJECTS)("$name", async ({ files }) => {
		const root = temporaryWorkspace(files);
		const { outcome, recorder } = await practiceRun(root, MAX_ROUNDS);
		expect(outcome.kind, outcome.reason).toBe("green");
		const changed = recorder.of("run-finished")[0]?.filesChanged ?? [];
		expect(changed.length).toBeGreaterThan(0);
		expect(changed.filter((path) => path.startsWith("tests/"))).toEqual([]);
	});

	test("the demo project, within the default number of rounds", async () => {
		const root = temporaryWorkspace();
		cpSync(join(import.meta.dirname, "../../../media/demo-project"), root, { recursive: true });
		const { outcome, recorder } = await practiceRun(root, DEFAULT_ROUNDS);
		expect(outcome.kind, outcome.reason).toBe("green");
		expect(recorder.of("verdict")[0]).toMatchObject({ state: "failing", findings: 5 });
	});
});

test("a repair after which the tests never end is taken back", async () => {
	const root = temporaryWorkspace({
		"count.py":
			"def count_to(limit):\n    steps = 0\n    at = 0\n    while at < limit:\n        at += 1\n        steps += 2\n    return steps\n",
		"test_count.py":
			"from count import count_to\n\n\ndef test_count():\n    assert count_to(0) == 0\n    assert count_to(4) == 4\n",
	});
	const { outcome, recorder } = await practiceRun(root, MAX_ROUNDS, { pytestTimeoutMs: 3_000 });
	expect(outcome.kind, outcome.reason).toBe("green");
	expect(
		recorder.of("probe-finished").some((event) => event.status === "not-run" && event.reason === "timed-out"),
	).toBe(true);
});

test("tests that contradict each other end in an honest answer, and no repair is tried twice", async () => {
	const root = temporaryWorkspace();
	cpSync(join(import.meta.dirname, "../../fixtures/unfixable"), root, { recursive: true });
	const { outcome, recorder } = await practiceRun(root, MAX_ROUNDS);
	expect(outcome.kind).toBe("stopped");
	expect(outcome.reason).toMatch(/The practice model tried \d+ repairs and none made .*test_verdict/);
	const newest = recorder
		.of("model-finished")
		.flatMap(({ toolCalls }) => toolCalls.filter(({ name }) => name === "edit_file").slice(-1))
		.map((call) => JSON.stringify(call));
	expect(newest.length).toBeGreaterThan(3);
	expect(new Set(newest).size).toBe(newest.length);
	expect(recorder.of("tool-finished").filter(({ ok }) => !ok)).toEqual([]);
});

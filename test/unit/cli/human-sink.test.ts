/** A run as a terminal shows it: in the order in which things happened, with the model's calls counted. */
import { expect, test } from "vitest";
import { createHumanSink } from "../../../src/cli/human-sink.ts";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";
import { failingTest } from "../../fakes/reports.ts";
import { FAILING, runWith, type Setting, WRITE } from "../../fakes/scripted-run.ts";

const UNUSED = "a.py:1 F401 [*] `os` imported but unused";
const UNKNOWN = "a.py:2 F821 Undefined name `y`";

async function linesOf(setting: Setting): Promise<readonly string[]> {
	const lines: string[] = [];
	const add = (line: string) => void lines.push(line);
	const terminal = {
		interactive: false,
		out: add,
		err: add,
		style: (_: unknown, text: string) => text,
		confirm: async () => false,
	};
	await runWith({ ...setting, sinks: [createHumanSink(terminal, null)] });
	return lines;
}

function placeOf(lines: readonly string[], part: string): number {
	return lines.findIndex((line) => line.includes(part));
}

test("what ruff fixed by itself stands between the findings before and those after", async () => {
	const lines = await linesOf({
		reports: [{ lint: [UNUSED, UNKNOWN] }, { lint: [UNKNOWN] }],
		workspace: createMemoryWorkspace({ "a.py": "import os\nx = y\n" }),
		fixLint: (_file, text) => text.replace("import os\n", ""),
		options: { task: "Fix the lint errors.", maxRounds: 1 },
	});
	const before = placeOf(lines, "imported but unused");
	const fixed = placeOf(lines, "Fixed without the model: 1 of 2");
	const after = lines.findLastIndex((line) => line.includes("Undefined name"));
	expect(before).toBeGreaterThan(-1);
	expect(fixed).toBeGreaterThan(before);
	expect(placeOf(lines.slice(fixed), "Undefined name")).toBeGreaterThan(-1);
	expect(after).toBeGreaterThan(fixed);
	expect(lines.slice(before, fixed).filter((line) => line.includes("Undefined name"))).toHaveLength(1);
});

test("a run that ends by its limit counts the model's calls, not the probe that ends it", async () => {
	const lines = await linesOf({ reports: [FAILING], answers: [WRITE], options: { maxRounds: 2, noProgressRounds: 9 } });
	expect(lines.some((line) => line.startsWith("2 model calls in "))).toBe(true);
	expect(placeOf(lines, "The limit of 2 rounds is reached")).toBeGreaterThan(-1);
});

test("the first failing test stands once, before the end of its probe", () => {
	const lines: string[] = [];
	const add = (line: string) => void lines.push(line);
	const plain = (_: unknown, text: string) => text;
	const terminal = { interactive: false, out: add, err: add, style: plain, confirm: async () => false };
	const sink = createHumanSink(terminal, null);
	const [first, second] = [failingTest("t.py::test_a", "first"), failingTest("t.py::test_b", "second")];
	const at = { round: 1, seq: 1, at: 1 };
	const probe = { probe: "pytest", scope: "affected", wave: "A", form: "forked", cache: "miss", why: "" } as const;
	sink({ ...at, type: "probe-failing", finding: first });
	expect(lines).toEqual(["  t.py:3 first"]);
	const findings = [first, second];
	sink({ ...at, ...probe, type: "probe-finished", durationMs: 1, status: "findings", findings });
	expect(lines).toEqual(["  t.py:3 first", "  t.py:3 second"]);
});

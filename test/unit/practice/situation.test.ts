/** What the practice model reads from a conversation alone. */
import { expect, test } from "vitest";
import { answer } from "../../../src/practice/planner.ts";
import { newFailures, parseProbe } from "../../../src/practice/probe-message.ts";
import { readSituation } from "../../../src/practice/situation.ts";
import type { WireCall, WireMessage } from "../../../src/practice/wire-types.ts";

const SOURCE = "def add(a, b):\n    total = a - b\n    if total > 10:\n        total = 10 * 2\n    return total\n";
const TESTS = "from calc import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n";
const FAIL = "- FAIL tests/test_calc.py::test_add (tests/test_calc.py:5) AssertionError: assert -1 == 3";

const user = (content: string): WireMessage => ({ role: "user", content, toolCalls: [] });
const tool = (content: string): WireMessage => ({ role: "tool", content, toolCalls: [] });
const model = (content: string, toolCalls: readonly WireCall[]): WireMessage => ({
	role: "assistant",
	content,
	toolCalls,
});

function shown(path: string, text: string): string {
	const lines = text.trimEnd().split("\n");
	return [
		`${path} lines 1-${lines.length} of ${lines.length}`,
		...lines.map((line, at) => `${String(at + 1).padStart(4)}| ${line}`),
	].join("\n");
}

type Project = Map<string, string>;

function newProject(): Project {
	return new Map([
		["calc.py", SOURCE],
		["tests/test_calc.py", TESTS],
	]);
}

/** What the loop's tools would answer. */
function results(project: Project, calls: readonly WireCall[]): readonly WireMessage[] {
	return calls.map(({ name, arguments: given }) => {
		const path = String(given["path"]);
		const text = project.get(path) ?? "";
		if (name === "list_files") return tool([...project.keys()].join("\n"));
		if (name === "read_file") return tool(shown(path, text));
		const parts = text.split(String(given["old_text"]));
		if (parts.length !== 2) return tool("ERROR no-match: old_text does not stand in the file.");
		project.set(path, parts.join(String(given["new_text"])));
		return tool(`changed ${path}`);
	});
}

/** Rounds of a loop in which no repair ever helps. */
function vainRounds(
	project: Project,
	count: number,
	messages: readonly WireMessage[],
	from: number,
): readonly WireMessage[] {
	let conversation = messages;
	for (let round = from; round < from + count; round += 1) {
		conversation = [
			...conversation,
			user(`PROBE ${round}: failing\nsince last round: fixed 0, new 0, still failing 1\n${FAIL}`),
		];
		const said = answer(readSituation(conversation));
		conversation = [...conversation, model(said.content, said.calls), ...results(project, said.calls)];
	}
	return conversation;
}

const START = [{ role: "system", content: "rules", toolCalls: [] }, user("Task: mend it")];

test("the probe message is read back with frames, lint and what is not listed", () => {
	const probe = parseProbe(
		"PROBE 3: failing\nsince last round: fixed 0, new 1, still failing 1\n- FAIL tests/test_a.py::test_b[x (1)] (tests/test_a.py:12) AssertionError: assert 3 == 4\n    at src/mod.py:7 in clamp: return low\n- LINT src/mod.py:3:8 F401 `os` imported but unused\n(+5 more)",
	);
	expect(probe).toEqual({
		number: 3,
		state: "failing",
		failures: [
			{
				testId: "tests/test_a.py::test_b[x (1)]",
				file: "tests/test_a.py",
				line: 12,
				message: "AssertionError: assert 3 == 4",
				frame: { file: "src/mod.py", line: 7 },
			},
		],
		lint: [{ file: "src/mod.py", line: 3, column: 8, code: "F401", message: "`os` imported but unused" }],
		more: 5,
	});
	expect(parseProbe("Task: PROBE the code")).toBeNull();
});

test("tests of a file that could not be collected before are no new failures", () => {
	const before = parseProbe(
		"PROBE 1: failing\n- FAIL tests/test_a.py (tests/test_a.py:1) NameError: name 'x' is not defined",
	);
	const now = parseProbe(
		"PROBE 2: failing\n- FAIL tests/test_a.py::test_b (tests/test_a.py:3) assert 1 == 2\n- FAIL tests/test_c.py::test_d (tests/test_c.py:3) assert 1 == 2",
	);
	expect(before !== null && now !== null && newFailures(before, now)).toEqual(["tests/test_c.py::test_d"]);
});

test("a repair that did not help is taken back before the next one, and none comes twice", () => {
	const project = newProject();
	const conversation = vainRounds(project, 8, START, 1);
	const edits = conversation.flatMap(({ toolCalls }) => toolCalls.filter(({ name }) => name === "edit_file"));
	const pairs = edits.map(({ arguments: { old_text, new_text } }) => [old_text, new_text] as const);
	expect(pairs.length).toBeGreaterThan(6);
	for (let at = 1; at < pairs.length; at += 2) expect(pairs[at]).toEqual([pairs[at - 1]?.[1], pairs[at - 1]?.[0]]);
	const tried = pairs.filter((_, at) => at % 2 === 0).map(([, text]) => text);
	expect(new Set(tried).size).toBe(tried.length);
});

test("the rounds end in an answer without calls, with the repairs counted", () => {
	const last = vainRounds(newProject(), 60, START, 1).at(-1);
	expect(last?.role).toBe("assistant");
	expect(last?.content).toMatch(/tried \d+ repairs and none made tests\/test_calc\.py::test_add pass/);
});

test("a shortened conversation is read anew, and what was tried before stays tried", () => {
	const project = newProject();
	const long = vainRounds(project, 8, START, 1);
	const probes = long.flatMap((message, index) => (message.content.startsWith("PROBE") ? [index] : []));
	const short = [...START, user("Earlier rounds were left out."), ...long.slice(probes.at(-3))];
	const before = new Set(readSituation(long).tried);
	const next = vainRounds(project, 6, short, 9);
	const proposed = next.slice(short.length).flatMap(({ content }) => [...content.matchAll(/^Try /gm)]).length;
	const after = readSituation(next);
	expect(proposed).toBeGreaterThan(0);
	expect(after.files.get("calc.py")).toBe(project.get("calc.py"));
	expect(next.filter(({ content }) => content.startsWith("ERROR"))).toEqual([]);
	expect(after.tried.size).toBe(before.size + proposed);
});

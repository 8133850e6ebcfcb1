/** An answer in vain: when the same prompt is asked once more, and when not. */
import { describe, expect, test } from "vitest";
import type { EventSink } from "../../../src/core/events.ts";
import { HIDDEN_MARK } from "../../../src/core/model/hidden-code.ts";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";
import type { ScriptedAnswer } from "../../fakes/scripted-model.ts";
import { expectWellFormed, FAILING, GREEN, type Ran, READ, runWith, type Setting } from "../../fakes/scripted-run.ts";

const TWO_FAILING = { failing: { "test_a.py::test_one": "assert 1 == 2", "test_a.py::test_two": "assert 1 == 3" } };
const SLOW = { ...FAILING, durationMs: 11_000 };

function write(content: string): ScriptedAnswer {
	return { calls: [{ name: "write_file", arguments: { path: "a.py", content } }] };
}

const ATTEMPTS = [2, 3, 4, 5, 6, 7, 8].map((value) => write(`x = ${value}\n`));

async function runAsText(setting: Setting): Promise<Ran> {
	const options = { task: "Make the failing test pass; see a.py", maxRounds: 8, ...setting.options };
	const ran = await runWith({ answers: ATTEMPTS, model: { protocol: "text" }, ...setting, options });
	expectWellFormed(ran.recorder, ran.outcome);
	return ran;
}

const prompts = ({ model }: Ran) => model.requests.map(({ messages }) => messages);
const warmth = ({ model }: Ran) => model.requests.map(({ temperature }) => temperature);

describe("an answer in vain", () => {
	test("brings the same prompt once more, word for word, warmer and with another seed", async () => {
		const ran = await runAsText({ reports: [FAILING, FAILING, GREEN] });
		const [first, second, third] = prompts(ran);
		expect(second).toEqual(first);
		expect(third).toBeUndefined();
		expect(warmth(ran)).toEqual([0, 0.8]);
		expect(ran.model.requests[1]?.seed).not.toBe(ran.model.requests[0]?.seed);
		expect(ran.outcome.kind).toBe("green");
	});

	test("also where it made things worse; what helped is the ground of the next prompt", async () => {
		const ran = await runAsText({ reports: [FAILING, TWO_FAILING, TWO_FAILING, GREEN] });
		const [first, second, third] = prompts(ran);
		expect([second, third]).toEqual([first, first]);

		const better = await runAsText({ reports: [TWO_FAILING, FAILING, GREEN] });
		const [before, after] = prompts(better);
		expect(after).not.toEqual(before);
		expect(after?.at(-1)?.content).toContain("x = 2");
		expect(warmth(better)).toEqual([0, 0]);
	});

	test("is none where as much fails and not the same: what passes now is gone on with", async () => {
		const other = { failing: { "test_a.py::test_other": "assert 1 == 2" }, passed: 1 };
		const ran = await runAsText({ reports: [FAILING, other, GREEN] });
		const [first, second] = prompts(ran);
		expect(second).not.toEqual(first);
		expect(second?.at(-1)?.content).toContain("x = 2");
		expect(second?.at(-1)?.content).toContain("FAIL test_a.py::test_other");
	});

	test("is none where what fails says for the first time what to do", async () => {
		const telling = { ...FAILING, hints: { "test_a.py::test_one": "One of the two is text." } };
		const ran = await runAsText({ reports: [FAILING, telling, telling, GREEN] });
		const [first, second, third] = prompts(ran);
		expect(second).not.toEqual(first);
		expect(second?.at(-1)?.content).toContain("hint: One of the two is text.");
		expect(third).toEqual(second);
	});

	test("words where a file was asked for are one, too", async () => {
		const ran = await runAsText({ reports: [FAILING, FAILING, GREEN], answers: ["a.py must be 2.", write("x = 2\n")] });
		const [first, second] = prompts(ran);
		expect(second).toEqual(first);
		expect(ran.outcome.kind).toBe("green");
	});

	test("comes to an end: after four times the model is asked in another way", async () => {
		const ran = await runAsText({ reports: [FAILING] });
		const [first, ...others] = prompts(ran);
		const same = others.filter((messages) => JSON.stringify(messages) === JSON.stringify(first));
		expect(same).toHaveLength(4);
		expect(others.slice(0, 4)).toEqual(same);
		expect(ran.recorder.of("escalated").length).toBeGreaterThan(0);
	});
});

describe("the code that fails", () => {
	const FILES = {
		"a.py": 'def one():\n    """One."""\n    return 1\n\n\ndef two():\n    return 2\n',
		"test_a.py": "from a import one\n\n\ndef test_one():\n    assert one() == 2\n",
	};
	const last = (ran: Ran, call: number) => prompts(ran)[call]?.at(-1)?.content ?? "";
	const run = (setting: Setting) =>
		runAsText({ reports: [FAILING, FAILING, FAILING, GREEN], workspace: createMemoryWorkspace(FILES), ...setting });

	test("is shown at first, and from the second attempt on is not; the second time warmer", async () => {
		const same = { calls: [{ name: "write_file", arguments: { path: "a.py", content: FILES["a.py"] } }] };
		const ran = await run({ answers: [same, same, write("def one():\n    return 2\n")] });
		expect(last(ran, 0)).toContain("return 1");
		expect(last(ran, 1)).toContain(`"""One."""\n    ...  ${HIDDEN_MARK}`);
		expect(last(ran, 1)).toContain("return 2");
		expect(last(ran, 1)).not.toContain("return 1");
		expect(last(ran, 1)).toContain("what a.py must do, then give the whole new a.py");
		expect(last(ran, 2)).toBe(last(ran, 1));
		expect(warmth(ran).at(2)).toBe(0.8);
	});

	test("is shown where the last attempt made tests pass: that is gone on with", async () => {
		const better = { ...FAILING, passed: 1 };
		const answers = [write("def one():\n    return 3\n"), write("def one():\n    return 2\n")];
		const ran = await run({ reports: [TWO_FAILING, better, GREEN], answers });
		expect(last(ran, 1)).toContain("return 3");
		const asBad = await run({ reports: [TWO_FAILING, { ...FAILING, passed: 0 }, GREEN], answers });
		expect(last(asBad, 1)).not.toContain("return 3");
	});

	test("stays in the file: a text with the mark in its place is not written", async () => {
		const marked = write(`def one():\n    ...  ${HIDDEN_MARK}\n`);
		const ran = await run({ answers: [marked, write("def one():\n    return 2\n")] });
		expect(ran.recorder.of("tool-finished")[0]).toMatchObject({ ok: false });
		expect(ran.workspace.files.get("a.py")).not.toContain(HIDDEN_MARK);
	});

	test("is always shown where that is switched off", async () => {
		const ran = await run({ options: { loop: { rewriting: false } } });
		for (const [call] of prompts(ran).entries()) expect(last(ran, call)).not.toContain(HIDDEN_MARK);
	});
});

describe("the prompt is not asked again", () => {
	test.each<[string, Setting]>([
		["in a protocol of calls", { model: { protocol: "native" } }],
		["where that is switched off", { options: { loop: { resampling: false } } }],
		["where the tests are slow", { reports: [FAILING, SLOW, GREEN] }],
		["where the file is long", { workspace: createMemoryWorkspace({ "a.py": "x = 1\n".repeat(100) }) }],
	])("%s", async (_, setting) => {
		const ran = await runAsText({ reports: [FAILING, FAILING, GREEN], ...setting });
		const [first, second] = prompts(ran);
		expect(second).not.toEqual(first);
	});

	test("where the model has read something", async () => {
		const ran = await runAsText({ reports: [FAILING, FAILING, GREEN], answers: [READ, write("x = 2\n")] });
		const [first, second] = prompts(ran);
		expect(second).not.toEqual(first);
	});

	test("where someone else has edited the file meanwhile: it would show what is no longer there", async () => {
		const workspace = createMemoryWorkspace({ "a.py": "x = 1\n" });
		const person: EventSink = ({ type }) => {
			if (type === "tool-finished") workspace.files.set("a.py", "x = 1\n# mine\n");
		};
		const ran = await runAsText({ reports: [FAILING, FAILING, GREEN], workspace, sinks: [person] });
		const [first, second] = prompts(ran);
		expect(second).not.toEqual(first);
		expect(second?.at(-1)?.content).toContain("# mine");
	});
});

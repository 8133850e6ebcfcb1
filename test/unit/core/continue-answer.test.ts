/** Words where a file was asked for: the model goes on with them, from the first line of the block. */
import { describe, expect, test } from "vitest";
import { continuationOf } from "../../../src/core/continue-answer.ts";
import type { FileInPlay } from "../../../src/core/model/protocol.ts";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";
import { expectWellFormed, FAILING, GREEN, type Ran, runWith, type Setting } from "../../fakes/scripted-run.ts";

const WORDS = "a.py must be 2.";
const FILE = { path: "a.py", text: "def one():\n    return 1\n" };
const MENDED = "def one():\n    return 2\n";
const TASK = { task: "Make the failing test pass; see a.py" };

async function runAsText(setting: Setting): Promise<Ran> {
	const model = { protocol: "text", continuesAnswers: true } as const;
	const workspace = createMemoryWorkspace({ [FILE.path]: FILE.text });
	const ran = await runWith({ reports: [FAILING, GREEN], model, options: TASK, workspace, ...setting });
	expectWellFormed(ran.recorder, ran.outcome);
	return ran;
}

describe("words alone", () => {
	test("are gone on with in the same round, and both parts are one answer", async () => {
		const ran = await runAsText({ answers: [WORDS, `${MENDED}\`\`\`\nNow it is 2.`] });
		const [first, second] = ran.model.requests.map(({ messages }) => messages);
		expect(second?.slice(0, -1)).toEqual(first);
		expect(second?.at(-1)).toEqual({ role: "assistant", content: `${WORDS}\n\n\`\`\`python\n`, toolCalls: [] });
		expect(ran.workspace.files.get("a.py")).toBe(MENDED);
		expect(ran.outcome.kind).toBe("green");
		const calls = ran.recorder.of("model-finished");
		expect(calls).toMatchObject([{ outputTokens: 2, decodeMs: 2, prefillMs: 2 }]);
		const written = ran.recorder.of("model-delta").map(({ text }) => text);
		expect(written.join("")).toBe(`${WORDS}\n\n\`\`\`python\n${MENDED}\`\`\`\nNow it is 2.`);
	});

	test("a model that begins a block of its own all the same is read from there", async () => {
		const ran = await runAsText({ answers: [WORDS, `\`\`\`python\n${MENDED}\`\`\``] });
		expect(ran.workspace.files.get("a.py")).toBe(MENDED);
	});

	test("twice make no third call", async () => {
		const ran = await runAsText({
			reports: [FAILING],
			answers: [WORDS, `${FILE.text}\`\`\``],
			options: { ...TASK, maxRounds: 1 },
		});
		expect(ran.model.requests).toHaveLength(2);
	});

	test("what repeats itself without end in the second part is stopped there", async () => {
		const ran = await runAsText({
			reports: [FAILING],
			answers: [WORDS, { endless: "x = 1\n" }],
			options: { ...TASK, maxRounds: 1 },
		});
		expect(ran.recorder.of("notice").map(({ message }) => message)).toEqual(
			expect.arrayContaining([expect.stringContaining("repeated itself")]),
		);
		expect(ran.workspace.changes).toEqual([]);
	});
});

describe("an answer is not gone on with", () => {
	const asked = async (setting: Setting) =>
		(await runAsText({ reports: [FAILING], answers: [WORDS], options: { ...TASK, maxRounds: 1 }, ...setting })).model
			.requests.length;

	test.each([
		["by a model whose template closes it", { model: { protocol: "text" } }],
		["where a server parses the calls", { model: { protocol: "native", continuesAnswers: true } }],
		["where the part is left out", { options: { ...TASK, maxRounds: 1, loop: { continuation: false } } }],
		["where it has its block", { answers: [`\`\`\`python\n${MENDED}\`\`\``] }],
	] satisfies [string, Setting][])("%s", async (_, setting) => {
		expect(await asked(setting)).toBeLessThan(2);
	});
});

describe("the file that is meant", () => {
	const request = {
		...{ messages: [], tools: [], format: null, maxOutputTokens: 1, temperature: 0, seed: 1, think: false },
	};
	const opening = (words: string, files: readonly FileInPlay[]) =>
		continuationOf(request, { content: words }, files)?.opening;
	const OTHER = { path: "b.py", text: "y = 1\n" };
	const MISSING = { path: "new.py", text: null };

	test("is the only one, the missing one, or the one that the words name first", () => {
		expect(opening("", [FILE])).toBe("```python\n");
		expect(opening("It lacks.", [FILE, MISSING])).toBe("\n\nwrite_file new.py\n```python\n");
		expect(opening("b.py adds.", [FILE, OTHER])).toBe("\n\nwrite_file b.py\n```python\n");
		expect(opening("b.py must not ask a.py.", [FILE, OTHER])).toContain("write_file b.py");
		expect(opening("It says so.", [{ path: "notes.txt", text: "" }])).toBe("\n\n```\n");
	});

	test("is guessed by nobody", () => {
		expect(opening("It adds.", [FILE, OTHER])).toBeUndefined();
		expect(opening("It adds.", [])).toBeUndefined();
	});
});

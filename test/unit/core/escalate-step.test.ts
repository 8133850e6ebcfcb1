/** A run that is stuck: the steps in their order, each with its evidence, and the end where none is left. */
import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/core/errors.ts";
import type { ChatRequest } from "../../../src/core/model/conversation.ts";
import { createScriptedModel, type ScriptedAnswer } from "../../fakes/scripted-model.ts";
import { expectWellFormed, FAILING, GREEN, READ, runWith, WRITE } from "../../fakes/scripted-run.ts";

/** A new file each time, none of which helps. */
const USELESS = (_: ChatRequest, before: number): ScriptedAnswer => ({
	calls: [{ name: "write_file", arguments: { path: `f${before}.py`, content: "x = 1\n" } }],
});
const MANY = { maxRounds: 40, noProgressRounds: 2 };
const CUT: ScriptedAnswer = { content: '{"name": "write_file", "arguments": {"path": "a.py"', doneReason: "length" };

describe("a run that is stuck", () => {
	test("takes every step in its order, each after two edits in vain, and ends with the evidence", async () => {
		const larger = createScriptedModel(USELESS, { name: "larger", protocol: "schema", canThink: true });
		const { outcome, recorder, model } = await runWith({
			reports: [FAILING],
			answers: USELESS,
			model: { protocol: "native" },
			largerModel: { open: async () => larger },
			options: MANY,
		});
		expectWellFormed(recorder, outcome);
		expect(recorder.of("escalated").map(({ step, model: name, protocol }) => [step, name, protocol])).toEqual([
			["fresh-context", "scripted", "native"],
			["other-protocol", "scripted", "schema"],
			["larger-model", "larger", "schema"],
			["thinking", "larger", "schema"],
		]);
		for (const { reason } of recorder.of("escalated")) expect(reason).toContain("the same failures");
		expect(outcome.kind).toBe("stopped");
		expect(outcome.reason).toContain("the same failures, with the same messages, after 2 attempts");
		expect(outcome.reason).toContain(
			"Tried as well: a fresh context, another tool protocol, a larger model, thinking.",
		);
		expect(model.requests.map(({ temperature }) => temperature)).toEqual([0, 0, 0.3, 0.3, 0.3, 0.3]);
		expect(new Set(model.requests.map(({ seed }) => seed)).size).toBe(3);
		expect(model.requests.map(({ format }) => format !== null)).toEqual([false, false, false, false, true, true]);
		// Three rounds at least for the larger model, then thinking for one.
		expect(larger.requests.map(({ think }) => think)).toEqual([false, false, false, true, false]);
	});

	test("asks from a fresh context: head, what was tried, the code and the probe", async () => {
		const { model } = await runWith({ reports: [FAILING], answers: USELESS, options: { ...MANY, maxRounds: 3 } });
		const [first, , third] = model.requests;
		expect(third?.messages.map(({ role }) => role)).toEqual(["system", "user", "user", "user"]);
		expect(third?.messages.slice(0, 2)).toEqual(first?.messages.slice(0, 2));
		const digest = third?.messages[2]?.content ?? "";
		expect(digest).toContain("Files changed so far: f0.py, f1.py.");
		expect(digest).toContain('write_file f1.py with "x = 1"');
		expect(third?.messages[3]?.content).toContain("PROBE 3: failing");
	});

	test("skips what is not to be had, and says why", async () => {
		const open = async () => {
			throw new UserError("model-missing", "The model big is not installed.", "Pull it.");
		};
		const { recorder, outcome } = await runWith({
			reports: [FAILING],
			answers: USELESS,
			largerModel: { open },
			options: MANY,
		});
		expect(recorder.of("escalated").map(({ step }) => step)).toEqual(["fresh-context", "other-protocol"]);
		expect(recorder.of("notice").map(({ message }) => message)).toContain(
			"No larger model: The model big is not installed.",
		);
		expect(outcome.reason).toContain("No progress");
	});

	test("goes on to green where a step helps", async () => {
		const { outcome, recorder } = await runWith({
			reports: [FAILING, FAILING, FAILING, GREEN],
			answers: USELESS,
			options: MANY,
		});
		expect(recorder.of("escalated").map(({ step, round }) => [step, round])).toEqual([["fresh-context", 3]]);
		expect(outcome.kind).toBe("green");
	});

	test("ends at the first evidence where it may not be asked otherwise", async () => {
		const { outcome, recorder, model } = await runWith({
			reports: [FAILING],
			answers: USELESS,
			options: { ...MANY, noProgressRounds: 3, loop: { escalation: false } },
		});
		expect(recorder.of("escalated")).toEqual([]);
		expect(outcome.reason).toContain("No progress");
		expect(model.requests).toHaveLength(3);
	});

	test("F27 cut answers lead on, each explained to the model, and nothing of them is done", async () => {
		const { outcome, recorder, model, workspace } = await runWith({
			reports: [FAILING],
			answers: [CUT],
			options: MANY,
		});
		expect(recorder.of("escalated").map(({ step, reason }) => [step, reason.includes("cut")])).toEqual([
			["fresh-context", true],
			["other-protocol", true],
		]);
		expect(outcome.kind).toBe("stopped");
		expect(model.requests).toHaveLength(6);
		expect(model.requests[1]?.messages.at(-1)?.content).toContain("cut at the length limit");
		expect(workspace.changes).toEqual([]);
	});
});

describe("answers that lead nowhere", () => {
	test("F28 a third identical call is not made, a fifth ends the run", async () => {
		const { outcome, recorder, model } = await runWith({ reports: [FAILING], answers: [READ], options: MANY });
		expect(outcome.reason).toContain("stuck");
		expect(recorder.of("tool-finished").map(({ code }) => code)).toEqual([
			"ok",
			"ok",
			"repeated-call",
			"repeated-call",
			"repeated-call",
		]);
		expect(model.requests).toHaveLength(5);
	});

	test("F28 the same call after a change is made again", async () => {
		const answers = (request: ChatRequest, before: number) => (before % 2 === 0 ? READ : USELESS(request, before));
		const { recorder } = await runWith({
			reports: [FAILING],
			answers,
			options: { ...MANY, maxRounds: 8, noProgressRounds: 40 },
		});
		expect(recorder.of("tool-finished").every(({ ok }) => ok)).toBe(true);
	});

	test("F26 three empty answers end the run, after two nudges", async () => {
		const { outcome, model, recorder } = await runWith({ reports: [FAILING], answers: [" \n"], options: MANY });
		expect(outcome.reason).toContain("returned nothing");
		expect(model.requests).toHaveLength(3);
		expect(model.requests[2]?.messages.at(-1)?.content).toContain("Your answer was empty");
		expect(recorder.of("escalated")).toEqual([]);
	});

	test("F23 three unknown tools in a row end the run; each is answered with the names", async () => {
		const { outcome, model } = await runWith({
			reports: [FAILING],
			answers: [{ calls: [{ name: "run_shell", arguments: { command: "ls" } }] }],
			options: MANY,
		});
		expect(outcome.reason).toContain("do not exist");
		expect(model.requests).toHaveLength(3);
		expect(model.requests[1]?.messages.at(-2)?.content).toContain("The tools are list_files");
	});

	test("F21 a call that the server could not read is fed back with another seed, three times at most", async () => {
		const unreadable = new UserError("unreadable-call", "The server could not read the model's tool call.", "x");
		const { outcome, model, workspace, recorder } = await runWith({
			reports: [FAILING],
			answers: [unreadable],
			options: MANY,
		});
		expectWellFormed(recorder, outcome);
		expect(outcome.reason).toContain("could not read");
		expect(model.requests).toHaveLength(3);
		expect(new Set(model.requests.map(({ seed }) => seed)).size).toBe(3);
		expect(model.requests[1]?.messages.at(-1)?.content).toContain("Nothing was done");
		expect(workspace.changes).toEqual([]);
	});

	test("F21 and goes on where the next one can be read", async () => {
		const unreadable = new UserError("unreadable-call", "The server could not read the model's tool call.", "x");
		const { outcome } = await runWith({ reports: [FAILING, FAILING, GREEN], answers: [unreadable, WRITE] });
		expect(outcome.kind).toBe("green");
	});

	test("F29 an answer that repeats itself is stopped long before its length limit", async () => {
		const { outcome, recorder } = await runWith({
			reports: [FAILING, GREEN],
			answers: [{ endless: "name: 'value'\n" }, WRITE],
		});
		expect(recorder.of("model-delta").length).toBeLessThan(200);
		expect(recorder.of("notice")[0]?.message).toContain("repeated itself");
		expectWellFormed(recorder, outcome);
		expect(outcome.kind).toBe("green");
	});

	test("F29 as text it is taken for what it said before, where that is a whole file", async () => {
		const begins = "b.py must be 2.\n\nwrite_file b.py\n```python\nx = 2\n```\n";
		const ran = (answer: string) =>
			runWith({
				reports: [FAILING, GREEN],
				answers: [{ begins: answer, endless: "at b.py:1 in one: x = 1\n" }, WRITE],
				model: { protocol: "text" },
			});
		const { outcome, recorder, model, workspace } = await ran(begins);
		expectWellFormed(recorder, outcome);
		expect(outcome.kind).toBe("green");
		expect(workspace.files.get("b.py")).toBe("x = 2\n");
		expect(model.requests).toHaveLength(1);
		expect(recorder.of("model-finished")).toMatchObject([{ ok: true, toolCalls: [{ name: "write_file" }] }]);
		const open = await ran(begins.replace("\n```\n", "\n"));
		expect(open.recorder.of("notice")[0]?.message).toContain("repeated itself");
		expect(open.workspace.files.get("b.py")).not.toBe("x = 2\n");
	});
});

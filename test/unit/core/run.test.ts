/** The loop as a whole, with written probes and a written model: its endings, its events, and the requests it makes. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/core/errors.ts";
import { TOOL_PROTOCOLS } from "../../../src/core/model/conversation.ts";
import type { Approver } from "../../../src/core/ports.ts";
import { EMPTY_TIMELINE, reduce } from "../../../src/core/timeline.ts";
import { createSilentApprover } from "../../fakes/approvers.ts";
import { createManualClock } from "../../fakes/manual-clock.ts";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";
import type { ScriptedAnswer } from "../../fakes/scripted-model.ts";
import { expectWellFormed, FAILING, GREEN, READ, runWith, type Setting, WRITE } from "../../fakes/scripted-run.ts";

describe("a run to green", () => {
	test("has the golden order of events, and changes the file", async () => {
		const { outcome, recorder, workspace, model } = await runWith({});
		expect(outcome.kind).toBe("green");
		expectWellFormed(recorder, outcome);
		expect(recorder.types()).toEqual([
			"run-started",
			"round-started",
			"probe-started",
			"probe-started",
			"probe-finished",
			"probe-finished",
			"verdict",
			"model-started",
			"model-state",
			"model-state",
			"model-finished",
			"tool-started",
			"tool-finished",
			"round-finished",
			"round-started",
			"probe-started",
			"probe-started",
			"probe-finished",
			"probe-finished",
			"verdict",
			"round-finished",
			"run-finished",
		]);
		expect(workspace.files.get("b.py")).toBe("x = 2\n");
		expect(recorder.of("run-finished")[0]).toMatchObject({ rounds: 2, filesChanged: ["b.py"] });
		expect(model.requests).toHaveLength(1);
		expect(model.warmUps).toHaveLength(1);
	});

	test("a workspace that is green already is left alone, and the model is not asked", async () => {
		const { outcome, model, workspace } = await runWith({ reports: [GREEN] });
		expect(outcome).toMatchObject({ kind: "green" });
		expect(outcome.reason).toContain("Nothing to do");
		expect(model.requests).toEqual([]);
		expect(workspace.changes).toEqual([]);
	});

	test("an affected part that is green is probed again in full before it counts", async () => {
		const { outcome, recorder } = await runWith({
			reports: [FAILING, { ...GREEN, scope: "affected" }, FAILING, GREEN],
		});
		expect(outcome.kind).toBe("green");
		expect(recorder.of("verdict").map(({ state }) => state)).toEqual(["failing", "affected-green", "failing", "green"]);
	});
});

test("a person's time to answer is told with the tool, and is none of the tools' phase", async () => {
	const clock = createManualClock();
	const approver: Approver = {
		async approve() {
			clock.advance(5_000);
			return "approved";
		},
	};
	const { recorder } = await runWith({ clock, approver, options: { approve: "ask" } });
	expect(recorder.of("tool-finished")).toMatchObject([{ durationMs: 5_000, waitedMs: 5_000 }]);
	expect(recorder.of("round-finished")[0]).toMatchObject({
		durationMs: 5_000,
		waitedMs: 5_000,
		phases: { tools: 0, model: 0, probe: 0 },
	});
	const asked = recorder.events.reduce(reduce, EMPTY_TIMELINE).rounds[0];
	expect(asked?.tools[0]?.result).toMatchObject({ durationMs: 5_000, waitedMs: 5_000 });
});

describe("whatever was started is finished", () => {
	test.each([
		["in the first probe", { cancelAt: "probe-started", probeDelayMs: 60_000 }],
		["in the model call", { cancelAt: "model-state", model: { delayMs: 60_000 } }],
		["in a tool, while a person is asked", { cancelAt: "tool-started", options: { approve: "ask" } }],
		["between the rounds", { cancelAt: "round-finished" }],
	] satisfies [string, Setting][])("cancelled %s", async (_where, setting) => {
		const { outcome, recorder, workspace } = await runWith({ ...setting, approver: createSilentApprover() });
		expect(outcome).toEqual({ kind: "cancelled", reason: "Stopped by you." });
		expectWellFormed(recorder, outcome);
		if (setting.cancelAt !== "round-finished") expect(workspace.changes).toEqual([]);
	});

	test("the model fails for a reason that people can mend", async () => {
		const error = new UserError("out-of-memory", "The model does not fit into memory.", "Choose a smaller model.");
		const { outcome, recorder } = await runWith({ answers: [error] });
		expect(outcome).toEqual({ kind: "failed", reason: error.message, fix: error.fix });
		expectWellFormed(recorder, outcome);
		expect(recorder.of("model-finished").map(({ ok }) => ok)).toEqual([false]);
	});

	test("F43: a full disk ends the run in its own words, with what was done before", async () => {
		const workspace = createMemoryWorkspace({ "a.py": "x = 1\n" });
		const full = new UserError("storage", "c.py was not changed: the disk is full.", "Make room on the disk.");
		const apply = workspace.apply;
		workspace.apply = async (change, signal) => (change.path === "c.py" ? Promise.reject(full) : apply(change, signal));
		const calls = ["b.py", "c.py", "d.py"].map((path) => ({ name: "write_file", arguments: { path, content: "x\n" } }));
		const { outcome, recorder } = await runWith({ workspace, answers: [{ calls }] });
		expect(outcome).toEqual({ kind: "failed", reason: full.message, fix: full.fix });
		expectWellFormed(recorder, outcome);
		expect(recorder.of("tool-finished").map(({ code, message }) => [code, message])).toEqual([
			["ok", "created b.py (2 lines)"],
			["storage", full.message],
		]);
		expect(recorder.of("run-finished")[0]?.filesChanged).toEqual(["b.py"]);
	});

	test("the probe engine fails", async () => {
		const error = new UserError("engine-crashed", "The engine ended.", "Run again.");
		const { outcome, recorder } = await runWith({ reports: [error] });
		expect(outcome).toEqual({ kind: "failed", reason: error.message, fix: error.fix });
		expectWellFormed(recorder, outcome);
	});

	test("a bug ends the run with a word for the log, not with a throw", async () => {
		const { outcome, recorder, errors } = await runWith({ answers: [new TypeError("x is undefined")] });
		expect(outcome.kind).toBe("failed");
		expect(outcome.reason).toContain("x is undefined");
		expect(errors.join()).toContain("x is undefined");
		expectWellFormed(recorder, outcome);
	});

	test("a sink that throws is dropped and told to the log; the others see everything", async () => {
		let calls = 0;
		const { outcome, recorder, errors } = await runWith({
			sinks: [
				() => {
					calls += 1;
					throw new Error("the view is gone");
				},
			],
		});
		expect(outcome.kind).toBe("green");
		expect(calls).toBe(1);
		expect(errors.join()).toContain("the view is gone");
		expectWellFormed(recorder, outcome);
	});
});

test("the changes of each round are one undo step", async () => {
	const { workspace } = await runWith({ reports: [FAILING, FAILING, GREEN], answers: [READ, WRITE] });
	expect(workspace.rounds).toEqual([1, 2]);
});

describe("limits", () => {
	test("green with fewer tests than at the start is not green", async () => {
		const { outcome } = await runWith({ reports: [FAILING, { ...GREEN, passed: 1 }] });
		expect(outcome.kind).toBe("stopped");
		expect(outcome.reason).toContain("only 1 of the 3 tests");
	});

	test("the time limit stops a model that does not come back", async () => {
		const { outcome, recorder } = await runWith({ model: { delayMs: 60_000 }, options: { maxMinutes: 0.001 } });
		expect(outcome.kind).toBe("stopped");
		expect(outcome.reason).toContain("time limit");
		expectWellFormed(recorder, outcome);
	});

	test("the time that a person takes to answer does not count for it", async () => {
		const clock = { now: () => performance.now() };
		const approver: Approver = {
			async approve() {
				await sleep(300);
				return "approved";
			},
		};
		const { outcome } = await runWith({ clock, approver, options: { approve: "ask", maxMinutes: 0.004 } });
		expect(outcome.kind).toBe("green");
	});

	test("the round limit counts model calls", async () => {
		const reports = [1, 2, 3, 4].map((n) => ({ failing: { "test_a.py::test_one": `assert ${n} == 0` } }));
		const answers = (_: unknown, before: number): ScriptedAnswer => ({
			calls: [{ name: "write_file", arguments: { path: `f${before}.py`, content: "x = 1\n" } }],
		});
		const { outcome, model } = await runWith({ reports, answers, options: { maxRounds: 2 } });
		expect(outcome.reason).toContain("limit of 2 rounds");
		expect(model.requests).toHaveLength(2);
	});
});

describe("answers that are no calls", () => {
	test("the first text is answered with a reminder, the second ends the run", async () => {
		const { outcome, model } = await runWith({ reports: [FAILING], answers: ["I would look at a.py."] });
		expect(outcome.kind).toBe("stopped");
		expect(outcome.reason).toContain("I would look at a.py.");
		expect(model.requests).toHaveLength(2);
		expect(model.requests[0]?.messages.at(-1)?.content).not.toContain("You called no tool");
		expect(model.requests[1]?.messages.at(-1)?.content).toContain("You called no tool");
	});
});

describe("what the model is sent", () => {
	test.each(TOOL_PROTOCOLS)("each request of the %s protocol begins with the one before", async (protocol) => {
		const reports = [1, 2, 3, 4].map((n) => ({ failing: { "test_a.py::test_one": `assert ${n} == 0` } }));
		const names = ["a.py", "b.py", "c.py", "d.py"];
		const { model } = await runWith({
			reports,
			workspace: createMemoryWorkspace(Object.fromEntries(names.map((name) => [name, "x = 1\n"]))),
			answers: (_, before) => ({ calls: [{ name: "read_file", arguments: { path: names[before] ?? "a.py" } }] }),
			model: { protocol },
			options: { maxRounds: 4 },
		});
		expect(model.requests.length).toBeGreaterThan(2);
		for (const [index, request] of model.requests.entries()) {
			const before = model.requests[index - 1] ?? model.warmUps[0];
			expect(before).toBeDefined();
			expect(request.messages.slice(0, before?.messages.length)).toEqual(before?.messages);
			expect(request.tools).toEqual(before?.tools);
		}
	});

	test("answers as text: the next request holds the file as it is now, and nothing of the round before", async () => {
		const reports = [1, 2].map((n) => ({ failing: { "test_a.py::test_one": `assert ${n} == 0` } }));
		const write = { name: "write_file", arguments: { path: "a.py", content: "x = 2\n" } };
		const { model } = await runWith({
			reports: [...reports, GREEN],
			answers: [{ calls: [write] }, WRITE],
			model: { protocol: "text" },
			options: { task: "Make the failing test pass; see a.py", loop: { resampling: false } },
		});
		const [first, second] = model.requests;
		expect(second?.messages.slice(0, 2)).toEqual(first?.messages.slice(0, 2));
		expect(second?.messages).toHaveLength(3);
		expect(second?.messages[2]?.content).toContain("a.py, the whole file:\n```python\nx = 2\n```");
		expect(second?.messages[2]?.content).toContain("assert 2 == 0");
	});

	test("answers as text: words alone, where a file was asked for, are an attempt in vain and no last word", async () => {
		const { outcome, model } = await runWith({
			reports: [FAILING, FAILING, FAILING, GREEN],
			answers: ["a.py must be 2.", "a.py must be 2.", WRITE],
			model: { protocol: "text" },
			options: { task: "Make the failing test pass; see a.py", loop: { resampling: false } },
		});
		expect(outcome.kind).toBe("green");
		expect(model.requests[1]?.messages.at(-1)?.content).toContain("Your answer held no file");
		expect(model.requests[1]?.temperature).toBeGreaterThan(model.requests[0]?.temperature ?? 1);
	});

	test("after two edits that did not fit, a schema leaves the model no third; the words of the prompt stay", async () => {
		const edit = (old: string): ScriptedAnswer => ({
			calls: [{ name: "edit_file", arguments: { path: "a.py", old_text: old, new_text: "x = 2" } }],
		});
		const { model } = await runWith({
			reports: [FAILING, FAILING, FAILING, GREEN],
			answers: [edit("gone"), edit("gone as well"), WRITE],
			model: { protocol: "schema" },
		});
		const offered = model.requests.map(({ format }) => JSON.stringify(format).includes('"edit_file"'));
		expect(offered).toEqual([true, true, false]);
		expect(model.requests[2]?.messages[0]).toEqual(model.requests[0]?.messages[0]);
	});

	test("a prompt that the server finds too long is shortened and sent once more", async () => {
		const tooLong = new UserError("prompt-too-long", "The prompt is too long.", "Raise the context length.");
		const { outcome, model, recorder } = await runWith({ answers: [tooLong, WRITE] });
		expect(outcome.kind).toBe("green");
		expect(model.requests).toHaveLength(2);
		expect(recorder.of("notice")[0]?.message).toContain("shortened");
		expectWellFormed(recorder, outcome);
	});

	test("a prompt that is too long even then ends the run with the server's words", async () => {
		const tooLong = new UserError("prompt-too-long", "The prompt is too long.", "Raise the context length.");
		const { outcome, model } = await runWith({ answers: [tooLong] });
		expect(outcome).toEqual({ kind: "failed", reason: tooLong.message, fix: tooLong.fix });
		expect(model.requests).toHaveLength(2);
	});
});

describe("a run for a plan", () => {
	const PLAN = "1. a.py: return 2 instead of 1.";

	test("offers no tool that changes anything, and ends with the plan", async () => {
		const { outcome, recorder, model, workspace } = await runWith({
			reports: [FAILING, FAILING],
			answers: [READ, { content: PLAN }],
			options: { mode: "plan" },
		});
		expect(outcome).toEqual({ kind: "stopped", reason: "The plan is ready.", plan: PLAN });
		expectWellFormed(recorder, outcome);
		for (const { tools } of model.requests) {
			expect(tools.map(({ name }) => name)).toEqual(["list_files", "read_file", "search"]);
		}
		expect(workspace.files.get("a.py")).toBe("x = 1\n");
	});

	test("refuses a change that the model asks for all the same", async () => {
		const { recorder, workspace } = await runWith({
			reports: [FAILING, FAILING],
			answers: [WRITE, { content: PLAN }],
			options: { mode: "plan" },
		});
		expect(recorder.events).toContainEqual(expect.objectContaining({ type: "tool-finished", code: "unknown-tool" }));
		expect(workspace.files.has("b.py")).toBe(false);
	});

	test("is made for a green workspace too", async () => {
		const { outcome } = await runWith({ reports: [GREEN], answers: [{ content: PLAN }], options: { mode: "plan" } });
		expect(outcome.plan).toBe(PLAN);
	});
});

test("AGENTS.md and what the task refers to follow the task in the first message, and are told", async () => {
	const workspace = createMemoryWorkspace({ "a.py": "x = 1\n", "AGENTS.md": "Use tabs.\n" });
	const { model, recorder } = await runWith({ workspace, options: { context: "File b.py:\ny = 2" } });
	const first = model.requests[0]?.messages[1]?.content ?? "";
	expect(first).toMatch(/^Task: Make the failing tests pass\n\n[\s\S]*Use tabs\.[\s\S]*File b\.py:\ny = 2$/);
	expect(recorder.events).toContainEqual(
		expect.objectContaining({ type: "notice", message: expect.stringContaining("AGENTS.md") }),
	);
});

test("P7: files that judge and changed by another hand are named; the run's own, data, and what changed before it are not", async () => {
	const { outcome } = await runWith({
		reports: [
			{ ...FAILING, changedFiles: ["pytest.ini"] },
			{ ...GREEN, changedFiles: ["b.py", "tests/conftest.py", "tests/test_b.py", "tests/out.txt", "src/c.py"] },
		],
	});
	expect(outcome).toMatchObject({
		kind: "green",
		reason: expect.stringContaining(
			"Look at what judges it: tests/conftest.py was changed, but by no edit of this run; tests/test_b.py was changed, but by no edit of this run.",
		),
	});
});

test("P7: a test file that the run itself made is not named as another's change", async () => {
	const content = "def test_b():\n    pass\n";
	const { outcome } = await runWith({
		answers: [{ calls: [{ name: "write_file", arguments: { path: "test_b.py", content } }] }],
		reports: [FAILING, { ...GREEN, changedFiles: ["test_b.py"] }],
	});
	expect(outcome.kind).toBe("green");
	expect(outcome.reason).not.toContain("judges");
});

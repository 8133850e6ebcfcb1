/** Jetbox's tools for the editor's own chat: each asks before it does anything, and answers in words for a model. */
import assert from "node:assert/strict";
import { CancellationTokenSource, commands, LanguageModelTextPart, type LanguageModelToolResult } from "vscode";
import type { Outcome } from "../../../src/core/events.ts";
import { verdictOf } from "../../../src/core/probes/verdict.ts";
import type { Probed } from "../../../src/core/round-record.ts";
import { EMPTY_TIMELINE } from "../../../src/core/timeline.ts";
import { type ChatToolParts, ProbeTool, RunTool } from "../../../src/vscode/chat-tools.ts";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { reportOfSketch } from "../../fakes/reports.ts";
import { jetbox, TASK } from "./editor.ts";

suite("Tools for the editor's own chat", () => {
	const { token } = new CancellationTokenSource();

	teardown(async () => {
		await (await jetbox()).idle();
	});

	function textOf({ content }: LanguageModelToolResult): string {
		return content.map((part) => (part instanceof LanguageModelTextPart ? part.value : "")).join("");
	}

	test("the question names the folder and the task, as text", () => {
		const parts = partsWith(async () => null);
		const probe = new ProbeTool(parts).prepareInvocation().confirmationMessages;
		assert.match(String(probe?.message), /\/home\/ada\/shelf/);
		const run = new RunTool(parts).prepareInvocation({ input: { task: "Fix [it](command:x)" } }).confirmationMessages;
		assert.match(String(run?.message), /^Fix \[it\] \(command:x\)\n\n.*\/home\/ada\/shelf/);
		assert.throws(() => new RunTool(parts).prepareInvocation({ input: {} }));
	});

	test("the probe's answer is the state of now; the run's is its outcome", async () => {
		const probed = textOf(await new ProbeTool(partsWith(async () => null)).invoke({}, token));
		assert.match(probed, /^PROBE 1: failing\n/);
		assert.match(probed, /- FAIL tests\/test_a\.py::test_one .*assert 1 == 2/);
		const run = new RunTool(partsWith(async (task) => commands.executeCommand<Outcome>(COMMANDS.runTask, task)));
		const ran = textOf(await run.invoke({ input: { task: TASK }, toolInvocationToken: undefined }, token));
		assert.match(ran, /^OUTCOME: green\. All green/);
		await commands.executeCommand(COMMANDS.undo);
	});

	function partsWith(runTask: ChatToolParts["runTask"]): ChatToolParts {
		const report = reportOfSketch({ failing: { "tests/test_a.py::test_one": "assert 1 == 2" } });
		const probed: Probed = { report, verdict: verdictOf(report, null), files: [], filesMs: 1, wallMs: 1 };
		const controller = { probe: async () => probed, stop: async () => undefined, running: false };
		return {
			controller: { ...controller, timeline: EMPTY_TIMELINE, root: "/home/ada/shelf" },
			runTask,
			onUse: () => undefined,
		};
	}
});

/** Jetbox's tools for the editor's own chat: each asks before it does anything, and answers in words for a model. */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import {
	CancellationTokenSource,
	ConfigurationTarget,
	commands,
	LanguageModelTextPart,
	type LanguageModelToolResult,
	lm,
	workspace,
} from "vscode";
import { RUN_AT_WORK } from "../../../src/core/model/chat-answers.ts";
import { EMPTY_TIMELINE } from "../../../src/core/timeline.ts";
import { type ChatToolParts, ProbeTool, RunTool } from "../../../src/vscode/chat-tools.ts";
import { CHAT_TOOLS, COMMANDS, SECTION, SETTINGS } from "../../../src/vscode/ids.ts";
import { at, jetbox, TASK } from "./editor.ts";

suite("Tools for the editor's own chat", () => {
	const { token } = new CancellationTokenSource();

	teardown(async () => {
		await allow(undefined);
		await (await jetbox()).idle();
	});

	function textOf({ content }: LanguageModelToolResult): string {
		return content.map((part) => (part instanceof LanguageModelTextPart ? part.value : "")).join("");
	}

	async function allow(value: string | undefined): Promise<void> {
		await workspace.getConfiguration(SECTION).update(SETTINGS.chatTools, value, ConfigurationTarget.Global);
	}

	/** Its name is the test's own: what was once probed would not run again. */
	function writeSlowTest(name: string): string {
		const path = at(`tests/test_${name}.py`);
		writeFileSync(path, "import time\n\n\ndef test_slow():\n    time.sleep(0.5)\n");
		return path;
	}

	/** As another extension calls it. In tests the editor answers its own question with yes. */
	async function call(name: string, input: object): Promise<string> {
		return textOf(await lm.invokeTool(name, { input, toolInvocationToken: undefined }, token));
	}

	test("none can be called by default; the setting brings them, and takes them back", async () => {
		await jetbox();
		await assert.rejects(call(CHAT_TOOLS.probe, {}));
		await allow("probe");
		assert.match(await call(CHAT_TOOLS.probe, {}), /^PROBE 1: failing\n(?:.*\n)*- FAIL tests\/test_loans\.py::/);
		await assert.rejects(call(CHAT_TOOLS.run, { task: TASK }));
		await allow("run");
		assert.match(await call(CHAT_TOOLS.run, { task: TASK }), /^OUTCOME: green\. All green/);
		assert.match(await call(CHAT_TOOLS.probe, {}), /^PROBE 1: green\n/);
		await commands.executeCommand(COMMANDS.undo);
		await allow("off");
		await assert.rejects(call(CHAT_TOOLS.probe, {}));
	});

	test("a newer probe that takes its place leaves it with an answer", async () => {
		const { onEvent } = await jetbox();
		await allow("probe");
		const slow = writeSlowTest("superseded");
		let superseded = 0;
		const listening = onEvent((event) => {
			if (event.type === "probe-started" && superseded === 0) void commands.executeCommand(COMMANDS.probe);
			if (event.type === "probe-finished" && event.status === "not-run" && event.reason === "cancelled") superseded++;
		});
		try {
			assert.match(await call(CHAT_TOOLS.probe, {}), /^PROBE 1: failing\n/);
			assert.ok(superseded > 0, "a newer probe took its place");
		} finally {
			listening.dispose();
			rmSync(slow);
		}
	});

	test("a run that takes its place is told at once, and not waited for", async () => {
		const { onEvent } = await jetbox();
		await allow("probe");
		const slow = writeSlowTest("outrun");
		let isRunOver = false;
		let run: PromiseLike<unknown> | null = null;
		const listening = onEvent((event) => {
			if (event.type === "probe-started") run ??= commands.executeCommand(COMMANDS.runTask, TASK);
			if (event.type === "run-finished") isRunOver = true;
		});
		try {
			assert.equal(await call(CHAT_TOOLS.probe, {}), RUN_AT_WORK);
			assert.ok(run !== null && !isRunOver, "the answer came while the run was at work");
			await run;
		} finally {
			listening.dispose();
			rmSync(slow);
			await commands.executeCommand(COMMANDS.undo);
		}
	});

	test("the question names the folder and the task, as text", () => {
		const idle = { probeToItsEnd: async () => null, stop: async () => undefined, running: false };
		const parts: ChatToolParts = {
			controller: { ...idle, timeline: EMPTY_TIMELINE, root: "/home/ada/shelf" },
			runTask: async () => null,
			onUse: () => undefined,
		};
		const probe = new ProbeTool(parts).prepareInvocation().confirmationMessages;
		assert.match(String(probe?.message), /\/home\/ada\/shelf/);
		const run = new RunTool(parts).prepareInvocation({ input: { task: "Fix [it](command:x)" } }).confirmationMessages;
		assert.match(String(run?.message), /^Fix \[it\] \(command:x\)\n\n.*\/home\/ada\/shelf/);
		assert.throws(() => new RunTool(parts).prepareInvocation({ input: {} }));
	});
});

/** Jetbox's tools for the editor's own chat: there only where the person allows them, each call after a yes. */
import assert from "node:assert/strict";
import {
	CancellationTokenSource,
	ConfigurationTarget,
	commands,
	LanguageModelTextPart,
	type LanguageModelToolResult,
	lm,
	workspace,
} from "vscode";
import { EMPTY_TIMELINE } from "../../../src/core/timeline.ts";
import { ProbeTool, RunTool } from "../../../src/vscode/chat-tools.ts";
import { CHAT_TOOLS, COMMANDS, SECTION, SETTINGS } from "../../../src/vscode/ids.ts";
import { jetbox, TASK, until } from "./editor.ts";

suite("Tools for the editor's own chat", () => {
	const { token } = new CancellationTokenSource();

	teardown(async () => {
		await allow(undefined);
		await (await jetbox()).idle();
	});

	async function allow(value: string | undefined): Promise<void> {
		await jetbox();
		await workspace.getConfiguration(SECTION).update(SETTINGS.chatTools, value, ConfigurationTarget.Global);
	}

	function own(): readonly string[] {
		return lm.tools.map(({ name }) => name).filter((name) => name.startsWith("jetbox"));
	}

	function textOf({ content }: LanguageModelToolResult): string {
		return content.map((part) => (part instanceof LanguageModelTextPart ? part.value : "")).join("");
	}

	test("neither can be called by default; the setting brings one or both, and takes them back", async () => {
		const refused = lm.invokeTool(CHAT_TOOLS.probe, { input: {}, toolInvocationToken: undefined }, token);
		await assert.rejects(Promise.resolve(refused));
		await allow("probe");
		await until("the probe's tool is there", () => own().join() === CHAT_TOOLS.probe);
		await allow("run");
		await until("both are there", () => own().length === 2);
		await allow("off");
		await until("none is there", () => own().length === 0);
	});

	test("a probe and a run each ask first, with the folder and the task in the question", () => {
		const idle = { probe: async () => null, stop: async () => undefined, running: false };
		const parts = {
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

	test("the probe's answer is the state of now; the run's is its outcome", async () => {
		await allow("run");
		await until("both are there", () => own().length === 2);
		const probed = await call(CHAT_TOOLS.probe, {});
		assert.match(probed, /^PROBE 1: failing\n/);
		assert.match(probed, /- FAIL tests\/test_loans\.py::/);
		const ran = await call(CHAT_TOOLS.run, { task: TASK });
		assert.match(ran, /^OUTCOME: green\. All green/);
		assert.match(ran, /Files changed: .*shelf\/loans\.py/);
		await commands.executeCommand(COMMANDS.undo);
	});

	/** As another extension calls it; the launcher's settings answer the editor's question. */
	async function call(name: string, input: object): Promise<string> {
		return textOf(await lm.invokeTool(name, { input, toolInvocationToken: undefined }, token));
	}
});

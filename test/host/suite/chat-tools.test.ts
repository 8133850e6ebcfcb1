/** Jetbox's tools for the editor's own chat: there only where the person allows them, each call after a yes. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import {
	CancellationTokenSource,
	ConfigurationTarget,
	commands,
	LanguageModelTextPart,
	type LanguageModelToolResult,
	lm,
	workspace,
} from "vscode";
import type { Outcome } from "../../../src/core/events.ts";
import { verdictOf } from "../../../src/core/probes/verdict.ts";
import type { Probed } from "../../../src/core/round-record.ts";
import { EMPTY_TIMELINE } from "../../../src/core/timeline.ts";
import { type ChatToolParts, ProbeTool, RunTool } from "../../../src/vscode/chat-tools.ts";
import { CHAT_TOOLS, COMMANDS, SECTION, SETTINGS } from "../../../src/vscode/ids.ts";
import { reportOfSketch } from "../../fakes/reports.ts";
import { jetbox, TASK } from "./editor.ts";

const RETRY_MS = 100;

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

	/** As another extension calls it. */
	function call(name: string, input: object): Promise<LanguageModelToolResult> {
		return Promise.resolve(lm.invokeTool(name, { input, toolInvocationToken: undefined }, token));
	}

	/** The editor shows no question in tests, and says so with the question's words. */
	async function asked(name: string, input: object, question: RegExp): Promise<boolean> {
		const error: unknown = await call(name, input).catch((reason: unknown) => reason);
		return error instanceof Error && question.test(error.message);
	}

	async function untilAsked(name: string, input: object, question: RegExp): Promise<void> {
		while (!(await asked(name, input, question))) await delay(RETRY_MS);
	}

	function textOf({ content }: LanguageModelToolResult): string {
		return content.map((part) => (part instanceof LanguageModelTextPart ? part.value : "")).join("");
	}

	const PROBE_QUESTION = /Run lint and tests with Jetbox\?/;
	const RUN_QUESTION = /Run this task with Jetbox\?/;

	test("neither can be called by default; what the setting allows is asked before it runs, and taken back with it", async () => {
		const heard: string[] = [];
		const subscription = (await jetbox()).onEvent(({ type }) => heard.push(type));
		assert.equal(await asked(CHAT_TOOLS.probe, {}, PROBE_QUESTION), false);
		await allow("probe");
		await untilAsked(CHAT_TOOLS.probe, {}, PROBE_QUESTION);
		assert.equal(await asked(CHAT_TOOLS.run, { task: TASK }, RUN_QUESTION), false);
		await allow("run");
		await untilAsked(CHAT_TOOLS.run, { task: TASK }, RUN_QUESTION);
		await allow("off");
		while (await asked(CHAT_TOOLS.probe, {}, PROBE_QUESTION)) await delay(RETRY_MS);
		assert.equal(await asked(CHAT_TOOLS.run, { task: TASK }, RUN_QUESTION), false);
		subscription.dispose();
		assert.deepEqual(heard, [], "nothing ran without a yes");
	});

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

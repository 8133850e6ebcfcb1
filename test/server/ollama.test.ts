/** The model layer against a real Ollama server and one of its models (JETBOX_TEST_MODEL, else the smallest that can chat). */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ollama } from "ollama";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TINY_PROJECTS } from "../../src/core/benchmark/projects.ts";
import type { ChatRequest } from "../../src/core/model/conversation.ts";
import { canChat } from "../../src/core/model/model-choice.ts";
import type { ChatModel, Logger } from "../../src/core/ports.ts";
import { DEFAULT_PROBE_SETTINGS } from "../../src/core/probes/engine-messages.ts";
import { DEFAULT_MODEL_SETTINGS } from "../../src/node/models/model-settings.ts";
import { createModels, type ModelHalf } from "../../src/node/models/models.ts";
import { runTinyProject } from "../../src/node/models/tiny-project-run.ts";
import { createOllamaChatModel } from "../../src/node/ollama/chat-model.ts";
import { createOpenAiChatModel } from "../../src/node/openai/chat-model.ts";
import { describeOpenAiServer } from "../../src/node/openai/server.ts";
import { type BuiltCli, buildCli } from "../fixtures/built-cli.ts";
import { venvPython } from "../fixtures/venv.ts";

const NEVER = new AbortController().signal;
const SILENT: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const server = process.env["JETBOX_TEST_SERVER"] ?? "http://127.0.0.1:11434";
const openAi = process.env["JETBOX_TEST_OPENAI"] ?? server;
const stateDir = mkdtempSync(join(tmpdir(), "jetbox-server-test-"));

let models: ModelHalf;
let model: string;
let chat: ChatModel;
let cli: BuiltCli;

beforeAll(async () => {
	cli = await buildCli();
	const settings = { ...DEFAULT_MODEL_SETTINGS, server, probes: DEFAULT_PROBE_SETTINGS };
	models = createModels({ distDir: cli.folder, stateDir, settings: () => settings, logger: SILENT });
	const state = await models.describeServer(NEVER);
	if (state.kind !== "ok") throw new Error(state.message);
	const smallest = [...state.models].filter(({ name }) => canChat(name)).sort((a, b) => a.sizeBytes - b.sizeBytes)[0];
	model = process.env["JETBOX_TEST_MODEL"] ?? smallest?.name ?? "";
	expect(model).not.toBe("");
	console.info(`Ollama ${state.version}, ${model}`);
});
afterAll(() => {
	rmSync(stateDir, { recursive: true, force: true });
	cli?.remove();
});

function requestOf(content: string, over: Partial<ChatRequest> = {}): ChatRequest {
	const plain = { tools: [], format: null, maxOutputTokens: 24, temperature: 0, seed: 1, think: false };
	return { ...plain, messages: [{ role: "user", content }], ...over };
}

describe("a model that was never tested", () => {
	test("is tested once, and the result is kept", async () => {
		const words: string[] = [];
		const { model: connected } = await models.connectModel(model, (message) => words.push(message), NEVER);
		console.info(words.at(-1));
		expect(words.at(-1)).toContain(`uses ${connected.protocol} calls`);
		const again: string[] = [];
		chat = (await models.connectModel(model, (message) => again.push(message), NEVER)).model;
		expect(again).toEqual([]);
	});

	test("stands in the doctor's lines with context and protocol", async () => {
		const checks = await models.checkModel(model, { onProgress: () => undefined, signal: NEVER }, NEVER);
		for (const { name, state, detail } of checks) console.info(`${name} ${state}: ${detail}`);
		expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(["server", "model", "context", "protocol"]));
	});
});

describe("an answer", () => {
	test("comes with its usage, and the same request again with a kept prefix", async () => {
		const long = requestOf(`Say one word about this: ${"alpha beta gamma ".repeat(60)}`);
		const first = await chat.chat(long, () => undefined, NEVER);
		const second = await chat.chat(long, () => undefined, NEVER);
		expect(first.usage.promptTokens).toBeGreaterThan(60);
		expect(second.usage.prefillMs).toBeLessThan(first.usage.prefillMs);
	});

	test("follows a schema", async () => {
		const format = { type: "object", properties: { tool: { const: "read_file" } }, required: ["tool"] };
		const { content } = await chat.chat(requestOf("Answer as JSON.", { format }), () => undefined, NEVER);
		expect(JSON.parse(content)).toMatchObject({ tool: "read_file" });
	});

	test("F27 that was cut says so", async () => {
		const { doneReason } = await chat.chat(requestOf("Count to 100.", { maxOutputTokens: 4 }), () => undefined, NEVER);
		expect(doneReason).toBe("length");
	});

	test("F30 to a prompt beyond the window is refused, never silently shortened", async () => {
		const asked = chat.chat(requestOf("word ".repeat(chat.contextLength + 500)), () => undefined, NEVER);
		await expect(asked).rejects.toMatchObject({ kind: "prompt-too-long" });
	});

	test("F14 that is cancelled leaves the server free for the next", async () => {
		const controller = new AbortController();
		const asked = chat.chat(
			requestOf("Write a long story.", { maxOutputTokens: 500 }),
			(delta) => {
				if (delta.kind === "text") controller.abort();
			},
			controller.signal,
		);
		await expect(asked).rejects.toMatchObject({ name: "AbortError" });
		const next = await chat.chat(requestOf("Say one word."), () => undefined, NEVER);
		expect(next.usage.outputTokens).toBeGreaterThan(0);
	});

	test("after another client's load with 4096 comes with the reload's cause", async () => {
		const messages = [{ role: "user", content: "hello" }];
		await new Ollama({ host: server }).chat({ model, messages, options: { num_ctx: 4_096, num_predict: 1 } });
		const notices: string[] = [];
		const { usage } = await chat.chat(
			requestOf("Say one word."),
			(delta) => {
				if (delta.kind === "notice") notices.push(delta.message);
			},
			NEVER,
		);
		if (usage.loadMs > 1_000) expect(notices.join(" ")).toContain("4096");
		else expect(notices).toEqual([]);
	});

	test("F03 of a model that is not there is named, with the line that installs it", async () => {
		const asked = createOllamaChatModel({ server, model: "no-such-model", logger: SILENT }, NEVER);
		await expect(asked).rejects.toMatchObject({ kind: "model-missing", fix: expect.stringContaining("ollama pull") });
	});
});

test("an OpenAI-compatible server gives an answer, a schema's answer and an end", async () => {
	const state = await describeOpenAiServer({ url: openAi, apiKey: null }, NEVER);
	if (state.kind !== "ok") throw new Error(state.message);
	const name = state.models.some((one) => one.name === model) ? model : (state.models[0]?.name ?? "");
	const parts = { server: { url: openAi, apiKey: null }, model: name, logger: SILENT };
	const other = await createOpenAiChatModel(parts, NEVER);
	const reply = await other.chat(requestOf("Say one word."), () => undefined, NEVER);
	expect(reply.content).not.toBe("");
	expect(reply.usage.promptTokens).toBeGreaterThan(0);
	const format = { type: "object", properties: { tool: { const: "read_file" } }, required: ["tool"] };
	const { content } = await other.chat(requestOf("Answer as JSON.", { format }), () => undefined, NEVER);
	expect(JSON.parse(content)).toMatchObject({ tool: "read_file" });
	console.info(`${state.version} ${name}: context ${other.contextLength}, cached ${reply.usage.cachedTokens}`);
});

test("a whole run goes from its first event to its last, whatever the model makes of it", async () => {
	const [project] = TINY_PROJECTS;
	if (project === undefined) throw new Error("There is no project.");
	const enginePath = join(cli.folder, "engine.js");
	const probes = { ...DEFAULT_PROBE_SETTINGS, pythonPath: venvPython, sandbox: "off" as const };
	const limit = AbortSignal.timeout(300_000);
	const run = await runTinyProject(project, chat, { enginePath, probes, root: null, logger: SILENT }, limit);
	if (typeof run === "string") throw new Error(run);
	console.info(
		`${run.project}: ${run.green ? "green" : "not green"} in ${run.rounds} rounds, ${(run.durationMs / 1000).toFixed(0)} s: ${run.reason}`,
	);
	expect(run.rounds).toBeGreaterThan(0);
});

/** OpenAI-compatible servers: llama-server's and Ollama's recorded wire, and the faults that any server can have. */
import { describe, expect, it } from "vitest";
import { UserError } from "../../../../src/core/errors.ts";
import type { ChatDelta, ChatRequest } from "../../../../src/core/model/conversation.ts";
import type { Logger } from "../../../../src/core/ports.ts";
import type { TransportLimits } from "../../../../src/node/model-http/exchange.ts";
import { createOpenAiChatModel } from "../../../../src/node/openai/chat-model.ts";
import { describeOpenAiServer } from "../../../../src/node/openai/server.ts";
import {
	type Answer,
	type Answers,
	closedPort,
	type ReplayServer,
	startReplayServer,
} from "../../../fakes/replay-server.ts";
import { chatRequest, READ_TOOL } from "../../../fixtures/chat-request.ts";
import { streamedRecordings } from "../../../fixtures/ollama-wire.ts";

const NEVER = new AbortController().signal;
const SILENT: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const LLAMA = "<path>/qwen2.5-coder-0.5b-q4_k_m.gguf";
const CHAT = "/v1/chat/completions";
const LLAMA_SERVER: Answers = {
	"/v1/models": [{ kind: "recording", name: "llama-models" }],
	"/props": [{ kind: "recording", name: "llama-props" }],
};
const OTHER_SERVER: Answers = {
	"/v1/models": [{ kind: "body", body: JSON.stringify({ data: [{ id: LLAMA, max_model_len: 32_768 }] }) }],
	"/props": [{ kind: "body", status: 404, body: '{"detail":"Not Found"}' }],
};
const REQUEST = chatRequest(64);

async function connect(server: ReplayServer, apiKey: string | null = null, limits: Partial<TransportLimits> = {}) {
	return createOpenAiChatModel({ server: { url: server.url, apiKey }, model: LLAMA, logger: SILENT, limits }, NEVER);
}

async function ask(chats: readonly Answer[], request: ChatRequest = REQUEST, limits: Partial<TransportLimits> = {}) {
	const server = await startReplayServer({ ...LLAMA_SERVER, [CHAT]: chats });
	const deltas: ChatDelta[] = [];
	const model = await connect(server, null, limits);
	const reply = await model.chat(request, (delta) => deltas.push(delta), NEVER);
	return { reply, deltas, server };
}

function events(...values: readonly (object | string)[]): Answer {
	const pieces = values.map((value) => `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`);
	return { kind: "stream", pieces, end: "complete" };
}

function delta(fields: object, finish: string | null = null): object {
	return { choices: [{ index: 0, delta: fields, finish_reason: finish }] };
}

describe("an answer", () => {
	it("is streamed, with its states, and llama-server's own figures", async () => {
		const { reply, deltas } = await ask([{ kind: "recording", name: "llama-chat-stream-cached" }]);
		expect(reply.content.length).toBeGreaterThan(5);
		expect(reply.doneReason).toBe("stop");
		expect(reply.usage).toEqual({
			loadMs: 0,
			prefillMs: 33.423,
			decodeMs: 243.9,
			promptTokens: 35,
			cachedTokens: 34,
			outputTokens: 10,
		});
		const states = deltas.flatMap((one) => (one.kind === "state" ? [one.state] : []));
		expect(states).toEqual(["connecting", "reading", "writing"]);
	});

	it("has figures of its own where the server gives none, and no cached tokens made up", async () => {
		const { reply } = await ask([{ kind: "recording", name: "v1-chat-stream" }]);
		expect(reply).toMatchObject({
			content: "Hello!",
			usage: { promptTokens: 35, outputTokens: 3, cachedTokens: null },
		});
	});

	it("brings a call whose arguments come whole", async () => {
		const { reply } = await ask([{ kind: "recording", name: "v1-toolcall-stream" }]);
		expect(reply.toolCalls).toEqual([{ id: "call_eqmfv0ne", name: "read_file", arguments: { path: "src/app.py" } }]);
	});

	it("gathers the arguments of several calls by their index", async () => {
		const call = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
		const { reply } = await ask([
			events(
				call(0, { id: "a", function: { name: "read_file", arguments: "" } }),
				call(1, { id: "b", function: { name: "list_files", arguments: '{"fol' } }),
				call(0, { function: { arguments: '{"path":' } }),
				call(1, { function: { arguments: 'der":"."}' } }),
				call(0, { function: { arguments: '"a.py"}' } }),
				delta({}, "tool_calls"),
				"[DONE]",
			),
		]);
		expect(reply.toolCalls).toEqual([
			{ id: "a", name: "read_file", arguments: { path: "a.py" } },
			{ id: "b", name: "list_files", arguments: { folder: "." } },
		]);
		expect(reply.doneReason).toBe("stop");
	});

	it("F27 says when it was cut", async () => {
		expect((await ask([{ kind: "recording", name: "llama-length" }])).reply.doneReason).toBe("length");
	});

	it("keeps thoughts apart from the answer", async () => {
		const { reply, deltas } = await ask([
			events(delta({ reasoning_content: "hm" }), delta({ content: "yes" }), delta({}, "stop"), "[DONE]"),
		]);
		expect(reply.content).toBe("yes");
		expect(deltas).toContainEqual({ kind: "thinking", text: "hm" });
	});

	it.each(streamedRecordings("openai"))("F18 %s gives the same in every slicing", async (name) => {
		const whole = (await ask([{ kind: "recording", name }])).reply;
		for (const seed of [1, 2]) {
			const { reply } = await ask([{ kind: "recording", name, seed }]);
			expect({ ...reply, usage: whole.usage }).toEqual(whole);
		}
	});
});

describe("a request", () => {
	it("has the wire's own words, a schema as response_format, and no field that others would refuse", async () => {
		const server = await startReplayServer({
			...OTHER_SERVER,
			[CHAT]: [{ kind: "recording", name: "v1-chat-stream" }],
		});
		const model = await connect(server);
		await model.chat(
			{
				...REQUEST,
				format: { type: "object" },
				messages: [
					...REQUEST.messages,
					{
						role: "assistant",
						content: "",
						toolCalls: [{ id: "call_1", name: "read_file", arguments: { path: "a" } }],
					},
					{ role: "tool", content: "text", toolName: "read_file", toolCallId: "call_1" },
				],
			},
			() => undefined,
			NEVER,
		);
		expect(server.to(CHAT).map(({ body }) => body)).toEqual([
			{
				model: LLAMA,
				messages: [
					{ role: "system", content: "You are Jetbox." },
					{ role: "user", content: "Fix it." },
					{
						role: "assistant",
						content: "",
						tool_calls: [
							{ id: "call_1", type: "function", function: { name: "read_file", arguments: '{"path":"a"}' } },
						],
					},
					{ role: "tool", tool_call_id: "call_1", content: "text" },
				],
				response_format: { type: "json_schema", json_schema: { name: "answer", schema: { type: "object" } } },
				stream: true,
				stream_options: { include_usage: true },
				temperature: 0,
				seed: 7,
				max_tokens: 64,
			},
		]);
	});

	it("names what the answer is to end before", async () => {
		const { server } = await ask([{ kind: "recording", name: "llama-chat-stream" }], {
			...REQUEST,
			stop: ["\nPROBE "],
		});
		expect(server.to(CHAT)[0]?.body).toMatchObject({ stop: ["\nPROBE "] });
	});

	it("offers tools, and tells llama-server not to think", async () => {
		const { server } = await ask([{ kind: "recording", name: "llama-chat-stream" }], {
			...REQUEST,
			tools: [READ_TOOL],
		});
		expect(server.to(CHAT)[0]?.body).toMatchObject({
			tools: [{ type: "function", function: { name: "read_file" } }],
			chat_template_kwargs: { enable_thinking: false },
		});
	});

	it("A68 carries the key that was given, to that server alone, and no word of it stands in an error", async () => {
		const elsewhere = await startReplayServer({});
		const server = await startReplayServer({
			...LLAMA_SERVER,
			[CHAT]: [{ kind: "redirect", to: `${elsewhere.url}${CHAT}` }],
		});
		const model = await connect(server, "secret-key");
		const error: unknown = await model.chat(REQUEST, () => undefined, NEVER).catch((reason: unknown) => reason);
		expect(server.requests.every(({ headers }) => headers.authorization === "Bearer secret-key")).toBe(true);
		expect(elsewhere.requests).toHaveLength(0);
		expect(JSON.stringify([String(error), error])).not.toContain("secret-key");
	});

	it("refuses a key that is no key without repeating it", async () => {
		const server = await startReplayServer(LLAMA_SERVER);
		const error: unknown = await connect(server, "secret\nkey").catch((reason: unknown) => reason);
		expect(error).toMatchObject({ kind: "unauthorized" });
		expect(String(error)).not.toContain("secret");
	});
});

describe("the context window", () => {
	it.each<[string, Answers, number | null, number]>([
		["llama-server's, as it was started", LLAMA_SERVER, null, 2_048],
		["vLLM's", OTHER_SERVER, null, 32_768],
		["the person's, where it is smaller", OTHER_SERVER, 8_192, 8_192],
		["never more than the server's", LLAMA_SERVER, 65_536, 2_048],
	])("is %s", async (_, answers, contextLength, expected) => {
		const { url } = await startReplayServer(answers);
		const server = { url, apiKey: null };
		const model = await createOpenAiChatModel({ server, model: LLAMA, logger: SILENT, contextLength }, NEVER);
		expect(model.contextLength).toBe(expected);
	});
});

describe("failures", () => {
	it.each<[string, Answer, string]>([
		["F30 a prompt that is too long", { kind: "recording", name: "llama-too-long" }, "prompt-too-long"],
		["F03 an unknown model", { kind: "recording", name: "v1-error-unknown-model" }, "model-missing"],
		["F04 no tools", { kind: "recording", name: "v1-error-no-tools" }, "no-tool-support"],
		["a wrong request", { kind: "recording", name: "llama-error-malformed" }, "server-error"],
		["no key", { kind: "body", status: 401, body: '{"error":{"message":"Invalid API Key"}}' }, "unauthorized"],
		["F33 a page", { kind: "body", contentType: "text/html", body: "<html></html>" }, "not-ollama"],
		["F33 a gateway's page", { kind: "body", status: 502, contentType: "text/html", body: "<html>502" }, "not-ollama"],
		["F16 a corrupt event", { kind: "stream", pieces: ["data: {oops\n\n"], end: "complete" }, "protocol"],
		["F17 an event that is null", events("null", "[DONE]"), "protocol"],
		["F06 an error in mid-stream", events(delta({ content: "half" }), { error: { message: "lost" } }), "server-error"],
		["A62 a flood", { kind: "stream", pieces: ["x".repeat(4_096)], repeat: true, end: "open" }, "protocol"],
	])("%s, asked once", async (_, answer, kind) => {
		const server = await startReplayServer({ ...LLAMA_SERVER, [CHAT]: [answer] });
		const model = await connect(server, null, { maxLineBytes: 100_000 });
		const error: unknown = await model.chat(REQUEST, () => undefined, NEVER).catch((reason: unknown) => reason);
		expect(error).toMatchObject({ name: "UserError", kind });
		expect(String(error)).not.toMatch(/<html|\[object/);
		expect(server.to(CHAT)).toHaveLength(1);
	});

	it.each<[string, Answer]>([
		["F07 an end without a reason", { kind: "stream", pieces: ['data: {"choices":[]}\n\n'], end: "complete" }],
		["F07 a closed connection", { kind: "stream", pieces: ["data: {}\n\n"], end: "cut" }],
		["F08 a reset", { kind: "stream", pieces: ["data: {}\n\n"], end: "reset" }],
	])("%s: asked once more", async (_, answer) => {
		const { server } = await ask([answer, { kind: "recording", name: "llama-chat-stream" }]);
		expect(server.to(CHAT)).toHaveLength(2);
	});

	it("F09 a server that is loading its model is waited for, and said to be", async () => {
		const loading: Answer = { kind: "body", status: 503, body: '{"error":{"message":"Loading model","code":503}}' };
		const { deltas } = await ask([loading, loading, { kind: "recording", name: "llama-chat-stream" }]);
		expect(deltas).toContainEqual({ kind: "state", state: "loading" });
		const { url } = await startReplayServer({ "/v1/models": [loading], "/props": [loading] });
		expect(await describeOpenAiServer({ url, apiKey: null }, NEVER)).toMatchObject({ kind: "loading" });
	});

	it("F01 a server that is not there is a state with a next step, without a word of Ollama", async () => {
		const url = `http://127.0.0.1:${await closedPort()}`;
		const state = await describeOpenAiServer({ url, apiKey: null }, NEVER);
		expect(state).toMatchObject({ kind: "unreachable", fix: expect.stringContaining("jetbox.server") });
		expect(JSON.stringify(state)).not.toContain("ollama");
	});

	it("a model that the server does not offer: those that it does", async () => {
		const { url } = await startReplayServer(LLAMA_SERVER);
		const server = { url, apiKey: null };
		const asked = createOpenAiChatModel({ server, model: "gpt-9", logger: SILENT }, NEVER);
		await expect(asked).rejects.toThrow(UserError);
		await expect(asked).rejects.toMatchObject({ kind: "model-missing", fix: expect.stringContaining(LLAMA) });
	});

	it("F14 a cancel closes the socket", async () => {
		const server = await startReplayServer({ ...LLAMA_SERVER, [CHAT]: [{ kind: "stall" }] });
		const model = await connect(server);
		const controller = new AbortController();
		const asked = model.chat(REQUEST, () => undefined, controller.signal);
		setTimeout(() => controller.abort(), 50);
		await expect(asked).rejects.toMatchObject({ name: "AbortError" });
		await server.clientClosed(1);
	});
});

import { describe, expect, it, onTestFinished, vi } from "vitest";
import { UserError } from "../../../../src/core/errors.ts";
import type { ChatDelta, ChatRequest } from "../../../../src/core/model/conversation.ts";
import type { Logger } from "../../../../src/core/ports.ts";
import type { TransportLimits } from "../../../../src/node/model-http/exchange.ts";
import { chooseProtocol, createOllamaChatModel } from "../../../../src/node/ollama/chat-model.ts";
import { chooseContext, loadOptions } from "../../../../src/node/ollama/session-options.ts";
import {
	type Answer,
	type Answers,
	closedPort,
	IDLE_SERVER,
	type ReplayServer,
	startReplayServer,
} from "../../../fakes/replay-server.ts";
import { chatRequest, READ_TOOL } from "../../../fixtures/chat-request.ts";
import { streamedRecordings } from "../../../fixtures/ollama-wire.ts";

const NEVER = new AbortController().signal;
const MODEL = "qwen2.5-coder:1.5b";
const REQUEST = chatRequest(512);
const SILENT: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const PARTIAL = '{"message":{"role":"assistant","content":"half"},"done":false}\n';
const END = '{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}\n';

async function serve(chats: readonly Answer[], others: Answers = {}): Promise<ReplayServer> {
	return startReplayServer({ ...IDLE_SERVER, ...others, "/api/chat": chats });
}

async function connect(server: ReplayServer, limits: Partial<TransportLimits> = {}) {
	return createOllamaChatModel({ server: server.url, model: MODEL, logger: SILENT, limits }, NEVER);
}

/** One answer of a server that plays these. */
async function ask(chats: readonly Answer[], request: ChatRequest = REQUEST, limits: Partial<TransportLimits> = {}) {
	const server = await serve(chats);
	const model = await connect(server, limits);
	const deltas: ChatDelta[] = [];
	const reply = await model.chat(request, (delta) => deltas.push(delta), NEVER);
	return { reply, deltas, server };
}

function body(error: unknown, status: number): Answer {
	return { kind: "body", status, body: JSON.stringify({ error }) };
}

function chatBodies(server: ReplayServer): readonly unknown[] {
	return server.to("/api/chat").map((request) => request.body);
}

describe("an answer", () => {
	it("is streamed, with its states and its usage", async () => {
		const { reply, deltas } = await ask([{ kind: "recording", name: "chat-stream" }]);
		expect(reply.content).toBe("```python\ndef add(a, b):\n    return a + b\n```");
		expect(reply.doneReason).toBe("stop");
		expect(reply.usage).toEqual({
			loadMs: 2.25575,
			prefillMs: 1335.402,
			decodeMs: 995.208,
			promptTokens: 41,
			cachedTokens: null,
			outputTokens: 17,
		});
		expect(deltas.filter((delta) => delta.kind === "state").map(({ state }) => state)).toEqual([
			"connecting",
			"loading",
			"writing",
		]);
		expect(deltas.map((delta) => (delta.kind === "text" ? delta.text : "")).join("")).toBe(reply.content);
	});

	it.each<[string, Answer, string]>([
		["reading where the model is loaded already", runningAs({ context_length: 16_384 }), "reading"],
		["loading where it is loaded with another context", { kind: "recording", name: "ps-loaded" }, "loading"],
	])("says %s", async (_, running, expected) => {
		const server = await serve([{ kind: "recording", name: "chat-stream" }], { "/api/ps": [running] });
		const states: string[] = [];
		const model = await connect(server);
		await model.chat(
			REQUEST,
			(delta) => {
				if (delta.kind === "state") states.push(delta.state);
			},
			NEVER,
		);
		expect(states).toEqual(["connecting", expected, "writing"]);
	});

	it("brings a call that arrives whole", async () => {
		const { reply } = await ask([{ kind: "recording", name: "toolcall-write" }]);
		expect(reply.toolCalls).toMatchObject([
			{ name: "write_file", arguments: { path: "add.py", content: "def add(a, b):\n    return a + b" } },
		]);
	});

	it("brings calls and text of the last chunk too", async () => {
		const line = {
			message: { role: "assistant", content: "x", tool_calls: [{ function: { name: "a", arguments: {} } }] },
			done: true,
			done_reason: "stop",
			prompt_eval_count: 10,
			prompt_eval_cached_count: 8,
		};
		const { reply } = await ask([{ kind: "stream", pieces: [`${JSON.stringify(line)}\n`], end: "complete" }]);
		expect(reply).toMatchObject({ content: "x", toolCalls: [{ name: "a" }], usage: { cachedTokens: 8 } });
	});

	it("F27 says when it was cut, with the half call as mere content", async () => {
		const { reply } = await ask([{ kind: "recording", name: "toolcall-length" }]);
		expect(reply).toMatchObject({ doneReason: "length", toolCalls: [] });
		expect(reply.content).toContain('{"name": "write_file"');
	});

	it("F19 is complete with a reason and no done", async () => {
		const { reply } = await ask([{ kind: "stream", pieces: [PARTIAL, '{"done_reason":"stop"}\n'], end: "complete" }]);
		expect(reply.content).toBe("half");
	});

	it.each<[string, unknown, unknown]>([
		["an object", { path: "a" }, { path: "a" }],
		["a string of JSON", '{"path":"a"}', { path: "a" }],
		["JSON encoded twice", JSON.stringify('{"path":"a"}'), {}],
		["null", null, {}],
		["an array", ["a"], {}],
		["no JSON", "{", {}],
	])("F20 reads arguments once: %s", async (_, given, expected) => {
		const line = { message: { tool_calls: [{ function: { name: "read_file", arguments: given } }] }, done: false };
		const { reply } = await ask([{ kind: "stream", pieces: [`${JSON.stringify(line)}\n`, END], end: "complete" }]);
		expect(reply.toolCalls.map((call) => call.arguments)).toEqual([expected]);
	});
});

describe("a request", () => {
	it("carries the session's options, never a silent truncation, and nothing else", async () => {
		const { server } = await ask([{ kind: "recording", name: "chat-stream" }], { ...REQUEST, tools: [READ_TOOL] });
		expect(chatBodies(server)).toEqual([
			{
				model: MODEL,
				messages: [
					{ role: "system", content: "You are Jetbox." },
					{ role: "user", content: "Fix it." },
				],
				tools: [
					{
						type: "function",
						function: {
							name: "read_file",
							description: "Reads a file.",
							parameters: {
								type: "object",
								properties: { path: { type: "string", description: "its path" } },
								required: ["path"],
							},
						},
					},
				],
				stream: true,
				truncate: false,
				keep_alive: "30m",
				options: { num_ctx: 16_384, num_predict: 512, temperature: 0, seed: 7 },
			},
		]);
	});

	it("warms up in two steps with the same load options: load, then the prompt's head", async () => {
		const server = await serve([{ kind: "recording", name: "chat-load" }]);
		await (await connect(server)).warmUp(REQUEST, NEVER);
		expect(chatBodies(server)).toMatchObject([
			{ messages: [], options: { num_ctx: 16_384 } },
			{ messages: [{ role: "system" }, { role: "user" }], options: { num_ctx: 16_384, num_predict: 1 } },
		]);
	});

	it('A67 sends words about a picture as words: the client would read a file that "images" names', async () => {
		const messages = [{ role: "user", content: "Look at /etc/passwd.png", images: ["/etc/passwd.png"] }] as const;
		const { server } = await ask([{ kind: "recording", name: "chat-stream" }], { ...REQUEST, messages });
		expect(chatBodies(server)).toMatchObject([{ messages: [{ role: "user", content: "Look at /etc/passwd.png" }] }]);
		expect(JSON.stringify(server.requests)).not.toContain("images");
	});

	it("A68 carries no key from the environment", async () => {
		vi.stubEnv("OLLAMA_API_KEY", "secret-key");
		onTestFinished(() => void vi.unstubAllEnvs());
		const { server } = await ask([{ kind: "recording", name: "chat-stream" }]);
		expect(JSON.stringify(server.requests)).not.toContain("secret-key");
	});
});

describe("F18 recorded answers, sliced and paused by a seed", () => {
	it.each(streamedRecordings("ollama"))("%s gives what it gives in its recorded chunks", async (name) => {
		const outcome = async (answer: Answer): Promise<unknown> => {
			try {
				return (await ask([answer])).reply;
			} catch (error) {
				return error instanceof UserError ? error.kind : error;
			}
		};
		const whole = await outcome({ kind: "recording", name });
		for (const seed of [1, 2, 3]) expect(await outcome({ kind: "recording", name, seed })).toEqual(whole);
	});
});

describe("F13 the process's own fetch", () => {
	it("is not used", async () => {
		vi.stubGlobal("fetch", () => Promise.reject(new Error("patched by the editor")));
		onTestFinished(() => void vi.unstubAllGlobals());
		const { reply } = await ask([{ kind: "recording", name: "chat-stream" }]);
		expect(reply.content).not.toBe("");
	});
});

describe("failures", () => {
	it("F01 a server that is not there: address and next step", async () => {
		const server = `http://127.0.0.1:${await closedPort()}`;
		await expect(createOllamaChatModel({ server, model: MODEL, logger: SILENT }, NEVER)).rejects.toMatchObject({
			kind: "unreachable",
			message: expect.stringContaining(server),
			fix: expect.stringContaining("ollama serve"),
		});
	});

	it("F03 a model that is not there: how to get it, in words", async () => {
		const server = await serve([], { "/api/show": [{ kind: "recording", name: "show-unknown-model" }] });
		await expect(connect(server)).rejects.toMatchObject({
			kind: "model-missing",
			fix: expect.stringContaining(`ollama pull ${MODEL}`),
		});
	});

	it.each<[string, Answer, string]>([
		["F03 model gone", { kind: "recording", name: "error-unknown-model" }, "model-missing"],
		["F04 no tools", { kind: "recording", name: "error-no-tools" }, "no-tool-support"],
		["F30 prompt too long", { kind: "recording", name: "error-too-long-truncate-false" }, "prompt-too-long"],
		[
			"F30 prompt too long, other words",
			body("the prompt is longer than the context length currently available to the model", 400),
			"prompt-too-long",
		],
		[
			"F21 unreadable call",
			body("error parsing tool call: raw='{', err=unexpected end of JSON", 500),
			"unreadable-call",
		],
		["a wrong option", { kind: "recording", name: "error-option-type" }, "server-error"],
		["F33 an unknown route", { kind: "recording", name: "error-unknown-route" }, "not-ollama"],
		[
			"F33 a gateway's page",
			{ kind: "body", status: 502, contentType: "text/html", body: "<html><h1>502</h1></html>" },
			"not-ollama",
		],
		[
			"F33 a gateway's page that says not found",
			{ kind: "body", status: 404, contentType: "text/html", body: "<html><h1>404 Not Found</h1></html>" },
			"not-ollama",
		],
		["F33 an error that is an object", body({ message: "no room", code: 1 }, 500), "server-error"],
		["F16 a corrupt line", { kind: "stream", pieces: [PARTIAL, "{oops\n", END], end: "complete" }, "protocol"],
		["F17 a null line", { kind: "stream", pieces: ["null\n", END], end: "complete" }, "protocol"],
		["F06 the runner killed", { kind: "recording", name: "runner-killed-mid-stream" }, "server-error"],
		[
			"F06 an unreadable call after the first chunk",
			{
				kind: "stream",
				pieces: [PARTIAL, '{"error":"error parsing tool call: raw=..., err=..."}\n'],
				end: "complete",
			},
			"unreadable-call",
		],
		["a redirect", { kind: "redirect", to: "http://127.0.0.1:1/" }, "not-ollama"],
	])("%s, asked once", async (_, answer, kind) => {
		const server = await serve([answer]);
		const model = await connect(server);
		const error: unknown = await model.chat(REQUEST, () => undefined, NEVER).catch((reason: unknown) => reason);
		expect(error).toMatchObject({ name: "UserError", kind });
		expect(String(error)).not.toMatch(/<html|\[object/);
		expect(server.to("/api/chat")).toHaveLength(1);
	});

	it("prints nothing of its own to the terminal, where the command line writes JSON", async () => {
		const written: unknown[] = [];
		for (const name of ["log", "warn", "error"] as const) {
			const spy = vi.spyOn(console, name).mockImplementation((...words) => void written.push(words));
			onTestFinished(() => spy.mockRestore());
		}
		for (const answer of [
			{ kind: "recording", name: "error-unknown-route" },
			{ kind: "body", status: 500, body: "not json" },
			{ kind: "stream", pieces: ["{oops\n"], end: "complete" },
		] as const) {
			await expect(ask([answer])).rejects.toThrow();
		}
		expect(written).toEqual([]);
	});

	it.each<[string, Answer]>([
		["F07 end without done", { kind: "stream", pieces: [PARTIAL], end: "complete" }],
		["F07 the server killed", { kind: "recording", name: "server-killed-mid-stream" }],
		["F07 the server stopped", { kind: "recording", name: "server-stopped-mid-stream" }],
		["F08 a reset", { kind: "stream", pieces: [PARTIAL], end: "reset" }],
	])("%s: asked once more, then said", async (_, answer) => {
		const good: Answer = { kind: "recording", name: "chat-stream" };
		const mended = await ask([answer, good]);
		expect(mended.reply.content).not.toContain("half");
		expect(mended.server.to("/api/chat")).toHaveLength(2);

		const server = await serve([answer]);
		const model = await connect(server);
		await expect(model.chat(REQUEST, () => undefined, NEVER)).rejects.toMatchObject({ kind: "broken-stream" });
		expect(server.to("/api/chat")).toHaveLength(2);
	});

	it("F10 silence: asked once more, then said", async () => {
		const server = await serve([{ kind: "stream", pieces: [PARTIAL], end: "open" }]);
		const model = await connect(server, { idleMs: 100 });
		await expect(model.chat(REQUEST, () => undefined, NEVER)).rejects.toMatchObject({ kind: "timed-out" });
		expect(server.to("/api/chat")).toHaveLength(2);
		await server.clientClosed(2);
	});

	it("F05 a refusal of think: once again without it, and never with it again", async () => {
		const server = await serve(
			[
				{ kind: "recording", name: "error-think" },
				{ kind: "recording", name: "chat-stream" },
			],
			{ "/api/show": [{ kind: "body", body: JSON.stringify({ capabilities: ["completion", "thinking"] }) }] },
		);
		const model = await connect(server);
		await model.chat(REQUEST, () => undefined, NEVER);
		await model.chat(REQUEST, () => undefined, NEVER);
		expect(chatBodies(server).map((sent) => typeof sent === "object" && sent !== null && "think" in sent)).toEqual([
			true,
			false,
			false,
		]);
	});

	it("F02 F32 a busy server: asked again at most three times", async () => {
		const server = await serve([body("server busy, please try again.  maximum pending requests exceeded", 503)]);
		const model = await connect(server);
		await expect(model.chat(REQUEST, () => undefined, NEVER)).rejects.toMatchObject({ kind: "busy" });
		expect(server.to("/api/chat")).toHaveLength(4);
	});

	it("F14 a cancel while it waits for a busy server ends at once", async () => {
		const server = await serve([body("server busy", 503)]);
		const model = await connect(server);
		const controller = new AbortController();
		const asked = model.chat(REQUEST, () => undefined, controller.signal);
		setTimeout(() => controller.abort(), 100);
		await expect(asked).rejects.toMatchObject({ name: "AbortError" });
		expect(server.to("/api/chat")).toHaveLength(1);
	});

	it("F14 a cancel in mid-answer closes the socket and is no failure", async () => {
		const server = await serve([{ kind: "stream", pieces: [PARTIAL], end: "open" }]);
		const model = await connect(server);
		const controller = new AbortController();
		const asked = model.chat(
			REQUEST,
			(delta) => {
				if (delta.kind === "text") controller.abort();
			},
			controller.signal,
		);
		await expect(asked).rejects.toMatchObject({ name: "AbortError" });
		await server.clientClosed(1);
		expect(server.to("/api/chat")).toHaveLength(1);
	});

	it("goes on where only the list of loaded models fails", async () => {
		const server = await serve([{ kind: "recording", name: "chat-stream" }], {
			"/api/ps": [
				{ kind: "recording", name: "ps-empty" },
				{ kind: "body", status: 500, body: "{}" },
			],
		});
		const reply = await (await connect(server)).chat(REQUEST, () => undefined, NEVER);
		expect(reply.doneReason).toBe("stop");
	});
});

function runningAs(entry: object): Answer {
	return { kind: "body", body: JSON.stringify({ models: [{ name: MODEL, ...entry }] }) };
}

function optionsOf(server: ReplayServer): readonly unknown[] {
	return chatBodies(server).map((sent) =>
		typeof sent === "object" && sent !== null && "options" in sent ? sent.options : null,
	);
}

const OUT_OF_MEMORY = body("model runner has unexpectedly stopped, this may be due to resource limitations", 500);

describe("F31 a server out of memory", () => {
	it("is asked once with half the context, which is said and stays", async () => {
		const server = await serve([OUT_OF_MEMORY, { kind: "recording", name: "chat-stream" }]);
		const model = await connect(server);
		const notices: string[] = [];
		const onDelta = (delta: ChatDelta) => {
			if (delta.kind === "notice") notices.push(delta.message);
		};
		await model.chat(REQUEST, onDelta, NEVER);
		await model.chat(REQUEST, onDelta, NEVER);
		expect(optionsOf(server)).toMatchObject([{ num_ctx: 16_384 }, { num_ctx: 8_192 }, { num_ctx: 8_192 }]);
		expect(model.contextLength).toBe(8_192);
		expect(notices).toHaveLength(1);
		expect(notices[0]).toContain("8192 tokens in place of 16384");
	});

	it("is not asked for ever", async () => {
		const server = await serve([OUT_OF_MEMORY]);
		const model = await connect(server);
		await expect(model.chat(REQUEST, () => undefined, NEVER)).rejects.toMatchObject({ kind: "out-of-memory" });
		expect(server.to("/api/chat")).toHaveLength(2);
	});
});

describe("a model that was loaded again in mid-session", () => {
	const slowLoad: Answer = {
		kind: "stream",
		pieces: ['{"message":{"content":"x"},"done":true,"done_reason":"stop","load_duration":2100000000}\n'],
		end: "complete",
	};

	it.each<[string, Answer, string]>([
		["by a client with another context", runningAs({ context_length: 4_096 }), "with a context of 4096 tokens"],
		["by a client with other options", runningAs({ context_length: 16_384 }), "with other options"],
		["after another model took its place", { kind: "recording", name: "ps-small-context" }, "had loaded"],
		["after it was unloaded", { kind: "recording", name: "ps-empty" }, "the server had unloaded it"],
	])("is named, with its cause: %s", async (_, before, reason) => {
		const server = await serve([{ kind: "recording", name: "chat-stream" }, slowLoad], {
			"/api/ps": [{ kind: "recording", name: "ps-empty" }, { kind: "recording", name: "ps-empty" }, before],
		});
		const model = await connect(server);
		const notices: string[] = [];
		for (let round = 0; round < 2; round += 1) {
			await model.chat(
				REQUEST,
				(delta) => {
					if (delta.kind === "notice") notices.push(delta.message);
				},
				NEVER,
			);
		}
		expect(notices).toEqual([expect.stringContaining("again (2.1 s)")]);
		expect(notices[0]).toContain(reason);
	});

	it("is no reload where it is the session's first load", async () => {
		const { deltas } = await ask([slowLoad]);
		expect(deltas.filter(({ kind }) => kind === "notice")).toEqual([]);
	});
});

describe("two names on the same weights", () => {
	it("the other is unloaded, which is said, and the call goes through", async () => {
		const other = { name: "qwen-other:1.5b", details: { parameter_size: "1.8B", quantization_level: "Q4_K_M" } };
		const server = await serve(
			[
				{ kind: "recording", name: "error-500-shared-runner" },
				{ kind: "recording", name: "chat-stream" },
			],
			{
				"/api/ps": [{ kind: "body", body: JSON.stringify({ models: [other, { name: "unrelated:7b" }] }) }],
				"/api/generate": [{ kind: "body", body: '{"done":true,"done_reason":"unload"}' }],
			},
		);
		const notices: ChatDelta[] = [];
		const model = await connect(server);
		await model.chat({ ...REQUEST, tools: [READ_TOOL] }, (delta) => notices.push(delta), NEVER);
		expect(server.to("/api/generate").map((request) => request.body)).toMatchObject([
			{ model: "qwen-other:1.5b", keep_alive: 0 },
		]);
		expect(notices).toContainEqual({
			kind: "notice",
			level: "info",
			message: expect.stringContaining("qwen-other:1.5b was unloaded"),
		});
	});

	it("is tried once", async () => {
		const server = await serve([{ kind: "recording", name: "error-500-shared-runner" }]);
		const model = await connect(server);
		await expect(model.chat(REQUEST, () => undefined, NEVER)).rejects.toMatchObject({ kind: "server-error" });
		expect(server.to("/api/chat")).toHaveLength(2);
	});
});

describe("silence", () => {
	it("is no fault while a model may be writing a call: nothing is sent until it is whole", async () => {
		const late: Answer = { kind: "stream", pieces: [PARTIAL, END], gapMs: 400, end: "complete" };
		const request = { ...REQUEST, tools: [READ_TOOL] };
		expect((await ask([late], request, { idleMs: 100 })).reply.content).toBe("half");
		await expect(ask([late], REQUEST, { idleMs: 100 })).rejects.toMatchObject({ kind: "timed-out" });
	});
});

describe("the session's choices", () => {
	it.each([
		[32_768, null, 16_384],
		[8_192, null, 8_192],
		[null, null, 16_384],
		[32_768, 4_096, 16_384],
		[131_072, 32_768, 32_768],
		[131_072, 40_000, 32_768],
		[32_768, 131_072, 32_768],
	])("context: trained %s, loaded with %s -> %i", (trained, allocated, expected) => {
		expect(chooseContext(trained, allocated)).toBe(expected);
	});

	it.each([
		[true, "1.8B", "text"],
		[true, "630.17M", "text"],
		[true, "3.2B", "native"],
		[true, "20.9B", "native"],
		[false, "70B", "text"],
		[true, "none", "native"],
		[true, "", "native"],
	])("protocol: claims tools %s, size %s -> %s", (claims, size, expected) => {
		expect(chooseProtocol(claims, size)).toBe(expected);
	});

	it.each([
		[131_072, 4_096, 32_768, 32_768],
		[8_192, null, 32_768, 8_192],
	])("a context that the person chose counts, up to the trained length: %s, %s, %i -> %i", (...given) => {
		const [trained, allocated, wanted, expected] = given;
		expect(chooseContext(trained, allocated, wanted)).toBe(expected);
	});

	it("small batches and a free core where the model computes on the CPU, nothing of it on a GPU", () => {
		expect(loadOptions(8_192, "cpu", 4)).toEqual({ num_ctx: 8_192, num_batch: 64, num_thread: 3 });
		expect(loadOptions(8_192, "cpu", 2)).toMatchObject({ num_thread: 2 });
		expect(loadOptions(8_192, "cpu", 2, true)).toMatchObject({ num_thread: 1 });
		expect(loadOptions(8_192, "cpu", 1, true)).toMatchObject({ num_thread: 1 });
		expect(loadOptions(8_192, "cpu", null)).toEqual({ num_ctx: 8_192, num_batch: 64 });
		expect(loadOptions(8_192, "gpu", 4)).toEqual({ num_ctx: 8_192 });
		expect(loadOptions(8_192, null, 4)).toEqual({ num_ctx: 8_192 });
	});

	it("where a model lies is learnt from its first load and never asked again", async () => {
		const server = await serve([{ kind: "recording", name: "chat-load" }], {
			"/api/ps": [
				{ kind: "recording", name: "ps-empty" },
				runningAs({ size: 5, size_vram: 0 }),
				runningAs({ size: 5, size_vram: 5 }),
			],
		});
		const model = await createOllamaChatModel({ server: server.url, model: MODEL, logger: SILENT, cores: 3 }, NEVER);
		await model.warmUp(REQUEST, NEVER);
		await model.chat(REQUEST, () => undefined, NEVER);
		await model.warmUp(REQUEST, NEVER);
		const constants = optionsOf(server).map((sent) => JSON.stringify(sent).replace(/,"num_predict.*/, "}"));
		expect(constants[0]).toBe('{"num_ctx":16384}');
		expect(new Set(constants.slice(1))).toEqual(new Set(['{"num_ctx":16384,"num_batch":64,"num_thread":2}']));
	});

	it("an answer that other programs starve is asked anew with a core left free, and the session stays there", async () => {
		const starving = { kind: "stream", pieces: [PARTIAL], gapMs: 2_200, repeat: true, end: "open" } as const;
		const server = await serve([starving, { kind: "recording", name: "chat-stream" }], {
			"/api/ps": [runningAs({ context_length: 16_384, size: 5, size_vram: 0 })],
		});
		const model = await createOllamaChatModel({ server: server.url, model: MODEL, logger: SILENT, cores: 2 }, NEVER);
		const notices: string[] = [];
		const onDelta = (delta: ChatDelta) => {
			if (delta.kind === "notice") notices.push(delta.message);
		};
		const reply = await model.chat(REQUEST, onDelta, NEVER);
		await server.clientClosed(1);
		expect(reply.content).toContain("def add");
		expect(notices).toEqual([expect.stringContaining("one core fewer")]);
		await model.chat(REQUEST, onDelta, NEVER);
		expect(optionsOf(server)).toMatchObject([{ num_thread: 2 }, { num_thread: 1 }, { num_thread: 1 }]);
	}, 30_000);

	it("a place that is known from before costs no second load, and a wrong one is corrected and told", async () => {
		const server = await serve([{ kind: "recording", name: "chat-load" }], {
			"/api/ps": [{ kind: "recording", name: "ps-empty" }, runningAs({ size: 5, size_vram: 0 })],
		});
		const told: string[] = [];
		const parts = {
			server: server.url,
			model: MODEL,
			logger: SILENT,
			cores: 3,
			onPlaced: (at: string) => told.push(at),
		};
		const known = await createOllamaChatModel({ ...parts, placement: "cpu" }, NEVER);
		await known.warmUp(REQUEST, NEVER);
		expect(optionsOf(server)).toHaveLength(2);
		for (const sent of optionsOf(server)) expect(sent).toMatchObject({ num_batch: 64, num_thread: 2 });
		expect(told).toEqual([]);

		const moved = await serve([{ kind: "recording", name: "chat-load" }], {
			"/api/ps": [{ kind: "recording", name: "ps-empty" }, runningAs({ size: 5, size_vram: 5 })],
		});
		const wrong = await createOllamaChatModel({ ...parts, server: moved.url, placement: "cpu" }, NEVER);
		await wrong.warmUp(REQUEST, NEVER);
		expect(optionsOf(moved)[0]).toMatchObject({ num_batch: 64 });
		expect(optionsOf(moved)[1]).not.toMatchObject({ num_batch: 64 });
		expect(told).toEqual(["gpu"]);
	});

	it("takes over a larger context that is loaded", async () => {
		const server = await serve([], {
			"/api/ps": [
				{ kind: "body", body: JSON.stringify({ models: [{ name: MODEL, context_length: 32_768, size_vram: 0 }] }) },
			],
		});
		expect(await connect(server)).toMatchObject({ contextLength: 32_768, protocol: "text", name: MODEL });
	});
});

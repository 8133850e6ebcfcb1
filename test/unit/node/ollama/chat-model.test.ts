import { describe, expect, it, onTestFinished, vi } from "vitest";
import { UserError } from "../../../../src/core/errors.ts";
import { createOllamaChatModel } from "../../../../src/node/ollama/chat-model.ts";
import {
	ask,
	body,
	chatBodies,
	connect,
	END,
	MODEL,
	NEVER,
	PARTIAL,
	REQUEST,
	runningAs,
	SILENT,
	serve,
} from "../../../fakes/ollama-chat.ts";
import { type Answer, closedPort } from "../../../fakes/replay-server.ts";
import { READ_TOOL } from "../../../fixtures/chat-request.ts";
import { streamedRecordings } from "../../../fixtures/ollama-wire.ts";

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

	it("names what the answer is to end before", async () => {
		const { server } = await ask([{ kind: "recording", name: "chat-stream" }], { ...REQUEST, stop: ["\nPROBE "] });
		expect(chatBodies(server)).toMatchObject([{ options: { stop: ["\nPROBE "] } }]);
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

describe("silence", () => {
	it("is no fault while a model may be writing a call: nothing is sent until it is whole", async () => {
		const late: Answer = { kind: "stream", pieces: [PARTIAL, END], gapMs: 400, end: "complete" };
		const request = { ...REQUEST, tools: [READ_TOOL] };
		expect((await ask([late], request, { idleMs: 100 })).reply.content).toBe("half");
		await expect(ask([late], REQUEST, { idleMs: 100 })).rejects.toMatchObject({ kind: "timed-out" });
	});
});

/** When the server loads a model, with which options, and what is said of it. */
import { describe, expect, it } from "vitest";
import type { ChatDelta } from "../../../../src/core/model/conversation.ts";
import { createOllamaChatModel } from "../../../../src/node/ollama/chat-model.ts";
import {
	ask,
	body,
	connect,
	MODEL,
	NEVER,
	optionsOf,
	PARTIAL,
	REQUEST,
	runningAs,
	SILENT,
	serve,
} from "../../../fakes/ollama-chat.ts";
import type { Answer } from "../../../fakes/replay-server.ts";
import { READ_TOOL } from "../../../fixtures/chat-request.ts";

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

describe("where and how a model is loaded", () => {
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

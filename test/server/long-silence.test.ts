/** Real time, so no part of `npm test`: what a fake clock cannot show, because Node's own fetch gives up after 300 s. */
import { expect, test } from "vitest";
import type { Logger } from "../../src/core/ports.ts";
import { createOllamaChatModel } from "../../src/node/ollama/chat-model.ts";
import { IDLE_SERVER, startReplayServer } from "../fakes/replay-server.ts";

const NEVER = new AbortController().signal;
const SILENT: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const SILENT_MS = 310_000;
const ANSWER = '{"message":{"role":"assistant","content":"late"},"done":true,"done_reason":"stop"}\n';

test("F12: an answer after 310 s without a byte is an answer", async () => {
	const chats = [{ kind: "body", body: ANSWER, silentMs: SILENT_MS }] as const;
	const server = await startReplayServer({ ...IDLE_SERVER, "/api/chat": chats });
	const model = await createOllamaChatModel({ server: server.url, model: "qwen2.5-coder:1.5b", logger: SILENT }, NEVER);
	const messages = [{ role: "user", content: "Say one word." }] as const;
	const plain = { tools: [], format: null, maxOutputTokens: 24, temperature: 0, seed: 1, think: false };
	const { content } = await model.chat({ messages, ...plain }, () => undefined, NEVER);
	expect(content).toBe("late");
	expect(server.to("/api/chat")).toHaveLength(1);
});

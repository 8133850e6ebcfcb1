/** A chat model on a server that plays written and recorded answers. */
import type { ChatDelta, ChatRequest } from "../../src/core/model/conversation.ts";
import type { Logger } from "../../src/core/ports.ts";
import type { TransportLimits } from "../../src/node/model-http/exchange.ts";
import { createOllamaChatModel } from "../../src/node/ollama/chat-model.ts";
import { chatRequest } from "../fixtures/chat-request.ts";
import { type Answer, type Answers, IDLE_SERVER, type ReplayServer, startReplayServer } from "./replay-server.ts";

export const NEVER = new AbortController().signal;
export const MODEL = "qwen2.5-coder:1.5b";
export const REQUEST = chatRequest(512);
export const SILENT: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
export const PARTIAL = '{"message":{"role":"assistant","content":"half"},"done":false}\n';
export const END = '{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}\n';

export async function serve(chats: readonly Answer[], others: Answers = {}): Promise<ReplayServer> {
	return startReplayServer({ ...IDLE_SERVER, ...others, "/api/chat": chats });
}

export async function connect(server: ReplayServer, limits: Partial<TransportLimits> = {}) {
	return createOllamaChatModel({ server: server.url, model: MODEL, logger: SILENT, limits }, NEVER);
}

/** One answer of a server that plays these. */
export async function ask(
	chats: readonly Answer[],
	request: ChatRequest = REQUEST,
	limits: Partial<TransportLimits> = {},
) {
	const server = await serve(chats);
	const model = await connect(server, limits);
	const deltas: ChatDelta[] = [];
	const reply = await model.chat(request, (delta) => deltas.push(delta), NEVER);
	return { reply, deltas, server };
}

export function body(error: unknown, status: number): Answer {
	return { kind: "body", status, body: JSON.stringify({ error }) };
}

export function chatBodies(server: ReplayServer): readonly unknown[] {
	return server.to("/api/chat").map((request) => request.body);
}

export function runningAs(entry: object): Answer {
	return { kind: "body", body: JSON.stringify({ models: [{ name: MODEL, ...entry }] }) };
}

export function optionsOf(server: ReplayServer): readonly unknown[] {
	return chatBodies(server).map((sent) =>
		typeof sent === "object" && sent !== null && "options" in sent ? sent.options : null,
	);
}

/** The model that is measured, opened as a run opens it. */
import { availableParallelism } from "node:os";
import type { ChatMessage, ChatRequest } from "../../src/core/model/conversation.ts";
import type { ChatModel } from "../../src/core/ports.ts";
import { createOllamaChatModel } from "../../src/node/ollama/chat-model.ts";

export interface Target {
	readonly server: string;
	readonly model: string;
}

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const WORDS =
	"the parser reads one line after another and keeps what it has seen in a small table of names so that later lines may use them".split(
		" ",
	);

export function openModel({ server, model }: Target, signal: AbortSignal): Promise<ChatModel> {
	return createOllamaChatModel({ server, model, logger: SILENT, cores: availableParallelism() }, signal);
}

export function requestOf(messages: readonly ChatMessage[], maxOutputTokens: number): ChatRequest {
	return { messages, tools: [], format: null, maxOutputTokens, temperature: 0, seed: 1, think: false };
}

/** Words that no prompt before began with. */
export function freshText(words: number): string {
	const head = Math.random().toString(36).slice(2);
	return `${head} ${Array.from({ length: words }, (_, at) => WORDS[at % WORDS.length]).join(" ")}`;
}

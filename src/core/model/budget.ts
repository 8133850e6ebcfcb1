/** Keeps a conversation inside the model's window: cut rarely and far, so that the server's prompt cache holds between cuts. */
import type { ChatMessage, ChatRequest, Json, ToolCall } from "./conversation.ts";

const CHARS_PER_TOKEN = 3.5;
const TOKENS_PER_MESSAGE = 6;
/** Share of the window that starts a cut, and that it cuts down to; cut down to more, it would cut again soon. */
const CUT_ABOVE = 0.78;
const CUT_TO = 0.42;
const KEPT_ROUNDS = 3;
/** What is kept of each message, where the last round alone is too much. */
const SHORTER_CHARS = [1_500, 500, 150, 40] as const;
const MIN_DIGEST_TOKENS = 120;
/** Whole-file writes of up to some 300 lines fit; a runaway answer does not. */
const MAX_OUTPUT_TOKENS = 2_048;
const MIN_OUTPUT_TOKENS = 256;
const RESULT_SHARE = 0.2;
const MIN_RESULT_CHARS = 1_000;
const MAX_RESULT_CHARS = 8_000;

export interface Window {
	readonly contextLength: number;
	/** Tokens by the server's count over ours. */
	readonly tokenRatio: number;
	/** Ours, of what the protocol adds to the messages: the tools. */
	readonly toolTokens: number;
}

/** Tokens of a request, estimated and corrected by what the server counted before. */
export function estimateTokens(request: Pick<ChatRequest, "messages" | "tools">, tokenRatio: number): number {
	const tools = request.tools.length === 0 ? 0 : JSON.stringify(request.tools).length / CHARS_PER_TOKEN;
	return Math.ceil((tokensOf(request.messages) + tools) * tokenRatio);
}

/** Tokens that the answer to a prompt of that size may have: past the window a server forgets the beginning. */
export function outputTokens(contextLength: number, promptTokens: number): number {
	return Math.max(MIN_OUTPUT_TOKENS, Math.min(MAX_OUTPUT_TOKENS, contextLength - promptTokens));
}

/** Characters of one tool's result; the rest is readable by range. */
export function maxResultChars(contextLength: number): number {
	return charsIn(contextLength, RESULT_SHARE, MIN_RESULT_CHARS, MAX_RESULT_CHARS);
}

/** Characters that fill a share of a window, within limits. */
export function charsIn(contextLength: number, share: number, least: number, most: number): number {
	return Math.round(Math.min(most, Math.max(least, contextLength * share * CHARS_PER_TOKEN)));
}

/** Whether the next cut is due. */
export function isNearlyFull(messages: readonly ChatMessage[], window: Window): boolean {
	return tokensIn(messages, window) > window.contextLength * CUT_ABOVE;
}

/**
 * System prompt and task, the digest in place of the middle, and the last rounds verbatim: in one step well below the next cut. Where
 * the last round alone is too much, its texts are shortened. A call and its results stay together.
 * @param digest what is known of the middle, in so many characters at most
 */
export function compactConversation(
	messages: readonly ChatMessage[],
	window: Window,
	digest: (maxChars: number) => string,
): readonly ChatMessage[] {
	const head = messages.slice(0, 2);
	const rounds = splitRounds(messages.slice(2));
	const room = (kept: readonly ChatMessage[]) =>
		window.contextLength * CUT_TO - tokensIn([...head, ...kept], window) - TOKENS_PER_MESSAGE * window.tokenRatio;
	const withDigest = (kept: readonly ChatMessage[]): readonly ChatMessage[] => {
		const tokens = Math.max(MIN_DIGEST_TOKENS, room(kept));
		const content = digest(Math.floor((tokens / window.tokenRatio) * CHARS_PER_TOKEN));
		return [...head, { role: "user", content }, ...kept];
	};
	for (let count = Math.min(KEPT_ROUNDS, rounds.length); count >= 1; count -= 1) {
		const kept = rounds.slice(-count).flat();
		if (room(kept) >= MIN_DIGEST_TOKENS) return withDigest(kept);
	}
	const last = rounds.at(-1) ?? [];
	const shorter = SHORTER_CHARS.map((chars) => last.map((message) => shortened(message, chars)));
	return withDigest(shorter.find((kept) => room(kept) >= MIN_DIGEST_TOKENS) ?? shorter.at(-1) ?? []);
}

/** Head and tail of a text that is longer, with a word on what is missing. */
export function headAndTail(text: string, maxChars: number): string {
	if (text.length <= maxChars) return text;
	const tail = Math.floor(maxChars / 3);
	return `${text.slice(0, maxChars - tail)}\n(${text.length - maxChars} characters left out; read them by range)\n${text.slice(text.length - tail)}`;
}

/** A round begins with the loop's own word, a user message. */
function splitRounds(messages: readonly ChatMessage[]): readonly (readonly ChatMessage[])[] {
	const rounds: ChatMessage[][] = [];
	for (const message of messages) {
		if (message.role === "user" || rounds.length === 0) rounds.push([message]);
		else rounds.at(-1)?.push(message);
	}
	return rounds;
}

function shortened(message: ChatMessage, maxChars: number): ChatMessage {
	const content = headAndTail(message.content, maxChars);
	if (message.role !== "assistant") return { ...message, content };
	return { ...message, content, toolCalls: message.toolCalls.map((call) => shortenedCall(call, maxChars)) };
}

function shortenedCall(call: ToolCall, maxChars: number): ToolCall {
	const short = (value: Json) => (typeof value === "string" ? headAndTail(value, maxChars) : value);
	return {
		...call,
		arguments: Object.fromEntries(Object.entries(call.arguments).map(([key, value]) => [key, short(value)])),
	};
}

function tokensIn(messages: readonly ChatMessage[], { tokenRatio, toolTokens }: Window): number {
	return (tokensOf(messages) + toolTokens) * tokenRatio;
}

function tokensOf(messages: readonly ChatMessage[]): number {
	return messages.reduce((sum, message) => {
		const calls =
			message.role === "assistant" && message.toolCalls.length > 0 ? JSON.stringify(message.toolCalls).length : 0;
		return sum + (message.content.length + calls) / CHARS_PER_TOKEN + TOKENS_PER_MESSAGE;
	}, 0);
}

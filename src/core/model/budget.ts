/** Keeps a conversation inside the model's window: cut rarely and far, so that the server's prompt cache holds between cuts. */
import type { ChatMessage, ChatRequest } from "./conversation.ts";

const CHARS_PER_TOKEN = 3.5;
const TOKENS_PER_MESSAGE = 6;
/** Share of the window that starts a cut, and that it cuts down to. */
const CUT_ABOVE = 0.75;
const CUT_TO = 0.42;
const KEPT_ROUNDS = 3;
const MAX_KEPT_RESULT_CHARS = 1_500;

export interface Budget {
	readonly contextLength: number;
	/** Tokens by the server's count over ours. */
	readonly tokenRatio: number;
	/** Stands for what is left out. */
	readonly digest: string;
}

/** Tokens of a request, estimated and corrected by what the server counted before. */
export function estimateTokens(request: Pick<ChatRequest, "messages" | "tools">, tokenRatio: number): number {
	const tools = request.tools.length === 0 ? 0 : JSON.stringify(request.tools).length / CHARS_PER_TOKEN;
	return Math.ceil((tokensOf(request.messages) + tools) * tokenRatio);
}

/**
 * The conversation as it is where it fits; otherwise system prompt and task, the digest, and the last rounds. A call and its
 * results stay together.
 */
export function fitConversation(
	messages: readonly ChatMessage[],
	{ contextLength, tokenRatio, digest }: Budget,
): { readonly messages: readonly ChatMessage[]; readonly compacted: boolean } {
	if (tokensOf(messages) * tokenRatio <= contextLength * CUT_ABOVE) return { messages, compacted: false };
	const head = messages.slice(0, 2);
	const rounds = splitRounds(messages.slice(2));
	const limit = contextLength * CUT_TO;
	for (let kept = KEPT_ROUNDS; kept >= 1; kept -= 1) {
		const fitted = [...head, { role: "user", content: digest } as const, ...rounds.slice(-kept).flat()];
		if (kept === 1) return { messages: fitted.map(shortened), compacted: true };
		if (tokensOf(fitted) * tokenRatio <= limit) return { messages: fitted, compacted: true };
	}
	return { messages, compacted: false };
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

function shortened(message: ChatMessage): ChatMessage {
	if (message.role !== "tool" || message.content.length <= MAX_KEPT_RESULT_CHARS) return message;
	return {
		...message,
		content: `${message.content.slice(0, MAX_KEPT_RESULT_CHARS)}\n(the rest was left out; read it again by range)`,
	};
}

function tokensOf(messages: readonly ChatMessage[]): number {
	return messages.reduce((sum, message) => {
		const calls =
			message.role === "assistant" && message.toolCalls.length > 0 ? JSON.stringify(message.toolCalls).length : 0;
		return sum + (message.content.length + calls) / CHARS_PER_TOKEN + TOKENS_PER_MESSAGE;
	}, 0);
}

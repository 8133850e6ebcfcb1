/** What the chunks of one streamed answer add up to; text and calls are read from every chunk, the last included. */
import type { ChatResponse, Message } from "ollama";
import type { ChatDelta, ChatReply, Json, ToolCall } from "../../core/model/conversation.ts";

const NS_PER_MS = 1e6;

export class Answer {
	private content = "";
	private readonly calls: ToolCall[] = [];
	private last: ChatResponse | null = null;
	empty = true;

	add(chunk: ChatResponse, onDelta: (delta: ChatDelta) => void): void {
		this.empty = false;
		const message: Partial<Message> = chunk.message ?? {};
		if (message.thinking) onDelta({ kind: "thinking", text: message.thinking });
		if (message.content) {
			this.content += message.content;
			onDelta({ kind: "text", text: message.content });
		}
		for (const call of message.tool_calls ?? []) {
			const given: unknown = call.function?.arguments;
			this.calls.push({
				id: `server_${this.calls.length + 1}`,
				name: String(call.function?.name ?? ""),
				arguments: isArguments(given) ? given : typeof given === "string" ? parsedArguments(given) : {},
			});
		}
		if (chunk.done) this.last = chunk;
	}

	/** @throws Error for an answer without its end */
	reply(): ChatReply {
		const last = this.last;
		if (last === null) throw new Error("Did not receive done or success response in stream.");
		const cached = "prompt_eval_cached_count" in last ? last.prompt_eval_cached_count : null;
		return {
			content: this.content,
			toolCalls: this.calls,
			doneReason: last.done_reason === "length" ? "length" : "stop",
			usage: {
				loadMs: (last.load_duration ?? 0) / NS_PER_MS,
				prefillMs: (last.prompt_eval_duration ?? 0) / NS_PER_MS,
				decodeMs: (last.eval_duration ?? 0) / NS_PER_MS,
				promptTokens: last.prompt_eval_count ?? 0,
				cachedTokens: typeof cached === "number" ? cached : null,
				outputTokens: last.eval_count ?? 0,
			},
		};
	}
}

/** Arguments that came as a string of JSON, read once (threats F20); anything but an object is none. */
export function parsedArguments(text: string): { readonly [key: string]: Json } {
	try {
		const value: unknown = JSON.parse(text);
		return isArguments(value) ? value : {};
	} catch {
		return {};
	}
}

function isArguments(value: unknown): value is { readonly [key: string]: Json } {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

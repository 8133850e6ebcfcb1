/** What the chunks of one streamed chat completion add up to. */
import { isRecord } from "../../core/json-record.ts";
import type { ChatDelta, ChatReply, ToolCall } from "../../core/model/conversation.ts";
import { parsedArguments } from "../ollama/answer.ts";

interface CallPieces {
	id: string;
	name: string;
	/** JSON text, in pieces. */
	arguments: string;
}

type Fields = Readonly<Record<string, unknown>>;

export class Answer {
	private content = "";
	private readonly calls = new Map<number, CallPieces>();
	private finish: string | null = null;
	private usage: Fields = {};
	private timings: Fields = {};
	private firstAt: number | null = null;
	private lastAt = 0;
	private readonly startedAt = performance.now();
	empty = true;

	/** @param chunk one event's object */
	add(chunk: Fields, onDelta: (delta: ChatDelta) => void): void {
		this.usage = fieldsOf(chunk["usage"]) ?? this.usage;
		this.timings = fieldsOf(chunk["timings"]) ?? this.timings;
		const choices = chunk["choices"];
		const choice = Array.isArray(choices) ? fieldsOf(choices[0]) : null;
		if (choice === null) return;
		// A server that does not stream sends the message whole.
		const delta = fieldsOf(choice["delta"]) ?? fieldsOf(choice["message"]) ?? {};
		const text = delta["content"];
		const thinking = delta["reasoning_content"] ?? delta["reasoning"];
		const calls = Array.isArray(delta["tool_calls"]) ? delta["tool_calls"] : [];
		if (typeof thinking === "string" && thinking !== "") {
			this.mark();
			onDelta({ kind: "thinking", text: thinking });
		}
		if (typeof text === "string" && text !== "") {
			this.mark();
			this.content += text;
			onDelta({ kind: "text", text });
		}
		for (const call of calls) this.addCall(fieldsOf(call) ?? {});
		if (typeof choice["finish_reason"] === "string") this.finish = choice["finish_reason"];
	}

	/** @throws Error for an answer without its end */
	reply(): ChatReply {
		if (this.finish === null) throw new Error("Did not receive done or success response in stream.");
		const decodedMs = this.firstAt === null ? 0 : this.lastAt - this.firstAt;
		const cached =
			number(this.timings["cache_n"]) ?? number(fieldsOf(this.usage["prompt_tokens_details"])?.["cached_tokens"]);
		const read = number(this.timings["prompt_n"]);
		return {
			content: this.content,
			toolCalls: [...this.calls.entries()]
				.sort(([one], [other]) => one - other)
				.map(([, pieces], at) => callOf(pieces, at)),
			doneReason: this.finish === "length" ? "length" : "stop",
			usage: {
				loadMs: 0,
				prefillMs: number(this.timings["prompt_ms"]) ?? (this.firstAt ?? this.startedAt) - this.startedAt,
				decodeMs: number(this.timings["predicted_ms"]) ?? decodedMs,
				promptTokens: number(this.usage["prompt_tokens"]) ?? (read === null ? 0 : read + (cached ?? 0)),
				cachedTokens: cached,
				outputTokens: number(this.usage["completion_tokens"]) ?? number(this.timings["predicted_n"]) ?? 0,
			},
		};
	}

	/** The first piece of a call has its id and name, the others its arguments; all have its index. */
	private addCall(call: Fields): void {
		this.mark();
		const index = number(call["index"]) ?? this.calls.size;
		const pieces = this.calls.get(index) ?? { id: "", name: "", arguments: "" };
		const given = fieldsOf(call["function"]) ?? {};
		if (typeof call["id"] === "string" && pieces.id === "") pieces.id = call["id"];
		if (typeof given["name"] === "string") pieces.name += given["name"];
		const text = given["arguments"];
		pieces.arguments += typeof text === "string" ? text : fieldsOf(text) === null ? "" : JSON.stringify(text);
		this.calls.set(index, pieces);
	}

	private mark(): void {
		this.empty = false;
		this.lastAt = performance.now();
		this.firstAt ??= this.lastAt;
	}
}

function callOf(pieces: CallPieces, at: number): ToolCall {
	return { id: pieces.id || `server_${at + 1}`, name: pieces.name, arguments: parsedArguments(pieces.arguments) };
}

function fieldsOf(value: unknown): Fields | null {
	return isRecord(value) ? value : null;
}

function number(value: unknown): number | null {
	return typeof value === "number" && Number.isFinite(value) ? value : null;
}

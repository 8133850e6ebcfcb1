import type { ChatMessage, ChatReply, ChatRequest, Json, ToolCall, ToolProtocol, ToolSchema } from "../conversation.ts";

/** Why an answer that was meant as a call is none. */
export type MalformedCause = "empty" | "cut" | "unclosed" | "unknown-tool" | "unreadable";

export type Decoded =
	| { readonly kind: "calls"; readonly calls: readonly ToolCall[] }
	/** An answer or a question; no call was meant. */
	| { readonly kind: "text"; readonly text: string }
	/** A call was meant and cannot be taken; the explanation is for the model. */
	| { readonly kind: "malformed"; readonly cause: MalformedCause; readonly explanation: string };

/** A call as found in a text, before it has an id. */
export interface FoundCall {
	readonly name: string;
	readonly arguments: { readonly [key: string]: Json };
}

export interface RequestSettings {
	readonly maxOutputTokens: number;
	readonly temperature: number;
	readonly seed: number;
	readonly think: boolean;
	/** How results travel natively; the other protocols send them as user messages in any case. */
	readonly toolResults: "tool" | "user";
	/** Tools that this one answer must not name; only a protocol that holds the answer to a schema can see to it. */
	readonly barred?: readonly string[];
}

/** A file that the conversation is about. */
export interface FileInPlay {
	readonly path: string;
	/** As it is now; null where it does not exist yet. */
	readonly text: string | null;
}

export interface KnownFile extends FileInPlay {
	/** Whether the model was shown, or wrote, the whole of the text. */
	readonly known: boolean;
}

export interface DecodeContext {
	readonly tools: readonly ToolSchema[];
	/** Called once for each call. */
	readonly newCallId: () => string;
	/** A fence that names no file is meant for one of these, where it can only be one. */
	readonly filesInPlay: readonly FileInPlay[];
	/** Something fails: a block that repeats a file's text is then an attempt in vain, no last word. */
	readonly mustChange?: boolean;
}

export interface Protocol {
	readonly kind: ToolProtocol;
	/** The messages of a longer conversation begin with those of its beginning, byte for byte. */
	encode(messages: readonly ChatMessage[], tools: readonly ToolSchema[], settings: RequestSettings): ChatRequest;
	decode(reply: ChatReply, context: DecodeContext): Decoded;
}

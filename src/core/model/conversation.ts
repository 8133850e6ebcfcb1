/** The vocabulary between the loop and a chat model, independent of any server's wire. */

/** JSON as it can stand in an argument or an event. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface ToolCall {
	/** Unique within the conversation. */
	readonly id: string;
	readonly name: string;
	/** As the model gave them, unchecked. */
	readonly arguments: { readonly [key: string]: Json };
}

export type ChatMessage =
	| { readonly role: "system" | "user"; readonly content: string }
	| { readonly role: "assistant"; readonly content: string; readonly toolCalls: readonly ToolCall[] }
	| { readonly role: "tool"; readonly content: string; readonly toolName: string; readonly toolCallId: string };

/** At most one of enum, items, required per property: one server renders maps in random order, which breaks its prompt cache. */
export interface ToolParameter {
	readonly type: "string" | "integer" | "boolean";
	readonly description: string;
}

export interface ToolSchema {
	readonly name: string;
	readonly description: string;
	readonly parameters: { readonly [name: string]: ToolParameter };
	readonly required: readonly string[];
}

/**
 * How calls travel, from the strictest to the most tolerant: the server's own `tools`, an answer that the server holds to a
 * JSON schema, or text that the model writes and the loop parses.
 */
export const TOOL_PROTOCOLS = ["native", "schema", "text"] as const;
export type ToolProtocol = (typeof TOOL_PROTOCOLS)[number];

export interface ChatRequest {
	readonly messages: readonly ChatMessage[];
	/** Empty: none are offered. Same tools in the same order all session. */
	readonly tools: readonly ToolSchema[];
	/** JSON schema that the whole answer follows, or null. Never together with tools: the server mixes the two up. */
	readonly format: { readonly [key: string]: Json } | null;
	readonly maxOutputTokens: number;
	readonly temperature: number;
	readonly seed: number;
	/** The answer ends before the first of these; none where it is left out. */
	readonly stop?: readonly string[];
	/** Lets a model that can think do so before it answers. */
	readonly think: boolean;
}

/** Where a call stands; `reading` is the prompt being evaluated. A server says nothing before its first token. */
export type ModelState = "connecting" | "loading" | "reading" | "writing";

export type ChatDelta =
	| { readonly kind: "state"; readonly state: ModelState }
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "thinking"; readonly text: string }
	/** Something that the person should know: a reload and its cause, a smaller context window. */
	| { readonly kind: "notice"; readonly level: "info" | "warning"; readonly message: string };

export interface ChatUsage {
	readonly loadMs: number;
	readonly prefillMs: number;
	readonly decodeMs: number;
	/** Tokens of the whole prompt, cached ones included. */
	readonly promptTokens: number;
	/** Tokens that the server did not read again, or null where it does not say. */
	readonly cachedTokens: number | null;
	readonly outputTokens: number;
}

/** Of an answer that was stopped, or has not come. */
export const NO_USAGE: ChatUsage = {
	loadMs: 0,
	prefillMs: 0,
	decodeMs: 0,
	promptTokens: 0,
	cachedTokens: null,
	outputTokens: 0,
};

export interface ChatReply {
	readonly content: string;
	/** Calls that the server itself parsed; the text protocol finds its own in `content`. */
	readonly toolCalls: readonly ToolCall[];
	/** `length`: the answer was cut, so a call or file in it is no call and no file. */
	readonly doneReason: "stop" | "length";
	readonly usage: ChatUsage;
}

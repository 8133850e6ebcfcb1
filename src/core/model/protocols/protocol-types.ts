import type { ChatMessage, ChatReply, ChatRequest, ToolCall, ToolProtocol, ToolSchema } from "../conversation.ts";

export type Decoded =
	| { readonly kind: "calls"; readonly calls: readonly ToolCall[] }
	/** An answer or a question; no call was meant. */
	| { readonly kind: "text"; readonly text: string }
	/** A call was meant and cannot be taken; the explanation is for the model. */
	| { readonly kind: "malformed"; readonly explanation: string };

export interface RequestLimits {
	readonly maxOutputTokens: number;
	readonly temperature: number;
	readonly seed: number;
	readonly think: boolean;
}

export interface Protocol {
	readonly kind: ToolProtocol;
	/** The messages of a longer conversation begin with those of its beginning, byte for byte. */
	encode(messages: readonly ChatMessage[], tools: readonly ToolSchema[], limits: RequestLimits): ChatRequest;
	/** @param newCallId called once for each call that carries no id of its own */
	decode(reply: ChatReply, tools: readonly ToolSchema[], newCallId: () => string): Decoded;
}

/** How tool calls travel. A protocol encodes a conversation for the wire and reads an answer tolerantly, but never guesses. */
import type { ToolProtocol } from "./conversation.ts";
import { NATIVE } from "./protocols/native.ts";
import type { Protocol } from "./protocols/protocol-types.ts";
import { SCHEMA } from "./protocols/schema.ts";
import { TEXT } from "./protocols/text.ts";

export type {
	DecodeContext,
	Decoded,
	FileInPlay,
	KnownFile,
	MalformedCause,
	Protocol,
	RequestSettings,
} from "./protocols/protocol-types.ts";

const PROTOCOLS: Readonly<Record<ToolProtocol, Protocol>> = { native: NATIVE, schema: SCHEMA, text: TEXT };

/** The protocol of that name. */
export function protocolFor(kind: ToolProtocol): Protocol {
	return PROTOCOLS[kind];
}

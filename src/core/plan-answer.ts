/** A plan in a text that shows code: no tool that writes is offered, so a block of it is a part of the plan, not a call. */
import type { ChatReply, ToolSchema } from "./model/conversation.ts";
import type { Decoded } from "./model/protocol.ts";

/**
 * @param decoded of a model that answers as text and was asked for a plan
 * @returns the whole text as the plan, unless it calls a tool that is offered, was cut off, or says nothing
 */
export function planOf(
	decoded: Decoded,
	{ content }: Pick<ChatReply, "content">,
	tools: readonly ToolSchema[],
): Decoded {
	const asks = decoded.kind === "calls" && decoded.calls.some((call) => tools.some(({ name }) => name === call.name));
	const isNone = decoded.kind === "malformed" && (decoded.cause === "cut" || decoded.cause === "empty");
	return asks || isNone ? decoded : { kind: "text", text: content.trim() };
}

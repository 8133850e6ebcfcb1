import type { ToolCall } from "../model/conversation.ts";

/** What a call is about, for people: its path or its search text. */
export function targetOf(call: ToolCall): string {
	const target = call.arguments["path"] ?? call.arguments["text"];
	return typeof target === "string" ? target.slice(0, 200) : "";
}

import type { ChatMessage } from "../conversation.ts";

/** A tool's result as the user's word: some templates hide the tools after a `tool` message (ollama issue 6477). */
export function resultsAsUser(message: Extract<ChatMessage, { readonly role: "tool" }>): ChatMessage {
	return { role: "user", content: `RESULT of ${message.toolName}:\n${message.content}` };
}

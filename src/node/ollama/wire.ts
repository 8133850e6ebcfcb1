/** A conversation in the words of Ollama's wire. */
import type { Message } from "ollama";
import type { ChatMessage } from "../../core/model/conversation.ts";

/** Sends back names and ids of calls, and their arguments in the order in which they came. */
export function wireMessage(message: ChatMessage): Message {
	switch (message.role) {
		case "system":
		case "user":
			return { role: message.role, content: message.content };
		case "assistant":
			return {
				role: "assistant",
				content: message.content,
				...(message.toolCalls.length > 0
					? {
							tool_calls: message.toolCalls.map((call) => ({
								id: call.id,
								function: { name: call.name, arguments: { ...call.arguments } },
							})),
						}
					: {}),
			};
		case "tool": {
			// The client's types lack tool_call_id; the server knows it.
			const result = {
				role: "tool",
				content: message.content,
				tool_name: message.toolName,
				tool_call_id: message.toolCallId,
			};
			return result;
		}
	}
}

/** A request in the words of `/v1/chat/completions`. */
import type { ChatMessage, ChatRequest, Json } from "../../core/model/conversation.ts";
import { functionTool } from "../model-http/function-tool.ts";

/** @param thinkSwitch whether the server knows `chat_template_kwargs` (llama-server and vLLM do) */
export function wireRequest(model: string, request: ChatRequest, thinkSwitch: boolean): string {
	const { messages, tools, format, temperature, seed, stop, maxOutputTokens, think } = request;
	return JSON.stringify({
		model,
		messages: messages.map(wireMessage),
		...(tools.length > 0 ? { tools: tools.map(functionTool) } : {}),
		...(format === null
			? {}
			: { response_format: { type: "json_schema", json_schema: { name: "answer", schema: format } } }),
		...(thinkSwitch ? { chat_template_kwargs: { enable_thinking: think } } : {}),
		stream: true,
		stream_options: { include_usage: true },
		temperature,
		seed,
		...(stop === undefined ? {} : { stop }),
		max_tokens: maxOutputTokens,
	});
}

function wireMessage(message: ChatMessage): { readonly [key: string]: Json } {
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
								type: "function",
								function: { name: call.name, arguments: JSON.stringify(call.arguments) },
							})),
						}
					: {}),
			};
		case "tool":
			return { role: "tool", tool_call_id: message.toolCallId, content: message.content };
	}
}

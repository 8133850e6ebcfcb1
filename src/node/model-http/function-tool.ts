/** A tool as both wires offer it. */
import type { ToolSchema } from "../../core/model/conversation.ts";

/** Only what survives a server's own reading of a tool, in an order that never changes: another order would cost its prompt cache. */
export function functionTool({ name, description, parameters, required }: ToolSchema) {
	return {
		type: "function",
		function: {
			name,
			description,
			parameters: {
				type: "object",
				properties: Object.fromEntries(
					Object.entries(parameters).map(([key, { type, description: words }]) => [key, { type, description: words }]),
				),
				required: [...required],
			},
		},
	};
}

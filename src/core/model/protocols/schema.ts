/**
 * Calls by schema: the server holds the whole answer to one closed JSON object whose first key names the tool. A small coder
 * model wrote 7 of 8 files right in this way and none by its library's native template (measured; docs/models.md).
 */
import type { ChatMessage, Json, ToolSchema } from "../conversation.ts";
import { parseJsonObject } from "./json-objects.ts";
import type { Protocol } from "./protocol-types.ts";
import { resultsAsUser } from "./results-as-user.ts";
import { answerOf, decodeText } from "./salvage.ts";

/** The answer in words, for which a forced call leaves no other place. */
const ANSWER = "answer";

export const SCHEMA: Protocol = {
	kind: "schema",
	encode: (messages, tools, { toolResults: _, barred = [], ...settings }) => ({
		messages: messages.map((message) => asJson(message, tools)),
		tools: [],
		format: answerSchema(tools.filter(({ name }) => !barred.includes(name))),
		...settings,
	}),
	decode(reply, context) {
		const given = reply.doneReason === "length" ? null : parseJsonObject(reply.content.trim());
		if (given?.["tool"] !== ANSWER) return decodeText(reply, context);
		return answerOf(typeof given["text"] === "string" ? given["text"] : "");
	},
};

/** One branch a tool, none with `pattern`, nested no deeper than its parameters. */
function answerSchema(tools: readonly ToolSchema[]): { readonly [key: string]: Json } {
	return {
		anyOf: [
			...tools.map(({ name, parameters, required }) =>
				branch(
					name,
					Object.entries(parameters).map(([key, { type }]) => [key, type]),
					required,
				),
			),
			branch(ANSWER, [["text", "string"]], ["text"]),
		],
	};
}

function branch(
	name: string,
	parameters: readonly (readonly [string, string])[],
	required: readonly string[],
): { readonly [key: string]: Json } {
	return {
		type: "object",
		properties: {
			tool: { const: name },
			...Object.fromEntries(parameters.map(([key, type]) => [key, { type }])),
		},
		required: ["tool", ...required],
		additionalProperties: false,
	};
}

function asJson(message: ChatMessage, tools: readonly ToolSchema[]): ChatMessage {
	switch (message.role) {
		case "system":
			return { role: "system", content: `${message.content}\n\n${describeAnswers(tools)}` };
		case "assistant":
			return { role: "assistant", content: message.content, toolCalls: [] };
		case "tool":
			return resultsAsUser(message);
		case "user":
			return message;
	}
}

/** The schema in words: small models follow an example better than a schema. */
function describeAnswers(tools: readonly ToolSchema[]): string {
	const lines = tools.map(({ name, description, parameters, required }) => {
		const keys = Object.entries(parameters).map(
			([key, { type }]) => `"${key}"${required.includes(key) ? "" : "?"}: ${type}`,
		);
		return `{"tool": "${name}", ${keys.join(", ")}} ${description}`;
	});
	return `Answer with one JSON object and nothing else, one of these ("?" may be left out):
${lines.join("\n")}
{"tool": "${ANSWER}", "text": string} When nothing is left to do.`;
}

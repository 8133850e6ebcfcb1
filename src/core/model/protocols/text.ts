/** Calls as text, for models that print them anyway: one JSON line for a call, a path line and a fenced block for a file. */
import type { ChatMessage, ToolSchema } from "../conversation.ts";
import type { Protocol } from "./protocol-types.ts";
import { resultsAsUser } from "./results-as-user.ts";
import { CUT_ANSWER, emptyAnswer, salvageCalls } from "./salvage.ts";

export const TEXT: Protocol = {
	kind: "text",
	encode: (messages, tools, limits) => ({
		messages: messages.map((message) => asText(message, tools)),
		tools: [],
		format: null,
		...limits,
	}),
	decode(reply, tools, newCallId) {
		if (reply.doneReason === "length") return CUT_ANSWER;
		if (reply.toolCalls.length > 0) {
			return { kind: "calls", calls: reply.toolCalls.map((call) => ({ ...call, id: newCallId() })) };
		}
		return salvageCalls(reply.content, tools, newCallId) ?? emptyAnswer(reply.content);
	},
};

function asText(message: ChatMessage, tools: readonly ToolSchema[]): ChatMessage {
	switch (message.role) {
		case "system":
			return { role: "system", content: `${message.content}\n\n${describeTools(tools)}` };
		case "tool":
			return resultsAsUser(message);
		case "assistant":
			return { role: "assistant", content: message.content, toolCalls: [] };
		case "user":
			return message;
	}
}

function describeTools(tools: readonly ToolSchema[]): string {
	const lines = tools.map(({ name, description, parameters, required }) => {
		const names = Object.keys(parameters).map((parameter) =>
			required.includes(parameter) ? parameter : `${parameter}?`,
		);
		return `- ${name}(${names.join(", ")}): ${description}`;
	});
	return `Tools:
${lines.join("\n")}
To call a tool, write one line of JSON:
{"name": "read_file", "arguments": {"path": "src/app.py"}}
To write a whole file, write its path and then its text in a fenced block:
write_file src/app.py
\`\`\`python
print("hello")
\`\`\`
To edit a piece of a file:
edit_file src/app.py
<<<<<<< SEARCH
old lines, copied exactly
=======
new lines
>>>>>>> REPLACE`;
}

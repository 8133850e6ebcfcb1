/** Calls as text, for models that print them anyway: a path line and a fenced block for a file, a name and a path for the rest. */
import type { ChatMessage, ToolSchema } from "../conversation.ts";
import type { Protocol } from "./protocol-types.ts";
import { resultsAsUser } from "./results-as-user.ts";
import { decodeText } from "./salvage.ts";

/** How the loop's own messages begin: a small model that writes on makes up the next one, and then goes round (docs/quality.md). */
const OURS = "\nPROBE ";

export const TEXT: Protocol = {
	kind: "text",
	encode: (messages, tools, { toolResults: _, barred: __, ...settings }) => ({
		messages: messages.map((message) => asText(message, tools)),
		tools: [],
		format: null,
		...settings,
		stop: [OURS],
	}),
	decode: decodeText,
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
	const lines = tools
		.filter(({ name }) => name !== "write_file" && name !== "edit_file")
		.map(({ name, description, parameters, required }) => {
			const attributes = Object.keys(parameters).map((key) =>
				required.includes(key) ? `${key}="..."` : `[${key}="..."]`,
			);
			return `${name} ${attributes.join(" ")} - ${description}`;
		});
	return `How to answer. To write a whole file, its path and then all of its text in a fenced block:
write_file the/path.py
\`\`\`python
print("hello")
\`\`\`
To edit a piece of a large file:
edit_file the/path.py
<<<<<<< SEARCH
old lines, copied exactly
=======
new lines
>>>>>>> REPLACE
The other tools take one line each:
${lines.join("\n")}`;
}

/**
 * Reads calls out of an answer: the server's own, else those in its text, in the shapes that small models were recorded to
 * write: JSON bare, fenced or after a sentence, tagged, as function tags, as a line, as a path line with a block, or as a
 * fence alone. A call counts only if it names an offered tool; no tool is ever guessed from the keys of its arguments.
 * Linear in the text's length.
 */
import type { ChatReply, ToolSchema } from "../conversation.ts";
import { readBlocks } from "./blocks.ts";
import { readFunctionTags } from "./function-tags.ts";
import { readJsonCalls } from "./json-calls.ts";
import { readLoneFence } from "./lone-fence.ts";
import type { DecodeContext, Decoded, FoundCall, MalformedCause } from "./protocol-types.ts";

const MAX_ANSWER_CHARS = 400;
const MAX_NAME_CHARS = 60;

/** The way of every protocol's answers; what a protocol's own shape is comes first in its own module. */
export function decodeText(reply: ChatReply, context: DecodeContext): Decoded {
	if (reply.doneReason === "length") {
		return malformed(
			"cut",
			"Your answer was cut at the length limit, so nothing of it was done. Answer shorter: one call; use edit_file for a piece of a large file.",
		);
	}
	// Servers number the calls of one answer; within the conversation an id must stand once.
	if (reply.toolCalls.length > 0) return calls(reply.toolCalls, context);
	const content = withoutThoughts(reply.content);
	return salvageCalls(content, context) ?? answerOf(content);
}

/** An answer in words; an empty one is no answer. */
export function answerOf(content: string): Decoded {
	const text = content.trim();
	if (text === "") return malformed("empty", "Your answer was empty. Call a tool, or answer in one sentence.");
	return { kind: "text", text: text.length <= MAX_ANSWER_CHARS ? text : `${text.slice(0, MAX_ANSWER_CHARS)}...` };
}

/** null where the text does not look like a call at all. */
function salvageCalls(content: string, context: DecodeContext): Decoded | null {
	const known = new Map(context.tools.map((tool) => [tool.name, tool]));
	const blocks = readBlocks(content, known);
	if (blocks.kind === "broken") return malformed("unclosed", blocks.explanation);
	const found = [...blocks.calls, ...readFunctionTags(blocks.rest), ...readJsonCalls(blocks.rest)];
	const offered = found.filter(({ name }) => known.has(name));
	if (offered.length > 0) return calls(offered, context);
	const [unknown] = found;
	if (unknown !== undefined) {
		return malformed(
			"unknown-tool",
			`There is no tool "${unknown.name.slice(0, MAX_NAME_CHARS)}". The tools are ${[...known.keys()].join(", ")}.`,
		);
	}
	if (looksLikeCall(content, known)) {
		return malformed(
			"unreadable",
			'Your call could not be read, so nothing was done. Write it as one line of valid JSON: {"name": "read_file", "arguments": {"path": "..."}}',
		);
	}
	const fence = readLoneFence(content, context.filesInPlay, context.mustChange === true);
	switch (fence.kind) {
		case "none":
			return null;
		case "calls":
			return calls(fence.calls, context);
		case "broken":
			return malformed("unclosed", fence.explanation);
	}
}

function calls(found: readonly FoundCall[], { newCallId }: DecodeContext): Decoded {
	return { kind: "calls", calls: found.map((call) => ({ ...call, id: newCallId() })) };
}

function malformed(cause: MalformedCause, explanation: string): Decoded {
	return { kind: "malformed", cause, explanation };
}

/** Some models think within their answer; thoughts without an end leave no answer. */
function withoutThoughts(content: string): string {
	const start = content.trimStart();
	if (!start.startsWith("<think>")) return content;
	const end = start.indexOf("</think>");
	return end < 0 ? "" : start.slice(end + "</think>".length);
}

function looksLikeCall(content: string, known: ReadonlyMap<string, ToolSchema>): boolean {
	return (
		content.includes("<tool_call>") ||
		content.includes("<function=") ||
		(content.includes('"name"') && content.includes('"arguments"')) ||
		[...known.keys()].some(
			(name) =>
				content.includes(`"${name}"`) || content.trimStart().startsWith(`${name} `) || content.includes(`\n${name} `),
		)
	);
}

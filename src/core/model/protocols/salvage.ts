/**
 * Reads calls out of plain text, in the shapes that small models were recorded to write: JSON bare, fenced or after a
 * sentence, tagged, as function tags, or a path line with a block. A call counts only if it names an offered tool; no tool is
 * ever guessed from the keys of its arguments. One pass, no backtracking.
 */
import type { Json, ToolCall, ToolSchema } from "../conversation.ts";
import { readBlocks } from "./blocks.ts";
import { parseJsonObject, readJsonObjects } from "./json-objects.ts";
import type { Decoded } from "./protocol-types.ts";

const MAX_ANSWER_CHARS = 400;

export const CUT_ANSWER: Decoded = {
	kind: "malformed",
	explanation:
		"Your answer was cut at the length limit, so nothing of it was done. Answer shorter: one call; use edit_file for a piece of a large file.",
};

/** @returns null where the text does not look like a call at all */
export function salvageCalls(content: string, tools: readonly ToolSchema[], newCallId: () => string): Decoded | null {
	const known = new Map(tools.map((tool) => [tool.name, tool]));
	const blocks = readBlocks(content, known);
	if (blocks.kind === "unclosed") {
		return {
			kind: "malformed",
			explanation: `The block for ${blocks.path} has no end, so nothing was written. Send it again, whole.`,
		};
	}
	const calls: ToolCall[] = [];
	const unknown: string[] = [];
	for (const found of [...blocks.calls, ...readFunctionTags(blocks.rest), ...jsonCalls(blocks.rest)]) {
		if (known.has(found.name)) calls.push({ id: newCallId(), ...found });
		else unknown.push(found.name);
	}
	if (calls.length > 0) return { kind: "calls", calls };
	if (unknown.length > 0) {
		const names = [...known.keys()].join(", ");
		return {
			kind: "malformed",
			explanation: `There is no tool "${unknown[0]?.slice(0, 60)}". The tools are ${names}.`,
		};
	}
	return looksLikeCall(content, known)
		? {
				kind: "malformed",
				explanation:
					'Your call could not be read, so nothing was done. Write it as one line of valid JSON: {"name": "read_file", "arguments": {"path": "..."}}',
			}
		: null;
}

/** An answer in words; an empty one is no answer. */
export function emptyAnswer(content: string): Decoded {
	const text = content.trim();
	if (text === "")
		return { kind: "malformed", explanation: "Your answer was empty. Call a tool, or answer in one sentence." };
	return { kind: "text", text: text.length <= MAX_ANSWER_CHARS ? text : `${text.slice(0, MAX_ANSWER_CHARS)}...` };
}

interface Found {
	readonly name: string;
	readonly arguments: { readonly [key: string]: Json };
}

function jsonCalls(text: string): readonly Found[] {
	return readJsonObjects(text).flatMap((value) => {
		const inner = typeof value["function"] === "object" && value["function"] !== null ? value["function"] : value;
		if (!isObject(inner) || typeof inner["name"] !== "string") return [];
		const given = inner["arguments"] ?? inner["parameters"];
		// Some models write the arguments as a string of JSON: read once, not again (threats F20).
		const read = typeof given === "string" ? parseJsonObject(given) : given;
		return isObject(read) ? [{ name: inner["name"], arguments: read }] : [];
	});
}

/** `<function=read_file><parameter=path>src/app.py</parameter></function>` */
function readFunctionTags(text: string): readonly Found[] {
	const found: Found[] = [];
	const opening = "<function=";
	for (let at = text.indexOf(opening); at >= 0; ) {
		const nameEnd = text.indexOf(">", at);
		const end = text.indexOf("</function>", at);
		if (nameEnd < 0 || end < 0) break;
		if (nameEnd < end) {
			found.push({
				name: text.slice(at + opening.length, nameEnd).trim(),
				arguments: readParameters(text.slice(nameEnd + 1, end)),
			});
		}
		// What stands inside a call is its argument, even where it looks like another call.
		at = text.indexOf(opening, end);
	}
	return found;
}

function readParameters(text: string): { readonly [key: string]: Json } {
	const given: [string, Json][] = [];
	const opening = "<parameter=";
	for (let at = text.indexOf(opening), end = 0; at >= 0; at = text.indexOf(opening, end)) {
		const nameEnd = text.indexOf(">", at);
		end = text.indexOf("</parameter>", at);
		if (nameEnd < 0 || end < nameEnd) break;
		given.push([
			text.slice(at + opening.length, nameEnd).trim(),
			text
				.slice(nameEnd + 1, end)
				.replace(/^\n/, "")
				.replace(/\n$/, ""),
		]);
	}
	return Object.fromEntries(given);
}

function looksLikeCall(content: string, known: ReadonlyMap<string, ToolSchema>): boolean {
	return (
		content.includes("<tool_call>") ||
		content.includes("<function=") ||
		[...known.keys()].some(
			(name) =>
				content.includes(`"${name}"`) || content.trimStart().startsWith(`${name} `) || content.includes(`\n${name} `),
		)
	);
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Finds whole JSON objects in a text, in one pass. */
import type { Json } from "../conversation.ts";

type JsonObject = { readonly [key: string]: Json };

const MAX_OBJECTS = 16;

/** Top-level objects in their order; anything between them is passed over, an object that does not parse too. */
export function readJsonObjects(text: string): readonly JsonObject[] {
	const found: JsonObject[] = [];
	let start = -1;
	let depth = 0;
	let inString = false;
	for (let at = 0; at < text.length && found.length < MAX_OBJECTS; at += 1) {
		const char = text[at];
		if (inString) {
			if (char === "\\") at += 1;
			else if (char === '"') inString = false;
		} else if (char === '"' && depth > 0) {
			inString = true;
		} else if (char === "{") {
			if (depth === 0) start = at;
			depth += 1;
		} else if (char === "}" && depth > 0) {
			depth -= 1;
			if (depth > 0) continue;
			const value = parseJsonObject(text.slice(start, at + 1));
			if (value !== null) found.push(value);
		}
	}
	return found;
}

/** The object that the text is, or null. Line breaks within strings, which models often leave bare, are taken as such. */
export function parseJsonObject(text: string): JsonObject | null {
	return parsed(text) ?? parsed(withEscapedBreaks(text));
}

function parsed(text: string): JsonObject | null {
	try {
		const value: unknown = JSON.parse(text);
		return isJsonObject(value) ? value : null;
	} catch {
		return null;
	}
}

/** What JSON.parse returns is JSON; only the kind is left to see. */
function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withEscapedBreaks(text: string): string {
	const out: string[] = [];
	let inString = false;
	for (let at = 0; at < text.length; at += 1) {
		const char = text[at] ?? "";
		if (inString && char === "\\") {
			out.push(char, text[at + 1] ?? "");
			at += 1;
			continue;
		}
		if (char === '"') inString = !inString;
		out.push(
			inString && char === "\n" ? "\\n" : inString && char === "\t" ? "\\t" : inString && char === "\r" ? "\\r" : char,
		);
	}
	return out.join("");
}

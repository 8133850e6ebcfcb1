/** Finds whole JSON objects in a text, in linear time. */
import type { Json } from "../conversation.ts";

type JsonObject = { readonly [key: string]: Json };

const MAX_OBJECTS = 16;
/** A brace in a sentence may stay open for ever; so often the search begins anew behind one. */
const MAX_RESTARTS = 8;
const JSON_BEGINS = /^\{\s{0,80}["}]/;
const TRIPLE_QUOTE = '"""';

/**
 * Top-level objects in their order; anything between them is passed over, an object that does not parse too. Python's triple
 * quotes within a string, which are never JSON, are read as the quotes that they mean.
 */
export function readJsonObjects(text: string): readonly JsonObject[] {
	const found = scan(text);
	return found.length > 0 || !text.includes(TRIPLE_QUOTE) ? found : scan(withEscapedTripleQuotes(text));
}

function scan(text: string): readonly JsonObject[] {
	const found: JsonObject[] = [];
	let restarts = 0;
	let start = -1;
	let depth = 0;
	let inString = false;
	for (let at = 0; found.length < MAX_OBJECTS; at += 1) {
		if (at >= text.length) {
			// What stands within an object that is broken is its content, and must not be taken for a call.
			if (depth === 0 || restarts === MAX_RESTARTS || JSON_BEGINS.test(text.slice(start, start + 100))) break;
			restarts += 1;
			at = start;
			depth = 0;
			inString = false;
			continue;
		}
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

function withEscapedTripleQuotes(text: string): string {
	return text.split(TRIPLE_QUOTE).join('\\"\\"\\"');
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

/** Finds the words with which models leave code out of a text that should be whole (threats F51). */
import { HIDDEN_MARK } from "../model/hidden-code.ts";

const COMMENT = String.raw`(?:#|//|/\*|<!--)`;
const DOTS = String.raw`(?:\.{3}|…)`;
const REST = String.raw`(?:the\s+)?(?:rest|remainder|remaining|other|existing)\b`;
const SAME = String.raw`(?:unchanged|the same|as before|as is|omitted)\b`;
const PLACEHOLDERS: readonly RegExp[] = [
	new RegExp(String.raw`^${COMMENT}\s*${DOTS}?\s*[[(]?\s*${REST}.{0,60}\b${SAME}`, "i"),
	new RegExp(String.raw`^${COMMENT}?\s*${DOTS}\s*[[(]?\s*${REST}`, "i"),
	/^[[(]?\s*(?:the\s+)?rest\s+(?:of\s+.{1,40}\s)?(?:is |remains |stays )?unchanged[\])]?\.?$/i,
	new RegExp(String.raw`^${COMMENT}?\s*${DOTS}?\s*\[TRUNCATED`),
];
const MAX_LINE_CHARS = 300;

/**
 * The line of `text` that says so, or null.
 * @param before the text that is replaced: what stands in it already is no placeholder
 */
export function leftOutLine(text: string, before: string): string | null {
	const known = new Set(before.split(/\r?\n/).map((line) => line.trim()));
	for (const row of text.split(/\r?\n/)) {
		const line = row.trim();
		if (known.has(line)) continue;
		const head = line.slice(0, MAX_LINE_CHARS);
		if (head.endsWith(HIDDEN_MARK) || PLACEHOLDERS.some((placeholder) => placeholder.test(head))) return head;
	}
	return null;
}

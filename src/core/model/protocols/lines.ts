/** Lines of an answer that name a tool or a file. */
import type { Json, ToolSchema } from "../conversation.ts";

export interface ToolLine {
	readonly name: string;
	readonly given: { readonly [key: string]: Json };
}

/** Verbs that models put in a tool's place. */
const VERBS: ReadonlyMap<string, string> = new Map([
	["WRITE", "write_file"],
	["EDIT", "edit_file"],
	["READ", "read_file"],
]);
const MAX_LINE_CHARS = 2_000;
const DECORATION = "-*#>`: \t";
const PATH = /^[\w@.+-]+(?:\/[\w@.+-]+)*\.[A-Za-z]\w{0,9}$/;
const ATTRIBUTE = /\s*,?\s*([A-Za-z_]\w{0,40})\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|([^\s,"'()]+))/y;

/** `read_file src/app.py`, `read_file file="src/app.py"` or `read_file("src/app.py")`, and nothing else on the line. */
export function toolLineOf(line: string, known: ReadonlyMap<string, ToolSchema>): ToolLine | null {
	if (line.length > MAX_LINE_CHARS) return null;
	const text = trimmed(line, DECORATION);
	const [, word = "", call = "", after = ""] = /^(\w+)`?:?(?:(\()|\s|$)(.*)$/.exec(text) ?? [];
	const name = known.has(word) ? word : (VERBS.get(word) ?? "");
	const schema = known.get(name);
	if (schema === undefined) return null;
	if (call !== "" && !after.trimEnd().endsWith(")")) return null;
	const words = call === "" ? after : after.trimEnd().slice(0, -1);
	const given = attributesOf(words) ?? pathAlone(words, schema);
	return given === null || Object.keys(given).some((key) => !(key in schema.parameters)) ? null : { name, given };
}

/** A path alone on its line, bare or quoted, as a heading, after `File:`, or as a fence's own words. */
export function pathOfLine(line: string): string | null {
	if (line.length > MAX_LINE_CHARS) return null;
	const text = trimmed(line, `${DECORATION}"'()`).replace(/^(?:file(?:name)?|path)\s*[:=]\s*/i, "");
	const path = trimmed(text, "`\"'*: ");
	return PATH.test(path) ? path : null;
}

/** The path within a fence's info string, such as `python src/app.py`, `python:src/app.py` or `py title="src/app.py"`. */
export function pathOfInfo(info: string): string | null {
	const last = info.split(/[\s:]+/).at(-1) ?? "";
	return pathOfLine(last.replace(/^\w+=/, ""));
}

function attributesOf(words: string): { readonly [key: string]: Json } | null {
	const given: [string, Json][] = [];
	ATTRIBUTE.lastIndex = 0;
	let end = 0;
	for (let match = ATTRIBUTE.exec(words); match !== null; match = ATTRIBUTE.exec(words)) {
		const [, key = "", double, single, bare] = match;
		given.push([key === "file" ? "path" : key, double ?? single ?? bare ?? ""]);
		end = ATTRIBUTE.lastIndex;
	}
	return given.length > 0 && words.slice(end).trim() === "" ? Object.fromEntries(given) : null;
}

function pathAlone(words: string, { parameters }: ToolSchema): { readonly [key: string]: Json } | null {
	const path = trimmed(words.trim(), "\"'`:");
	const isOne = path !== "" && !/\s/.test(path) && !path.startsWith("{");
	return isOne && "path" in parameters ? { path } : null;
}

/** Without those characters at both ends; a loop, since an unanchored `[...]+$` is quadratic on a model's text (threats A51). */
function trimmed(text: string, characters: string): string {
	let from = 0;
	let to = text.length;
	while (from < to && characters.includes(text.charAt(from))) from += 1;
	while (to > from && characters.includes(text.charAt(to - 1))) to -= 1;
	return text.slice(from, to);
}

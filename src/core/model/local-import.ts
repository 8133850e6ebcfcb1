/** An import that moves from the top of a Python text into the functions that use it: what ends a circular import. */
import { type Definition, outlineOf } from "./python-definitions.ts";

/** One line; what stands in brackets or goes on in the next one is not moved. */
const FROM_IMPORT = /^from\s+[\w.]+\s+import\s+(\w+(?:\s+as\s+\w+)?(?:\s*,\s*\w+(?:\s+as\s+\w+)?)*)\s*$/;
const DEF = /^\s*(?:async\s+)?def\s/;

/**
 * @param line of the import, as it stands at the top
 * @returns null where the line does not stand there, or one of its names is needed before a function is called: as a base, a decorator,
 * a default, an annotation, in another statement of the module
 */
export function withLocalImport(text: string, line: string): string | null {
	const lines = text.split("\n");
	const at = lines.findIndex((one) => one.trimEnd() === line);
	const [, imported] = FROM_IMPORT.exec(line) ?? [];
	if (at < 0 || imported === undefined) return null;
	const names = imported.split(",").map(
		(part) =>
			part
				.trim()
				.split(/\s+as\s+/)
				.at(-1) ?? "",
	);
	const uses = new RegExp(`(?<![\\w.])(?:${names.join("|")})(?!\\w)`);
	const functions = outlineOf(text).definitions.flatMap((definition) => functionOf(lines, definition));
	const users = new Map<number, string>();
	for (const [index, one] of lines.entries()) {
		if (index === at || !uses.test(withoutComment(one))) continue;
		const user = functions.findLast(({ body, end }) => body <= index && index < end);
		if (user === undefined) return null;
		users.set(user.first, user.indent);
	}
	if (users.size === 0) return null;
	// What stood between two blank lines leaves one too many.
	const spare = lines[at - 1]?.trim() === "" && lines[at + 1]?.trim() === "" ? at - 1 : at;
	const moved = lines.flatMap((one, index) => {
		const indent = users.get(index);
		if (index === at || index === spare) return [];
		return indent === undefined ? [one] : [`${indent}${line}`, "", one];
	});
	return moved.join("\n");
}

interface FunctionPlace {
	/** First line behind its signature, 0-based. */
	readonly body: number;
	/** Its first statement that is no docstring, and that one's white space. */
	readonly first: number;
	readonly indent: string;
	readonly end: number;
}

function functionOf(lines: readonly string[], { start, end }: Definition): readonly FunctionPlace[] {
	const head = lines.findIndex((line, at) => at >= start && at < end && /^\s*(?:async\s+)?(?:def|class)\s/.test(line));
	if (head < 0 || !DEF.test(lines[head] ?? "")) return [];
	const signature = endOfSignature(lines, head, end);
	if (signature === null) return [];
	const body = signature + 1;
	const first = behindDocstring(lines, body, end);
	const indent = /^\s*/.exec(lines[first] ?? "")?.[0] ?? "";
	return first < end ? [{ body, first, indent, end }] : [];
}

/** Null where the body stands in the same line, or the signature is not understood. */
function endOfSignature(lines: readonly string[], head: number, end: number): number | null {
	let depth = 0;
	for (let at = head; at < end; at += 1) {
		const line = withoutComment(lines[at] ?? "");
		depth += (line.match(/[([{]/g)?.length ?? 0) - (line.match(/[)\]}]/g)?.length ?? 0);
		if (depth === 0) return line.trimEnd().endsWith(":") ? at : null;
	}
	return null;
}

function behindDocstring(lines: readonly string[], body: number, end: number): number {
	const first = nextStatement(lines, body, end);
	const line = (lines[first] ?? "").trim();
	const [, quotes] = /^[rR]?("""|''')/.exec(line) ?? [];
	if (quotes === undefined) return /^[rR]?["']/.test(line) ? nextStatement(lines, first + 1, end) : first;
	const isOneLine = line.length > 2 * quotes.length && line.endsWith(quotes);
	const last = isOneLine ? first : lines.findIndex((one, at) => at > first && one.trimEnd().endsWith(quotes));
	return last < 0 ? end : nextStatement(lines, last + 1, end);
}

function nextStatement(lines: readonly string[], from: number, end: number): number {
	let at = from;
	while (at < end && /^\s*(?:#.*)?$/.test(lines[at] ?? "")) at += 1;
	return at;
}

/** A sign in a string ends the line too early: then a use is missed, and the probe that follows shows it. */
function withoutComment(line: string): string {
	return line.replace(/#.*$/, "");
}

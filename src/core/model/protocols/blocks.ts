/** The text protocol's own shapes: `write_file PATH` and a fenced block; `edit_file PATH` and a search/replace block; `read_file file="..."`. */
import type { Json, ToolSchema } from "../conversation.ts";

interface Found {
	readonly name: string;
	readonly arguments: { readonly [key: string]: Json };
}

export type Blocks =
	/** `rest`: the text without what the calls took. */
	| { readonly kind: "read"; readonly calls: readonly Found[]; readonly rest: string }
	| { readonly kind: "unclosed"; readonly path: string };

/** Reads line by line; a block without its end is said, never taken. */
export function readBlocks(content: string, known: ReadonlyMap<string, ToolSchema>): Blocks {
	const lines = content.replaceAll("\r\n", "\n").split("\n");
	const calls: Found[] = [];
	const rest: string[] = [];
	for (let at = 0; at < lines.length; at += 1) {
		const line = lines[at] ?? "";
		const head = headOf(line, known);
		if (head === null) {
			rest.push(line);
			continue;
		}
		if (hasBlock(head.name)) {
			const block = head.name === "write_file" ? readFence(lines, at + 1) : readReplacement(lines, at + 1);
			if (block === "none") {
				rest.push(line);
				continue;
			}
			if (block === "unclosed") return { kind: "unclosed", path: head.path };
			calls.push({ name: head.name, arguments: { path: head.path, ...block.given } });
			at = block.end;
		} else {
			calls.push({ name: head.name, arguments: { path: head.path } });
		}
	}
	return { kind: "read", calls, rest: rest.join("\n") };
}

/** A line that is a tool's name and one path, nothing else. */
function headOf(
	line: string,
	known: ReadonlyMap<string, ToolSchema>,
): { readonly name: string; readonly path: string } | null {
	const [word = "", ...others] = line
		.trim()
		.replace(/^[-*#>\s]+/, "")
		.split(/\s+/);
	const name = trimmed(word, "`:");
	const schema = known.get(name);
	if (schema === undefined || !("path" in schema.parameters) || others.length !== 1) return null;
	// A path alone makes no call of a tool that needs more; a block brings it for these two.
	if (!hasBlock(name) && schema.required.some((parameter) => parameter !== "path")) return null;
	const path = trimmed((others[0] ?? "").replace(/^(?:file|path)=/, ""), "\"'`:");
	return path === "" || path.startsWith("{") ? null : { name, path };
}

function hasBlock(name: string): boolean {
	return name === "write_file" || name === "edit_file";
}

/** Without those characters at both ends; a loop, since an unanchored `[...]+$` is quadratic on a model's text (threats A51). */
function trimmed(text: string, characters: string): string {
	let from = 0;
	let to = text.length;
	while (from < to && characters.includes(text.charAt(from))) from += 1;
	while (to > from && characters.includes(text.charAt(to - 1))) to -= 1;
	return text.slice(from, to);
}

type Block =
	| "none"
	| "unclosed"
	| { readonly given: { readonly [key: string]: Json } /** Last line of the block. */; readonly end: number };

function readFence(lines: readonly string[], from: number): Block {
	const start = skipBlank(lines, from);
	const fence = /^\s*(`{3,}|~{3,})/.exec(lines[start] ?? "")?.[1];
	if (fence === undefined) return "none";
	const end = findFrom(lines, start + 1, (line) => line.trim() === fence);
	if (end < 0) return "unclosed";
	return {
		given: {
			content: lines
				.slice(start + 1, end)
				.map((line) => `${line}\n`)
				.join(""),
		},
		end,
	};
}

function readReplacement(lines: readonly string[], from: number): Block {
	let start = skipBlank(lines, from);
	const fenced = /^\s*```/.test(lines[start] ?? "");
	if (fenced) start += 1;
	if (!/^\s*<{5,}\s*SEARCH/.test(lines[start] ?? "")) return "none";
	const middle = findFrom(lines, start + 1, (line) => /^\s*={5,}\s*$/.test(line));
	const end = middle < 0 ? -1 : findFrom(lines, middle + 1, (line) => /^\s*>{5,}\s*REPLACE/.test(line));
	if (end < 0) return "unclosed";
	const closing = fenced && /^\s*```\s*$/.test(lines[end + 1] ?? "") ? end + 1 : end;
	return {
		given: { old_text: lines.slice(start + 1, middle).join("\n"), new_text: lines.slice(middle + 1, end).join("\n") },
		end: closing,
	};
}

function findFrom(lines: readonly string[], from: number, matches: (line: string) => boolean): number {
	for (let at = from; at < lines.length; at += 1) if (matches(lines[at] ?? "")) return at;
	return -1;
}

function skipBlank(lines: readonly string[], from: number): number {
	let at = from;
	while (lines[at]?.trim() === "") at += 1;
	return at;
}

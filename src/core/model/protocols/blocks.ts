/** The text protocol's own shapes: a line that names a tool and its path, with a fenced or a search/replace block beneath it. */
import type { ToolSchema } from "../conversation.ts";
import { type Fence, isFenceLine, readFence } from "./fences.ts";
import { pathOfLine, type ToolLine, toolLineOf } from "./lines.ts";
import type { FoundCall } from "./protocol-types.ts";
import { readReplacements } from "./replacements.ts";

export type Blocks =
	/** `rest`: the text without what the calls took. */
	| { readonly kind: "read"; readonly calls: readonly FoundCall[]; readonly rest: string }
	/** A block without its end, or with two: said to the model, never taken. */
	| { readonly kind: "broken"; readonly explanation: string };

/** Reads line by line. */
export function readBlocks(content: string, known: ReadonlyMap<string, ToolSchema>): Blocks {
	const lines = content.replaceAll("\r\n", "\n").split("\n");
	const calls: FoundCall[] = [];
	const rest: string[] = [];
	let fencesClose = true;
	for (let at = 0; at < lines.length; at += 1) {
		const line = lines[at] ?? "";
		const head = toolLineOf(line, known) ?? bareHead(line, lines, at, known);
		const taken = head === null ? null : takeCalls(head, lines, at, known);
		if (taken === null) {
			// A fence that belongs to no call stays in one piece: what stands in it is no call either.
			const fence: Fence = fencesClose ? readFence(lines, at) : { kind: "none" };
			fencesClose &&= fence.kind !== "unclosed";
			const end = fence.kind === "whole" ? fence.end : at;
			rest.push(...lines.slice(at, end + 1));
			at = end;
			continue;
		}
		if (taken.kind === "broken") return taken;
		calls.push(...taken.calls);
		at = taken.end;
	}
	return { kind: "read", calls, rest: rest.join("\n") };
}

type Taken =
	| { readonly kind: "broken"; readonly explanation: string }
	| { readonly kind: "taken"; readonly calls: readonly FoundCall[]; readonly end: number };

function takeCalls(
	{ name, given }: ToolLine,
	lines: readonly string[],
	at: number,
	known: ReadonlyMap<string, ToolSchema>,
): Taken | null {
	const { path } = given;
	switch (name) {
		case "write_file":
		case "edit_file": {
			if (typeof path !== "string") return null;
			const start = skipBlank(lines, at + 1);
			// Some models name the one tool and use the other's block.
			return takeReplacements(path, lines, start) ?? takeFence(path, lines, start, known);
		}
		default: {
			const missing = known.get(name)?.required.some((parameter) => !Object.hasOwn(given, parameter)) ?? true;
			return missing ? null : { kind: "taken", calls: [{ name, arguments: given }], end: at };
		}
	}
}

function takeFence(
	path: string,
	lines: readonly string[],
	start: number,
	known: ReadonlyMap<string, ToolSchema>,
): Taken | null {
	const fence = readFence(lines, start);
	switch (fence.kind) {
		case "none":
			return null;
		case "unclosed":
			return broken(`The block for ${path} has no end, so nothing was written. Send it again, whole.`);
		case "whole":
			if (endIsUnclear(path, lines, fence.end, known)) {
				return broken(
					`The block for ${path} seems to hold fences of its own, so its end is not clear and nothing was written. Begin and end it with four backticks.`,
				);
			}
			if (fence.language === "diff" || fence.language === "patch") {
				return broken(
					`A diff of ${path} cannot be applied. Send a SEARCH/REPLACE block, or the whole file in a fenced block.`,
				);
			}
			return {
				kind: "taken",
				calls: [{ name: "write_file", arguments: { path, content: fence.content } }],
				end: fence.end,
			};
	}
}

function takeReplacements(path: string, lines: readonly string[], start: number): Taken | null {
	const read = readReplacements(lines, start);
	switch (read.kind) {
		case "none":
			return null;
		case "unclosed":
			return broken(
				`The SEARCH/REPLACE block for ${path} is not complete, so nothing was changed. It needs its three marker lines, each once.`,
			);
		case "whole":
			return {
				kind: "taken",
				calls: read.replacements.map(({ oldText, newText }) => ({
					name: "edit_file",
					arguments: { path, old_text: oldText, new_text: newText },
				})),
				end: read.end,
			};
	}
}

/**
 * Whether fences that follow may belong to the file's own text, so that it would be cut at the first of them: an odd number
 * of them, or any after a file of prose, whose texts hold fences themselves.
 */
function endIsUnclear(
	path: string,
	lines: readonly string[],
	end: number,
	known: ReadonlyMap<string, ToolSchema>,
): boolean {
	if ((/^\s*[`~]{4,}/.exec(lines[end] ?? "") ?? []).length > 0) return false;
	let fences = 0;
	for (let at = end + 1; at < lines.length; at += 1) {
		const line = lines[at] ?? "";
		if (toolLineOf(line, known) !== null || pathOfLine(line) !== null) break;
		if (isFenceLine(line)) fences += 1;
	}
	return /\.(?:md|markdown|rst|txt)$/i.test(path) ? fences > 0 : fences % 2 === 1;
}

/** A path alone on its line, or in a fence's own line, with a block after it. */
function bareHead(
	line: string,
	lines: readonly string[],
	at: number,
	known: ReadonlyMap<string, ToolSchema>,
): ToolLine | null {
	if (!known.has("write_file")) return null;
	const path = pathOfLine(line);
	if (path === null) return null;
	const next = skipBlank(lines, at + 1);
	const follows = readFence(lines, next).kind !== "none" || readReplacements(lines, next).kind !== "none";
	return follows ? { name: "write_file", given: { path } } : null;
}

function broken(explanation: string): Taken {
	return { kind: "broken", explanation };
}

function skipBlank(lines: readonly string[], from: number): number {
	let at = from;
	while (lines[at]?.trim() === "") at += 1;
	return at;
}

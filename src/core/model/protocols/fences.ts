/** Fenced blocks of an answer, as CommonMark has them; a fence with a language within a block begins a block of its own. */

export type Fence =
	| { readonly kind: "none" }
	| { readonly kind: "unclosed" }
	| {
			readonly kind: "whole";
			/** First word after the opening backticks, lower case, or empty. */
			readonly language: string;
			/** Everything after the opening backticks. */
			readonly info: string;
			/** Each line with its line break. */
			readonly content: string;
			/** Its last line. */
			readonly end: number;
	  };

const FENCE_LINE = /^\s{0,12}(`{3,}|~{3,})\s*([^`]*)$/;

/** The block that begins in line `start`. */
export function readFence(lines: readonly string[], start: number): Fence {
	const opening = FENCE_LINE.exec(lines[start] ?? "");
	const [, marker = "", info = ""] = opening ?? [];
	if (opening === null) return { kind: "none" };
	let depth = 0;
	for (let at = start + 1; at < lines.length; at += 1) {
		const [, inner = "", words = ""] = FENCE_LINE.exec(lines[at] ?? "") ?? [];
		if (inner[0] !== marker[0] || inner.length < marker.length) continue;
		if (words.trim() !== "") depth += 1;
		else if (depth > 0) depth -= 1;
		else {
			return {
				kind: "whole",
				language: (/^[\w+-]*/.exec(info.trim())?.[0] ?? "").toLowerCase(),
				info: info.trim(),
				content: lines
					.slice(start + 1, at)
					.map((line) => `${line}\n`)
					.join(""),
				end: at,
			};
		}
	}
	return { kind: "unclosed" };
}

/** Whether the line could begin or end a block. */
export function isFenceLine(line: string): boolean {
	return FENCE_LINE.test(line);
}

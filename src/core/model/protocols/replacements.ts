/** Search/replace blocks: one or more, one beneath the other, each with its three marker lines. */

export interface Replacement {
	readonly oldText: string;
	readonly newText: string;
}

export type Replacements =
	| { readonly kind: "none" }
	| { readonly kind: "unclosed" }
	| { readonly kind: "whole"; readonly replacements: readonly Replacement[] /** Last line. */; readonly end: number };

const SEARCH = /^\s*<{5,}\s*SEARCH/;
const MIDDLE = /^\s*={5,}\s*$/;
const REPLACE = /^\s*>{5,}\s*REPLACE/;
const FENCE = /^\s*```/;

/** The blocks that begin in line `start`, in a fence or not. */
export function readReplacements(lines: readonly string[], start: number): Replacements {
	const replacements: Replacement[] = [];
	let end = start;
	for (let at = start; ; ) {
		const fenced = FENCE.test(lines[at] ?? "");
		if (fenced) at += 1;
		if (!SEARCH.test(lines[at] ?? "")) break;
		const block = readBlock(lines, at);
		if (block === null) return { kind: "unclosed" };
		replacements.push(block.replacement);
		end = block.end;
		// The fence may close after each block, or after the last.
		if (/^\s*```\s*$/.test(lines[end + 1] ?? "")) end += 1;
		at = end + 1;
		while (lines[at]?.trim() === "") at += 1;
	}
	return replacements.length === 0 ? { kind: "none" } : { kind: "whole", replacements, end };
}

function readBlock(
	lines: readonly string[],
	start: number,
): { readonly replacement: Replacement; readonly end: number } | null {
	const middles: number[] = [];
	for (let at = start + 1; at < lines.length; at += 1) {
		const line = lines[at] ?? "";
		if (SEARCH.test(line)) return null;
		if (MIDDLE.test(line)) middles.push(at);
		if (!REPLACE.test(line)) continue;
		// A text with such lines of its own (a heading's underline) leaves the middle unclear, unless only one is the marker.
		const exact = middles.filter((middle) => lines[middle]?.trim() === "=======");
		const [middle, second] = exact.length > 0 ? exact : middles;
		if (middle === undefined || second !== undefined) return null;
		return {
			replacement: {
				oldText: lines.slice(start + 1, middle).join("\n"),
				newText: lines.slice(middle + 1, at).join("\n"),
			},
			end: at,
		};
	}
	return null;
}

/** Takes one change of a text back while another's changes stay: the merge of an undo. */
import { applyPatch, structuredPatch } from "diff";

/** Lines around a change that must stand as they did. */
const CONTEXT_LINES = 2;
const MAX_EDITS = 20_000;

/**
 * The present text without the change from `before` to `after`.
 * @returns null unless there is one way to do it: the two changes touch other lines, and either order gives the same text
 */
export function takenBack({
	now,
	after,
	before,
}: {
	readonly now: string;
	readonly after: string;
	readonly before: string;
}): string | null {
	if (now === after) return before;
	const ours = patched(now, after, before);
	// A repeated passage could be found at the wrong place; the other order then finds another text.
	const theirs = patched(before, after, now);
	return ours !== null && ours === theirs ? ours : null;
}

/** `text` with the change from `from` to `to`; null where it does not fit. */
function patched(text: string, from: string, to: string): string | null {
	const patch = structuredPatch("a", "b", from, to, undefined, undefined, {
		context: CONTEXT_LINES,
		maxEditLength: MAX_EDITS,
	});
	if (patch === undefined) return null;
	const result = applyPatch(text, patch, { autoConvertLineEndings: false });
	return result === false ? null : result;
}

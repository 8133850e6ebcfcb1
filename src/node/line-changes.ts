/** Two texts compared line by line. */
import { diffArrays } from "diff";
import type { CompareLines, LineChange } from "../core/hunks.ts";

/** Beyond this, texts have little in common, and the comparison takes long. */
const MAX_EDITS = 5_000;

export const lineChanges: CompareLines = (from, to) => {
	const parts = diffArrays([...from], [...to], { maxEditLength: MAX_EDITS });
	if (parts === undefined) return null;
	const changes: LineChange[] = [];
	let at = { from: 0, to: 0 };
	let open: LineChange | null = null;
	for (const { added, removed, count = 0 } of parts) {
		if (!added && !removed) {
			if (open !== null) changes.push(open);
			open = null;
			at = { from: at.from + count, to: at.to + count };
			continue;
		}
		open ??= { ...at, fromLines: 0, toLines: 0 };
		open = removed ? { ...open, fromLines: open.fromLines + count } : { ...open, toLines: open.toLines + count };
		at = removed ? { ...at, from: at.from + count } : { ...at, to: at.to + count };
	}
	return open === null ? changes : [...changes, open];
};

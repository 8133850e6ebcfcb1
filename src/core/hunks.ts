/** The single changes of a run in a file, as they stand in the text of now: what can be taken back alone. */

/** Lines of one text in place of lines of another; 0-based, a count may be 0. */
export interface LineChange {
	readonly from: number;
	readonly fromLines: number;
	readonly to: number;
	readonly toLines: number;
}

/** Differences of two lists of lines, in their order; they neither touch nor overlap. Null where there are too many. */
export type CompareLines = (from: readonly string[], to: readonly string[]) => readonly LineChange[] | null;

export interface Hunk {
	/** Tells it from the file's other hunks. */
	readonly key: string;
	/** Where it begins in the text of now, 0-based, and how many lines it has there. */
	readonly line: number;
	readonly lines: number;
	/** The text of now without it, with `\n` for line ends. */
	readonly without: string;
}

/**
 * The run's hunks that nobody changed since. One that only took lines away is known by its neighbours, so these must stand, too.
 * @param texts of the file: as the run found it, as it left it, and as it is now
 */
export function hunksOf(
	texts: { readonly before: string; readonly after: string; readonly now: string },
	compare: CompareLines,
): readonly Hunk[] {
	const [before, after, now] = [linesOf(texts.before), linesOf(texts.after), linesOf(texts.now)];
	const since = compare(after, now);
	if (since === null) return [];
	return (compare(before, after) ?? []).flatMap((change) => {
		if (since.some((later) => touches(later, change))) return [];
		const moved = since
			.filter(({ from, fromLines }) => from + fromLines <= change.to)
			.reduce((sum, { fromLines, toLines }) => sum + toLines - fromLines, 0);
		const line = change.to + moved;
		const old = before.slice(change.from, change.from + change.fromLines);
		const own = after.slice(change.to, change.to + change.toLines);
		const without = now.toSpliced(line, change.toLines, ...old).join("\n");
		return [{ key: JSON.stringify([change.from, old, own]), line, lines: change.toLines, without }];
	});
}

function touches({ from, fromLines }: LineChange, { to, toLines }: LineChange): boolean {
	return toLines === 0 ? from <= to && from + fromLines >= to : from < to + toLines && from + fromLines > to;
}

function linesOf(text: string): readonly string[] {
	return text.split(/\r\n|\n/);
}

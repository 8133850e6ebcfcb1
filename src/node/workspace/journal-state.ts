/** A journal's lines folded into steps: what each round did to each file, so that it can be taken back. */
import { type FileState, type JournalLine, parseLine } from "./journal-lines.ts";

/** One round's way with one file. */
export interface Step {
	/** Null: an undo did it. */
	readonly round: number | null;
	readonly before: FileState;
	readonly madeFolders: readonly string[];
	/**
	 * sha256 of what was written (null: deleted). It is recorded ahead of the write: where that failed or was killed, both what
	 * was announced and what was written before it are the round's.
	 */
	readonly after: readonly (string | null)[];
	/** Whether the last of `after` is known to stand. */
	readonly settled: boolean;
	/** Permission bits after the write; null where they are not known. */
	readonly mode: number | null;
}

export interface JournalState {
	/** Of the format; null where the first line is not to be read. */
	readonly version: number | null;
	readonly root: string;
	/** Steps by path, oldest first; paths in the order of their first touch. */
	readonly files: ReadonlyMap<string, readonly Step[]>;
	readonly undone: boolean;
	readonly undoneRounds: ReadonlySet<number>;
	/** Lines that are none of ours, but for a last one that a crash has torn. */
	readonly damagedLines: number;
}

/** Reads a whole manifest. What cannot be read is passed over and counted. */
export function foldJournal(text: string): JournalState {
	const rows = text.split("\n");
	const files = new Map<string, Step[]>();
	const undoneRounds = new Set<number>();
	let header: Extract<JournalLine, { kind: "journal" }> | null = null;
	let undone = false;
	let damagedLines = 0;
	for (const [index, row] of rows.entries()) {
		if (row === "") continue;
		const line = parseLine(row);
		if (line === null) {
			if (index < rows.length - 1) damagedLines += 1;
			continue;
		}
		switch (line.kind) {
			case "journal":
				header ??= line;
				break;
			case "undone":
				if (line.round === null) undone = true;
				else undoneRounds.add(line.round);
				break;
			default:
				takeFileLine(files, line);
		}
	}
	return { version: header?.version ?? null, root: header?.root ?? "", files, undone, undoneRounds, damagedLines };
}

function takeFileLine(
	files: Map<string, Step[]>,
	line: Extract<JournalLine, { readonly kind: "before" | "after" | "done" }>,
): void {
	const steps = files.get(line.path) ?? [];
	if (line.kind === "before") {
		const { round, state, madeFolders } = line;
		files.set(line.path, [...steps, { round, before: state, madeFolders, after: [], settled: false, mode: null }]);
		return;
	}
	const last = steps.at(-1);
	if (last === undefined) return;
	const step: Step =
		line.kind === "after"
			? { ...last, after: [...last.after, line.hash], settled: false }
			: { ...last, after: last.after.slice(-1), settled: true, mode: line.mode };
	files.set(line.path, [...steps.slice(0, -1), step]);
}

export function hashOf(state: FileState): string | null {
	return state.kind === "file" ? state.hash : null;
}

/** What may stand at the path after the last of these steps without anybody else's doing. */
export function ownHashes(steps: readonly Step[]): readonly (string | null)[] {
	const last = steps.at(-1);
	if (last === undefined) return [];
	const earlier = steps.slice(0, -1);
	// A write that did not happen left what stood before it, which is ours if it was ours then.
	const unwritten = hashOf(last.before);
	const wasOurs = earlier.length === 0 || ownHashes(earlier).includes(unwritten);
	return last.settled || !wasOurs ? last.after : [...last.after, unwritten];
}

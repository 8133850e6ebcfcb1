/** Marks of what files import, by which a change that leaves the imports alone is told from one that does not. */
import { createHash } from "node:crypto";
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importLines } from "../../../core/probes/import-lines.ts";
import { isPythonSource } from "../../../core/probes/inputs.ts";
import type { Content } from "../content/content.ts";

/** Reading waits for what else there is to do after so many files. */
const FILES_A_TURN = 25;
/** What is larger is asked about. */
const MAX_BYTES = 2 * 1024 * 1024;

export interface ImportMarks {
	/** Marks every Python file of a content, in the background: what changes before it was read cannot be compared. */
	learn(content: Content): void;
	/** Whether a file is known to import in both contents the same. */
	areSame(file: string, before: Content, now: Content): boolean;
}

interface Marked {
	/** Of the content, as the mirror has it. */
	readonly hash: string;
	readonly mark: string;
}

export function createImportMarks(root: string): ImportMarks {
	const marks = new Map<string, Marked>();
	let lesson = 0;

	const markOf = (file: string, hash: string | undefined): string | null => {
		const known = marks.get(file);
		if (known?.hash === hash) return known?.mark ?? null;
		const read = readMark(join(root, file));
		// Between the look and the reading it changed once more, or it is a link.
		if (read === null || read.hash !== hash) return null;
		marks.set(file, read);
		return read.mark;
	};
	const learnSome = (mine: number, left: readonly (readonly [file: string, hash: string])[]) => {
		if (mine !== lesson) return;
		for (const [file, hash] of left.slice(0, FILES_A_TURN)) markOf(file, hash);
		if (left.length > FILES_A_TURN) setImmediate(learnSome, mine, left.slice(FILES_A_TURN));
	};
	return {
		learn(content) {
			lesson += 1;
			const sources = [...content].filter(([file]) => isPythonSource(file));
			for (const file of marks.keys()) if (!content.has(file)) marks.delete(file);
			setImmediate(learnSome, lesson, sources);
		},
		areSame(file, before, now) {
			const known = marks.get(file);
			// The text before is gone: what was not marked in time cannot be.
			if (known === undefined || known.hash !== before.get(file)) return false;
			return known.mark === markOf(file, now.get(file));
		},
	};
}

/** Bytes as they are: whatever a text's encoding, what marks an import is ASCII. */
function readMark(path: string): Marked | null {
	try {
		if (lstatSync(path).size > MAX_BYTES) return null;
		const bytes = readFileSync(path);
		return { hash: sha256(bytes), mark: sha256(importLines(bytes.toString("latin1"))) };
	} catch {
		return null;
	}
}

function sha256(data: string | Buffer): string {
	return createHash("sha256").update(data).digest("hex");
}

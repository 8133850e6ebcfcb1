/** What the model has seen of each file in this run, so that it never writes over text that it does not know (threats F40, F51). */
import type { TextFile } from "../ports.ts";

interface Seen {
	readonly hash: string;
	readonly lines: ReadonlySet<number>;
	readonly totalLines: number;
}

export type Knowledge = "never-read" | "partly" | "outdated" | "whole";

export class SeenFiles {
	private readonly byPath = new Map<string, Seen>();

	/** Lines `first` to `last` (1-based) of the file were shown. */
	show(file: TextFile, first: number, last: number, totalLines: number): void {
		const known = this.byPath.get(file.path);
		const lines = new Set(known?.hash === file.hash ? known.lines : []);
		for (let line = first; line <= last; line += 1) lines.add(line);
		this.byPath.set(file.path, { hash: file.hash, lines, totalLines });
	}

	/** The model wrote this text itself, the whole of it. */
	wrote(file: TextFile): void {
		this.byPath.set(file.path, { hash: file.hash, lines: new Set(), totalLines: 0 });
	}

	/** A piece was replaced: what was known wholly still is; of a part, the line numbers are no longer true. */
	edited(before: TextFile, after: TextFile): void {
		const knowledge = this.knowledgeOf(before);
		if (knowledge === "whole") this.wrote(after);
		else if (knowledge === "never-read") return;
		else this.byPath.set(after.path, { hash: after.hash, lines: new Set(), totalLines: 1 });
	}

	/** In the order in which they were first seen. */
	paths(): readonly string[] {
		return [...this.byPath.keys()];
	}

	/** It was seen before, but not what of it: it must be read again before it is replaced whole. */
	doubt(path: string): void {
		this.byPath.set(path, { hash: "", lines: new Set(), totalLines: 1 });
	}

	forget(path: string): void {
		this.byPath.delete(path);
	}

	knowledgeOf(file: TextFile): Knowledge {
		const known = this.byPath.get(file.path);
		if (known === undefined) return "never-read";
		if (known.hash !== file.hash) return "outdated";
		return known.lines.size >= known.totalLines ? "whole" : "partly";
	}
}

/** A test that fails because two modules import each other: the line that asks for a name too early. */
import type { TestFinding } from "./finding.ts";

/** Python's words where the second of them needs a name of the first before that has it. */
const CIRCULAR = /cannot import name '(\w+)' from partially initialized module '([\w.]+)'/;
const IMPORT = /^(?:from|import)\s/;

export interface CircularImport {
	/** With the line that goes round, workspace-relative. */
	readonly file: string;
	readonly line: string;
	readonly name: string;
	/** That the line imports. */
	readonly module: string;
}

/** Null where it fails by something else, or the line is not known. */
export function circularImport({ message, frame }: TestFinding): CircularImport | null {
	const [, name, module] = CIRCULAR.exec(message) ?? [];
	const line = frame?.source.trim() ?? "";
	return frame === null || name === undefined || module === undefined || !IMPORT.test(line)
		? null
		: { file: frame.file, line, name, module };
}

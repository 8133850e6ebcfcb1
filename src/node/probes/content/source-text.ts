/** Source files as text, where they are text: what a language server can be told of. */
import { createHash } from "node:crypto";
import { readPlainFile } from "./plain-file.ts";

/** Larger texts go by the command line, which reads them itself. */
const MAX_TEXT_BYTES = 2 * 1024 * 1024;
const BOM = "\ufeff";

export interface SourceText {
	/** Line ends as they are. */
	readonly text: string;
	/** sha256 of the bytes, hex: what the mirror has for a plain file. */
	readonly hash: string;
}

/**
 * Null for what is no UTF-8, too large, no plain file, or not there; and for a text behind a byte order mark, in whose first
 * line ruff's command line and its server see different things (W291 and W293 of a line of spaces).
 */
export function sourceText(path: string): SourceText | null {
	try {
		const bytes = readPlainFile(path, MAX_TEXT_BYTES);
		if (bytes === null) return null;
		const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
		const hash = createHash("sha256").update(bytes).digest("hex");
		return text.startsWith(BOM) ? null : { text, hash };
	} catch {
		return null;
	}
}

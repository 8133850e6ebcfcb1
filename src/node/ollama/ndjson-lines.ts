/** Checks a streamed answer line by line before the client sees it, which would drop a corrupt line with a mere warning. */
import { TransportError } from "./transport-error.ts";

export interface CheckedLines {
	/** Whole lines, each a JSON object; empty where none is complete yet. */
	readonly bytes: Uint8Array;
	/** The answer's last line is among them; whatever follows it is not part of the answer. */
	readonly done: boolean;
}

/** Gathers pieces, so that a long line costs its length once. */
export class LineChecker {
	private pieces: Buffer[] = [];
	private pendingBytes = 0;

	constructor(private readonly maxLineBytes: number) {}

	/** @throws TransportError `corrupt` or `too-large` */
	push(chunk: Buffer): CheckedLines {
		const out: Uint8Array[] = [];
		let from = 0;
		let done = false;
		for (let at = chunk.indexOf(10); at >= 0 && !done; at = chunk.indexOf(10, from)) {
			this.gather(chunk.subarray(from, at));
			const line = this.take();
			out.push(line.bytes);
			done = line.done;
			from = at + 1;
		}
		if (!done) this.gather(chunk.subarray(from));
		return { bytes: Buffer.concat(out), done };
	}

	/** The last line, where it has no line break. @throws TransportError `corrupt` */
	end(): CheckedLines {
		return this.take();
	}

	private gather(piece: Buffer): void {
		this.pendingBytes += piece.length;
		if (this.pendingBytes > this.maxLineBytes) {
			throw new TransportError("too-large", `a line is longer than ${this.maxLineBytes} bytes`);
		}
		if (piece.length > 0) this.pieces.push(piece);
	}

	private take(): CheckedLines {
		const text = Buffer.concat(this.pieces).toString("utf8").trim();
		this.pieces = [];
		this.pendingBytes = 0;
		if (text === "") return { bytes: Buffer.alloc(0), done: false };
		const { line, done } = checkedLine(text);
		return { bytes: Buffer.from(`${line}\n`), done };
	}
}

/** What went wrong, in words, where a server says it in one of the shapes that servers use; null where it says nothing. */
export function errorWords(value: unknown): string | null {
	if (typeof value === "string") return value;
	if (typeof value !== "object" || value === null) return null;
	if ("error" in value) return errorWords(value.error) ?? JSON.stringify(value.error);
	if ("message" in value && typeof value.message === "string") return value.message;
	return null;
}

function checkedLine(text: string): { readonly line: string; readonly done: boolean } {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new TransportError("corrupt", "the server sent a line that is not JSON", { cause: error });
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		throw new TransportError("corrupt", "the server sent a line that is not a JSON object");
	}
	// The client would show an error that is an object as "[object Object]" (threats F33).
	if ("error" in value) return { line: JSON.stringify({ error: errorWords(value) ?? "unnamed" }), done: false };
	if ("done" in value && value.done === true) return { line: text, done: true };
	// Some servers end with a reason and without `done`, which the client takes for an unfinished answer (threats F19).
	if ("done_reason" in value && typeof value.done_reason === "string" && value.done_reason !== "") {
		return { line: JSON.stringify({ ...value, done: true }), done: true };
	}
	return { line: text, done: false };
}

/** Checks a streamed answer line by line before anything reads it: a corrupt line must fail the turn, not vanish from it. */
import { isRecord } from "../../core/json-record.ts";
import { TransportError } from "./transport-error.ts";

export interface CheckedLines {
	/** Whole lines, each a JSON object; empty where none is complete yet. */
	readonly bytes: Uint8Array;
	/** The answer's last line is among them; whatever follows it is not part of the answer. */
	readonly done: boolean;
}

/** The bytes of an answer in any slicing, as lines of JSON objects. */
export interface StreamedLines {
	/** @throws TransportError `corrupt` or `too-large` */
	push(chunk: Buffer): CheckedLines;
	/** The last line, where it has no line break. @throws TransportError `corrupt` */
	end(): CheckedLines;
}

interface Line {
	/** Null: a line that carries nothing. */
	readonly json: string | null;
	readonly done: boolean;
}

/** Gathers pieces, so that a long line costs its length once. */
abstract class Lines implements StreamedLines {
	private pieces: Buffer[] = [];
	private pendingBytes = 0;

	constructor(private readonly maxLineBytes: number) {}

	protected abstract read(text: string): Line;

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
		const { json, done } = this.read(text);
		return { bytes: json === null ? Buffer.alloc(0) : Buffer.from(`${json}\n`), done };
	}
}

/** Ollama's own wire: one JSON object a line, `done: true` in the last. */
export class NdjsonLines extends Lines {
	protected read(text: string): Line {
		const value = objectOf(text);
		// The client would show an error that is an object as "[object Object]" (threats F33).
		if ("error" in value) return { json: errorLine(value), done: false };
		if (value["done"] === true) return { json: text, done: true };
		// Some servers end with a reason and without `done`, which the client takes for an unfinished answer (threats F19).
		if (typeof value["done_reason"] === "string" && value["done_reason"] !== "") {
			return { json: JSON.stringify({ ...value, done: true }), done: true };
		}
		return { json: text, done: false };
	}
}

/** Server-sent events of OpenAI-compatible servers: `data: {...}` lines, `data: [DONE]` last; other fields carry nothing here. */
export class SseLines extends Lines {
	protected read(text: string): Line {
		// llama-server says an error in mid-stream as a field of its own.
		const [, field, data] = /^(data|error):\s?(.*)$/s.exec(text) ?? [];
		if (data === undefined) {
			// A body that is plain JSON is a failure with status 200, or the answer of a server that does not stream.
			if (text.startsWith("{")) return { json: errorLine(objectOf(text)), done: false };
			return { json: null, done: false };
		}
		if (data.trim() === "[DONE]") return { json: null, done: true };
		const value = objectOf(data);
		return { json: field === "error" || "error" in value ? errorLine(value) : data, done: false };
	}
}

/** What went wrong, in words, where a server says it in one of the shapes that servers use; null where it says nothing. */
export function errorWords(value: unknown): string | null {
	if (typeof value === "string") return nestedWords(value) ?? value;
	if (typeof value !== "object" || value === null) return null;
	if ("error" in value) return errorWords(value.error) ?? JSON.stringify(value.error);
	if ("message" in value && typeof value.message === "string") return value.message;
	return null;
}

/** Ollama hands its inference process's errors on as JSON within a string. */
function nestedWords(text: string): string | null {
	if (!text.startsWith("{")) return null;
	try {
		return errorWords(JSON.parse(text));
	} catch {
		return null;
	}
}

function errorLine(value: Readonly<Record<string, unknown>>): string {
	return JSON.stringify({ error: errorWords(value) ?? "the server named no reason" });
}

/** @throws TransportError `corrupt` */
function objectOf(text: string): Readonly<Record<string, unknown>> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new TransportError("corrupt", "the server sent a line that is not JSON", { cause: error });
	}
	if (!isRecord(value)) throw new TransportError("corrupt", "the server sent a line that is not a JSON object");
	return value;
}

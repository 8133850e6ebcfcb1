/** JSON-RPC with a language server over its standard streams: requests with answers, notifications, and one end. */

import type { Readable, Writable } from "node:stream";
import { isRecord } from "../../../core/json-record.ts";

export interface LspConnection {
	/** @throws Error when the server refuses, ends, or answers nothing that can be read */
	request(method: string, params: unknown): Promise<unknown>;
	notify(method: string, params: unknown): void;
	/** Ends every wait with this error. */
	close(error: Error): void;
}

const HEAD_END = "\r\n\r\n";
/** An answer longer than this is none that we asked for. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

interface Waiting {
	readonly resolve: (result: unknown) => void;
	readonly reject: (error: Error) => void;
}

export function connectLsp(input: Writable, output: Readable): LspConnection {
	const waiting = new Map<number, Waiting>();
	let nextId = 1;
	let closed: Error | null = null;

	const send = (message: Readonly<Record<string, unknown>>) => {
		const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
		input.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}${HEAD_END}`), body]));
	};
	const close = (error: Error) => {
		closed ??= error;
		for (const { reject } of waiting.values()) reject(error);
		waiting.clear();
	};
	const receive = (message: unknown) => {
		if (!isRecord(message)) return;
		const { id, method } = message;
		if (method !== undefined) {
			// The server asks for registrations and such; nothing it asks is refused.
			if (id !== undefined) send({ id, result: null });
			return;
		}
		const asked = typeof id === "number" ? waiting.get(id) : undefined;
		if (asked === undefined || typeof id !== "number") return;
		waiting.delete(id);
		if (message["error"] === undefined) asked.resolve(message["result"]);
		else asked.reject(new Error(`The language server refused: ${JSON.stringify(message["error"])}`));
	};
	output.on("data", createFrameReader(receive, close));
	// A server that is gone says so by its end.
	input.on("error", () => undefined);
	return {
		request(method, params) {
			return new Promise((resolve, reject) => {
				if (closed !== null) {
					reject(closed);
					return;
				}
				const id = nextId++;
				waiting.set(id, { resolve, reject });
				send({ id, method, params });
			});
		},
		notify(method, params) {
			if (closed === null) send({ method, params });
		},
		close,
	};
}

/** Cuts a stream of `Content-Length` frames into messages. */
function createFrameReader(
	onMessage: (message: unknown) => void,
	onError: (error: Error) => void,
): (chunk: Buffer) => void {
	let chunks: Buffer[] = [];
	let bytes = 0;
	let needed = 0;
	return (chunk) => {
		chunks.push(chunk);
		bytes += chunk.length;
		if (bytes < needed) return;
		let rest: Buffer = Buffer.concat(chunks);
		for (;;) {
			const headEnd = rest.indexOf(HEAD_END);
			if (headEnd < 0) {
				needed = 0;
				break;
			}
			const length = Number(/content-length: *(\d+)/i.exec(rest.subarray(0, headEnd).toString("latin1"))?.[1]);
			if (!(length <= MAX_BODY_BYTES)) {
				onError(new Error("The language server sent something that is no message."));
				return;
			}
			const end = headEnd + HEAD_END.length + length;
			if (rest.length < end) {
				needed = end;
				break;
			}
			try {
				onMessage(JSON.parse(rest.subarray(headEnd + HEAD_END.length, end).toString()));
			} catch {
				onError(new Error("The language server sent a message that is no JSON."));
				return;
			}
			rest = rest.subarray(end);
		}
		chunks = [rest];
		bytes = rest.length;
	};
}

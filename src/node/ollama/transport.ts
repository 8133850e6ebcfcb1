/**
 * A `fetch` over node:http for the ollama client, because Node's own gives up after 300 s without bytes, an editor may patch it, and
 * both follow redirects. Its signal closes the socket in every state; it follows no redirect, uses no proxy, asks for no
 * compression, and checks each NDJSON line before the client sees it, which would drop a corrupt one silently.
 */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

export interface TransportLimits {
	readonly connectMs: number;
	/** Until the first byte of the answer: the model loads and the prompt is read before it. */
	readonly firstByteMs: number;
	/** Between two bytes. */
	readonly idleMs: number;
	readonly totalMs: number;
	readonly maxLineBytes: number;
	readonly maxAnswerBytes: number;
}

export const DEFAULT_LIMITS: TransportLimits = {
	connectMs: 3_000,
	firstByteMs: 600_000,
	idleMs: 120_000,
	totalMs: 1_200_000,
	maxLineBytes: 1024 * 1024,
	maxAnswerBytes: 64 * 1024 * 1024,
};

export type TransportFault = "connect" | "first-byte" | "idle" | "total" | "cut" | "corrupt" | "too-large" | "redirect";

/** The connection or its bytes failed; HTTP statuses are the client's to read. */
export class TransportError extends Error {
	override readonly name = "TransportError";
	constructor(
		readonly fault: TransportFault,
		message: string,
		options?: ErrorOptions,
	) {
		super(message, options);
	}
}

/** A fetch for one request of the ollama client. */
export function createTransport(limits: TransportLimits, signal: AbortSignal): typeof fetch {
	return async (input, init) => {
		signal.throwIfAborted();
		const url = new URL(input instanceof Request ? input.url : input);
		const body = typeof init?.body === "string" ? init.body : null;
		return exchange(url, init?.method ?? "GET", body, limits, signal);
	};
}

function exchange(
	url: URL,
	method: string,
	body: string | null,
	limits: TransportLimits,
	signal: AbortSignal,
): Promise<Response> {
	return new Promise((resolve, reject) => {
		const send = url.protocol === "https:" ? httpsRequest : httpRequest;
		const request = send(url, {
			method,
			agent: false,
			// `localhost` may be ::1 only or 127.0.0.1 only (threats F37).
			...{ autoSelectFamily: true },
			headers: headersOf(body),
		});
		const end = (error: unknown) => {
			request.destroy();
			reject(error);
		};
		const timers = new Deadlines(end);
		const onAbort = () => timers.fail(signal.reason);
		const finish = () => {
			timers.clear();
			signal.removeEventListener("abort", onAbort);
		};
		signal.addEventListener("abort", onAbort, { once: true });
		timers.set("connect", limits.connectMs, `no connection within ${limits.connectMs} ms`);
		timers.set("total", limits.totalMs, `no end of the answer within ${limits.totalMs} ms`);
		request.on("socket", (socket) => {
			const connected = () => {
				timers.unset("connect");
				timers.set("first-byte", limits.firstByteMs, `no first byte within ${limits.firstByteMs} ms`);
			};
			if (socket.connecting) socket.once("connect", connected);
			else connected();
		});
		request.on("error", (error) => {
			finish();
			reject(
				signal.aborted
					? signal.reason
					: (timers.reason ?? new TransportError("connect", error.message, { cause: error })),
			);
		});
		request.on("response", (incoming) => {
			timers.unset("first-byte");
			const status = incoming.statusCode ?? 0;
			if (status >= 300 && status < 400) {
				finish();
				end(
					new TransportError(
						"redirect",
						`the server answered with a redirect to ${incoming.headers.location ?? "nowhere"}`,
					),
				);
				return;
			}
			const type = incoming.headers["content-type"] ?? "";
			const stream = toStream(incoming, type.includes("ndjson"), limits, timers, signal, finish, () =>
				request.destroy(),
			);
			resolve(new Response(stream, { status, headers: { "content-type": type } }));
		});
		request.end(body ?? undefined);
	});
}

function headersOf(body: string | null): Record<string, string | number> {
	const headers = { accept: "application/json, application/x-ndjson", "accept-encoding": "identity" };
	return body === null
		? headers
		: { ...headers, "content-type": "application/json", "content-length": Buffer.byteLength(body) };
}

function toStream(
	incoming: IncomingMessage,
	isNdjson: boolean,
	limits: TransportLimits,
	timers: Deadlines,
	signal: AbortSignal,
	finish: () => void,
	destroy: () => void,
): ReadableStream<Uint8Array> {
	const lines = isNdjson ? new LineChecker(limits.maxLineBytes) : null;
	let received = 0;
	return new ReadableStream<Uint8Array>({
		start(controller) {
			let open = true;
			const fail = (error: unknown) => {
				if (!open) return;
				open = false;
				finish();
				destroy();
				controller.error(error);
			};
			timers.onFail = fail;
			timers.set("idle", limits.idleMs, `no byte within ${limits.idleMs} ms`);
			incoming.on("data", (chunk: Buffer) => {
				timers.set("idle", limits.idleMs, `no byte within ${limits.idleMs} ms`);
				received += chunk.length;
				try {
					if (received > limits.maxAnswerBytes)
						throw new TransportError("too-large", `the answer is larger than ${limits.maxAnswerBytes} bytes`);
					const checked = lines === null ? chunk : lines.push(chunk);
					if (open && checked.length > 0) controller.enqueue(checked);
				} catch (error) {
					fail(error);
				}
			});
			incoming.on("end", () => {
				if (!open) return;
				try {
					const rest = lines?.end() ?? null;
					if (rest !== null && rest.length > 0) controller.enqueue(rest);
				} catch (error) {
					fail(error);
					return;
				}
				open = false;
				finish();
				controller.close();
			});
			incoming.on("error", (error) =>
				fail(signal.aborted ? signal.reason : new TransportError("cut", error.message, { cause: error })),
			);
			incoming.on("close", () =>
				fail(signal.aborted ? signal.reason : new TransportError("cut", "the connection was closed in mid-answer")),
			);
		},
		cancel() {
			finish();
			destroy();
		},
	});
}

/** Named timers of one exchange; the first that fires fails it. */
class Deadlines {
	private readonly timers = new Map<TransportFault, NodeJS.Timeout>();
	reason: unknown = null;

	constructor(public onFail: (error: unknown) => void) {}

	set(fault: TransportFault, afterMs: number, message: string): void {
		this.unset(fault);
		this.timers.set(
			fault,
			setTimeout(() => this.fail(new TransportError(fault, message)), afterMs),
		);
	}

	unset(fault: TransportFault): void {
		clearTimeout(this.timers.get(fault));
	}

	clear(): void {
		for (const timer of this.timers.values()) clearTimeout(timer);
	}

	fail(error: unknown): void {
		this.reason ??= error;
		this.clear();
		this.onFail(this.reason);
	}
}

/** Lets only whole lines through that are JSON objects; gathers pieces, so that a long line costs its length once. */
class LineChecker {
	private pieces: Buffer[] = [];
	private pendingBytes = 0;

	constructor(private readonly maxLineBytes: number) {}

	push(chunk: Buffer): Uint8Array {
		const out: Uint8Array[] = [];
		let from = 0;
		for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
			out.push(this.line(chunk.subarray(from, at)));
			from = at + 1;
		}
		this.gather(chunk.subarray(from));
		return Buffer.concat(out);
	}

	end(): Uint8Array {
		return this.pendingBytes === 0 ? Buffer.alloc(0) : this.line(Buffer.alloc(0));
	}

	private gather(piece: Buffer): void {
		this.pendingBytes += piece.length;
		if (this.pendingBytes > this.maxLineBytes)
			throw new TransportError("too-large", `a line is longer than ${this.maxLineBytes} bytes`);
		if (piece.length > 0) this.pieces.push(piece);
	}

	private line(lastPiece: Buffer): Uint8Array {
		this.gather(lastPiece);
		const text = Buffer.concat(this.pieces).toString("utf8").trim();
		this.pieces = [];
		this.pendingBytes = 0;
		if (text === "") return Buffer.alloc(0);
		return Buffer.from(`${checkedLine(text)}\n`);
	}
}

function checkedLine(text: string): string {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new TransportError("corrupt", "the server sent a line that is not JSON", { cause: error });
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		throw new TransportError("corrupt", "the server sent a line that is not a JSON object");
	}
	// Some servers end with a reason and without `done`, which the client takes for an unfinished answer (threats F19).
	if ("done_reason" in value && typeof value.done_reason === "string" && !("done" in value && value.done === true)) {
		return JSON.stringify({ ...value, done: true });
	}
	return text;
}

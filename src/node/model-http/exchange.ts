/**
 * One HTTP exchange with a model server over node:http, because Node's own fetch gives up after 300 s without bytes, an editor may
 * patch it, and both follow redirects. The signal closes the socket in every state; no redirect is followed, no proxy used, no
 * compression asked for, and each line of a streamed answer is checked before it is passed on.
 */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { Deadlines } from "./deadlines.ts";
import { errorWords, type StreamedLines } from "./streamed-lines.ts";
import { TransportError, type TransportFault } from "./transport-error.ts";

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

const MAX_ERROR_BYTES = 64 * 1024;
const MAX_ERROR_CHARS = 2_000;

export interface HttpRequest {
	readonly url: URL;
	readonly method: string;
	readonly body: string | null;
	/** Besides those that every request has; a key, for one. */
	readonly headers: Readonly<Record<string, string>>;
	/** How the lines of a streamed answer are read; null for an answer that comes whole. */
	readonly lines: StreamedLines | null;
}

/** 200 to 599, neither a redirect nor without a body. */
export interface Incoming {
	readonly status: number;
	readonly contentType: string;
	readonly stream: ReadableStream<Uint8Array>;
}

/** What a failed answer says, in words of bounded length; its status where it says nothing. */
export async function failureWords({ status, stream }: Incoming): Promise<string> {
	const text = await readHead(stream);
	let words: string | null = null;
	try {
		words = errorWords(JSON.parse(text));
	} catch {
		words = text;
	}
	return (words ?? text).trim().slice(0, MAX_ERROR_CHARS) || `status ${status}`;
}

async function readHead(stream: ReadableStream<Uint8Array>): Promise<string> {
	const pieces: Uint8Array[] = [];
	let bytes = 0;
	const reader = stream.getReader();
	while (bytes < MAX_ERROR_BYTES) {
		const { done, value } = await reader.read();
		if (done) break;
		pieces.push(value);
		bytes += value.length;
	}
	await reader.cancel();
	return Buffer.concat(pieces).toString("utf8");
}

/**
 * Sends the request and resolves with the answer's head; its body streams.
 * @throws TransportError, or the signal's reason; so does the stream
 */
export function exchange(
	{ url, method, body, headers, lines }: HttpRequest,
	limits: TransportLimits,
	signal: AbortSignal,
): Promise<Incoming> {
	signal.throwIfAborted();
	return new Promise((resolve, reject) => {
		const send = url.protocol === "https:" ? httpsRequest : httpRequest;
		const request = send(url, {
			method,
			agent: false,
			headers: { ...headersOf(body), ...headers },
			...addressesOf(url),
		});
		let connected = false;
		const end = (error: unknown) => {
			finish();
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
			const onConnect = () => {
				connected = true;
				timers.unset("connect");
				timers.set("first-byte", limits.firstByteMs, `no first byte within ${limits.firstByteMs} ms`);
			};
			if (socket.connecting) socket.once(url.protocol === "https:" ? "secureConnect" : "connect", onConnect);
			else onConnect();
		});
		request.on("error", (error) =>
			end(new TransportError(faultOf(error, connected), wordsOf(error), { cause: error })),
		);
		request.on("response", (incoming) => {
			timers.unset("first-byte");
			const status = incoming.statusCode ?? 0;
			const contentType = incoming.headers["content-type"] ?? "";
			const read = status === 200 ? lines : null;
			const refusal = refusalOf(incoming, status, read !== null && contentType.includes("html"));
			if (refusal !== null) {
				end(refusal);
				return;
			}
			const stream = toStream(incoming, read, limits, timers, signal, () => {
				finish();
				request.destroy();
			});
			resolve({ status, contentType, stream });
		});
		request.end(body ?? undefined);
	});
}

/** Answers that are no answer of a model server, whatever their body says. */
function refusalOf(incoming: IncomingMessage, status: number, isPage: boolean): TransportError | null {
	if (status >= 300 && status < 400) {
		const target = incoming.headers.location ?? "nowhere";
		return new TransportError("redirect", `the server answered with a redirect to ${target.slice(0, 200)}`);
	}
	if (status < 200 || status > 599 || status === 204 || status === 205) {
		return new TransportError("foreign", `the server answered with status ${status}`);
	}
	return isPage ? new TransportError("foreign", "the server answered with a web page") : null;
}

function headersOf(body: string | null): Record<string, string | number> {
	const headers = {
		accept: "application/json, application/x-ndjson, text/event-stream",
		"accept-encoding": "identity",
	};
	return body === null
		? headers
		: { ...headers, "content-type": "application/json", "content-length": Buffer.byteLength(body) };
}

/** `localhost` may be served on ::1 only or on 127.0.0.1 only, and a hosts file may know only one (threats F37). */
function addressesOf(url: URL): Pick<RequestOptions, "lookup"> {
	if (url.hostname !== "localhost") return {};
	return {
		lookup: (_host, options, callback) => {
			if (options.all === true) {
				callback(null, [
					{ address: "127.0.0.1", family: 4 },
					{ address: "::1", family: 6 },
				]);
			} else callback(null, "127.0.0.1", 4);
		},
	};
}

/** A connection that stood and broke is another thing than a server that is not there, and bytes that are no HTTP yet another. */
function faultOf(error: Error, connected: boolean): TransportFault {
	if ("code" in error && typeof error.code === "string" && error.code.startsWith("HPE_")) return "foreign";
	return connected ? "cut" : "connect";
}

/** Several addresses failed: the error itself has no text then. */
function wordsOf(error: Error): string {
	if (!(error instanceof AggregateError)) return error.message;
	return error.errors.map((one: unknown) => (one instanceof Error ? one.message : String(one))).join(", ");
}

function toStream(
	incoming: IncomingMessage,
	lines: StreamedLines | null,
	limits: TransportLimits,
	timers: Deadlines,
	signal: AbortSignal,
	finish: () => void,
): ReadableStream<Uint8Array> {
	let received = 0;
	let open = true;
	return new ReadableStream<Uint8Array>({
		start(controller) {
			const close = (settle: () => void) => {
				if (!open) return;
				open = false;
				finish();
				settle();
			};
			const fail = (error: unknown) => close(() => controller.error(error));
			const pass = (bytes: Uint8Array) => {
				if (open && bytes.length > 0) controller.enqueue(bytes);
			};
			const renewIdle = () => timers.set("idle", limits.idleMs, `no byte within ${limits.idleMs} ms`);
			timers.onFail = fail;
			renewIdle();
			incoming.on("data", (chunk: Buffer) => {
				if (!open) return;
				renewIdle();
				received += chunk.length;
				try {
					if (received > limits.maxAnswerBytes) {
						throw new TransportError("too-large", `the answer is larger than ${limits.maxAnswerBytes} bytes`);
					}
					const checked = lines?.push(chunk) ?? { bytes: chunk, done: false };
					pass(checked.bytes);
					// A server that goes on after its last line, or never closes, must not hold the call.
					if (checked.done) close(() => controller.close());
				} catch (error) {
					fail(error);
				}
			});
			incoming.on("end", () => {
				if (!open) return;
				try {
					if (lines !== null) pass(lines.end().bytes);
					close(() => controller.close());
				} catch (error) {
					fail(error);
				}
			});
			const broken = (error: Error) =>
				fail(signal.aborted ? signal.reason : new TransportError("cut", error.message, { cause: error }));
			incoming.on("error", broken);
			incoming.on("close", () => broken(new Error("the connection was closed in mid-answer")));
		},
		cancel() {
			open = false;
			finish();
		},
	});
}

/** A real local HTTP server that plays recorded answers, or a fault: what the chat model and the transport are tested against. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { readRecording } from "../fixtures/ollama-wire.ts";

export type Answer =
	/**
	 * `slices`: pieces of these sizes, again and again, in place of the recorded chunks. `seed`: pieces and pauses that vary with it.
	 */
	| { readonly kind: "recording"; readonly name: string; readonly slices?: readonly number[]; readonly seed?: number }
	| {
			readonly kind: "body";
			readonly status?: number;
			readonly contentType?: string;
			readonly body: string | Buffer;
			/** Nothing is sent before. */
			readonly silentMs?: number;
	  }
	| {
			readonly kind: "stream";
			readonly pieces: readonly (string | Buffer)[];
			/** Between two pieces. */
			readonly gapMs?: number;
			/** Plays the pieces for ever. */
			readonly repeat?: boolean;
			/** What follows the pieces: a proper end, a closed or reset connection, or nothing at all. */
			readonly end: "complete" | "cut" | "reset" | "open";
	  }
	/** Takes the request and never answers. */
	| { readonly kind: "stall" }
	/** Resets the connection in place of an answer. */
	| { readonly kind: "reset" }
	| { readonly kind: "redirect"; readonly to: string };

export interface ServedRequest {
	readonly method: string;
	readonly path: string;
	readonly headers: IncomingMessage["headers"];
	/** Parsed where it is JSON. */
	readonly body: unknown;
}

export interface ReplayServer {
	readonly url: string;
	readonly port: number;
	readonly requests: readonly ServedRequest[];
	/** Those to one path, in order. */
	to(path: string): readonly ServedRequest[];
	/** Resolves when the client has closed that many connections before their answer's end. */
	clientClosed(count: number): Promise<void>;
}

/** Answers by path: one a request, the last again and again. */
export type Answers = Readonly<Record<string, readonly Answer[]>>;

/** What a server with one model, not loaded, says besides chats. */
export const IDLE_SERVER: Answers = {
	"/api/version": [{ kind: "recording", name: "version" }],
	"/api/tags": [{ kind: "recording", name: "tags" }],
	"/api/ps": [{ kind: "recording", name: "ps-empty" }],
	"/api/show": [{ kind: "recording", name: "show-qwen2.5-coder-1.5b" }],
};

/** Closed when the test is over. */
export async function startReplayServer(answers: Answers, host = "127.0.0.1"): Promise<ReplayServer> {
	const requests: ServedRequest[] = [];
	const counts = new Map<string, number>();
	let closed = 0;
	let onClosed: () => void = () => undefined;
	const server = createServer(async (request, response) => {
		const path = request.url ?? "";
		const text = await readBody(request);
		requests.push({ method: request.method ?? "", path, headers: request.headers, body: parsed(text) });
		response.on("close", () => {
			if (response.writableEnded) return;
			closed += 1;
			onClosed();
		});
		const before = counts.get(path) ?? 0;
		counts.set(path, before + 1);
		const answer = answers[path]?.[before] ?? answers[path]?.at(-1);
		await play(answer ?? { kind: "recording", name: "error-unknown-route" }, request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, host, resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = addressOf(server.address());
	return {
		url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
		port,
		requests,
		to: (path) => requests.filter((request) => request.path === path),
		clientClosed: (count) =>
			new Promise((resolve) => {
				onClosed = () => {
					if (closed >= count) resolve();
				};
				onClosed();
			}),
	};
}

/** A port of this machine that refuses connections. */
export async function closedPort(): Promise<number> {
	const server = createSocketServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = addressOf(server.address());
	await new Promise((resolve) => server.close(resolve));
	return port;
}

async function play(answer: Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
	switch (answer.kind) {
		case "stall":
			return;
		case "reset":
			request.socket.resetAndDestroy();
			return;
		case "redirect":
			response.writeHead(307, { location: answer.to });
			response.end();
			return;
		case "body":
			await sleep(answer.silentMs ?? 0);
			response.writeHead(answer.status ?? 200, { "content-type": answer.contentType ?? "application/json" });
			response.end(answer.body);
			return;
		case "recording": {
			const { status, contentType, body, chunkBytes, cut } = readRecording(answer.name);
			response.writeHead(status, { "content-type": contentType });
			if (answer.seed === undefined) await write(sliced(body, answer.slices ?? chunkBytes), 0, response);
			else await writeVaried(body, answer.seed, response);
			if (cut) request.socket.destroy();
			else response.end();
			return;
		}
		case "stream":
			response.writeHead(200, { "content-type": "application/x-ndjson" });
			response.flushHeaders();
			do {
				await write(answer.pieces, answer.gapMs ?? 0, response);
			} while (answer.repeat === true && !response.destroyed);
			if (answer.end === "complete") response.end();
			else if (answer.end === "cut") request.socket.destroy();
			else if (answer.end === "reset") request.socket.resetAndDestroy();
	}
}

async function write(pieces: readonly (string | Buffer)[], gapMs: number, response: ServerResponse): Promise<void> {
	for (const piece of pieces) {
		if (response.destroyed) return;
		await new Promise<void>((resolve) => response.write(piece, () => resolve()));
		// Without a pause the pieces would leave as one packet.
		await sleep(gapMs);
	}
}

const MOST_VARIED_BYTES = 900;
const PAUSED_PIECES = 0.1;

/** Single bytes, scraps and many lines at once, most of them without a pause; the same for the same seed. */
async function writeVaried(body: Buffer, seed: number, response: ServerResponse): Promise<void> {
	const random = randomOf(seed);
	for (let at = 0; at < body.length && !response.destroyed; ) {
		const size = 1 + Math.floor(random() ** 2 * MOST_VARIED_BYTES);
		await new Promise<void>((resolve) => response.write(body.subarray(at, at + size), () => resolve()));
		if (random() < PAUSED_PIECES) await sleep(Math.floor(random() * 4));
		at += size;
	}
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** Pieces of a body by those sizes, again and again. */
export function sliced(body: Buffer, sizes: readonly number[]): readonly Buffer[] {
	const pieces: Buffer[] = [];
	for (let at = 0, index = 0; at < body.length; index += 1) {
		const size = Math.max(1, sizes[index % sizes.length] ?? body.length);
		pieces.push(body.subarray(at, at + size));
		at += size;
	}
	return pieces;
}

async function readBody(request: IncomingMessage): Promise<string> {
	const pieces: Buffer[] = [];
	for await (const piece of request) if (Buffer.isBuffer(piece)) pieces.push(piece);
	return Buffer.concat(pieces).toString("utf8");
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
	if (address === null || typeof address === "string") throw new Error("The server has no port.");
	return address;
}

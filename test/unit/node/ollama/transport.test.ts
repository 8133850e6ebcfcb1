import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { DEFAULT_LIMITS, type TransportLimits } from "../../../../src/node/model-http/exchange.ts";
import { NdjsonLines } from "../../../../src/node/model-http/streamed-lines.ts";
import { TransportError, type TransportFault } from "../../../../src/node/model-http/transport-error.ts";
import { createTransport } from "../../../../src/node/ollama/transport.ts";
import { type Answer, closedPort, sliced, startReplayServer } from "../../../fakes/replay-server.ts";
import { readRecording } from "../../../fixtures/ollama-wire.ts";

const NEVER = new AbortController().signal;
const LINE = '{"message":{"content":"a"},"done":false}\n';
const LAST = '{"message":{"content":""},"done":true,"done_reason":"stop"}\n';

async function post(url: string, limits: Partial<TransportLimits> = {}, signal = NEVER): Promise<string> {
	const send = createTransport({ ...DEFAULT_LIMITS, ...limits }, signal);
	const response = await send(`${url}/api/chat`, { method: "POST", body: "{}" });
	return response.text();
}

async function faultOf(work: Promise<unknown>): Promise<TransportFault> {
	const error: unknown = await work.then(
		() => null,
		(reason: unknown) => reason,
	);
	if (!(error instanceof TransportError)) throw new Error(`not a TransportError: ${error}`);
	return error.fault;
}

async function serve(...answers: readonly Answer[]) {
	return startReplayServer({ "/api/chat": answers });
}

describe("connecting", () => {
	it("F01 says at once that a port is closed, with the address", async () => {
		const port = await closedPort();
		await expect(post(`http://127.0.0.1:${port}`)).rejects.toMatchObject({
			fault: "connect",
			message: expect.stringContaining(`127.0.0.1:${port}`),
		});
	});

	it("F01 names the addresses that localhost stands for", async () => {
		const port = await closedPort();
		await expect(post(`http://localhost:${port}`)).rejects.toMatchObject({
			fault: "connect",
			message: expect.stringContaining(`127.0.0.1:${port}`),
		});
	});

	it.each(["127.0.0.1", "::1"])("F37 finds localhost on %s alone", async (host) => {
		const server = await startReplayServer({ "/api/chat": [{ kind: "recording", name: "chat-load" }] }, host);
		expect(await post(`http://localhost:${server.port}`)).toContain('"done":true');
	});

	it("F36 asks a loopback server directly, whatever proxy the environment names", async () => {
		const proxy = await serve({ kind: "stall" });
		const server = await serve({ kind: "recording", name: "chat-load" });
		for (const name of ["HTTP_PROXY", "http_proxy", "ALL_PROXY"]) vi.stubEnv(name, proxy.url);
		onTestFinished(() => void vi.unstubAllEnvs());
		await post(server.url);
		expect(proxy.requests).toHaveLength(0);
	});
});

describe("limits", () => {
	it("F09 gives up on an answer that never begins", async () => {
		const server = await serve({ kind: "stall" });
		expect(await faultOf(post(server.url, { firstByteMs: 50 }))).toBe("first-byte");
		await server.clientClosed(1);
	});

	it("F10 gives up on an answer that falls silent, and closes the socket", async () => {
		const server = await serve({ kind: "stream", pieces: [LINE], end: "open" });
		expect(await faultOf(post(server.url, { idleMs: 50 }))).toBe("idle");
		await server.clientClosed(1);
	});

	it("F11 ends an answer that dribbles for ever", async () => {
		const server = await serve({ kind: "stream", pieces: [LINE], gapMs: 5, repeat: true, end: "open" });
		expect(await faultOf(post(server.url, { totalMs: 300, idleMs: 60_000 }))).toBe("total");
		await server.clientClosed(1);
	});

	it("A62 stops a flood without a line break at the line's limit", async () => {
		const server = await serve({ kind: "stream", pieces: ["x".repeat(4_096)], repeat: true, end: "open" });
		expect(await faultOf(post(server.url, { maxLineBytes: 100_000 }))).toBe("too-large");
		await server.clientClosed(1);
	});

	it("A62 stops a flood of good lines at the answer's limit", async () => {
		const server = await serve({ kind: "stream", pieces: [LINE.repeat(100)], repeat: true, end: "open" });
		expect(await faultOf(post(server.url, { maxAnswerBytes: 100_000 }))).toBe("too-large");
		await server.clientClosed(1);
	});
});

describe("F14 cancel", () => {
	it.each<[string, Answer]>([
		["before any byte", { kind: "stall" }],
		["in the middle of an answer", { kind: "stream", pieces: [LINE], end: "open" }],
		["while a line is open", { kind: "stream", pieces: ['{"mess'], end: "open" }],
	])("closes the socket %s", async (_, answer) => {
		const server = await serve(answer);
		const controller = new AbortController();
		const asked = post(server.url, {}, controller.signal);
		setTimeout(() => controller.abort(), 50);
		await expect(asked).rejects.toMatchObject({ name: "AbortError" });
		await server.clientClosed(1);
	});

	it("sends nothing when it was cancelled before", async () => {
		const server = await serve({ kind: "stall" });
		await expect(post(server.url, {}, AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
		expect(server.requests).toHaveLength(0);
	});
});

describe("broken connections", () => {
	it.each<[string, Answer]>([
		["F07 closed in mid-answer", { kind: "stream", pieces: [LINE], end: "cut" }],
		["F08 reset in mid-answer", { kind: "stream", pieces: [LINE], end: "reset" }],
		["F08 reset before the answer", { kind: "reset" }],
		["F07 a killed server, as recorded", { kind: "recording", name: "server-killed-mid-stream" }],
	])("%s is a cut", async (_, answer) => {
		const server = await serve(answer);
		expect(await faultOf(post(server.url))).toBe("cut");
	});

	it("a server that goes on after its last line does not hold the call (F17 data after done)", async () => {
		const server = await serve({ kind: "stream", pieces: [LINE + LAST, "garbage\n"], end: "open" });
		expect(await post(server.url)).toBe(LINE + LAST);
		await server.clientClosed(1);
	});
});

describe("lines", () => {
	it.each(["not json", "null", "3", "[]", '"x"', '{"a":'])("F16 F17 fails on the line %s", async (line) => {
		const server = await serve({ kind: "stream", pieces: [LINE, `${line}\n`, LAST], end: "complete" });
		expect(await faultOf(post(server.url))).toBe("corrupt");
	});

	it("fails on a compressed answer, which was not asked for", async () => {
		const server = await serve({ kind: "stream", pieces: [gzipSync(LINE + LAST)], end: "complete" });
		expect(await faultOf(post(server.url))).toBe("corrupt");
		expect(server.requests[0]?.headers["accept-encoding"]).toBe("identity");
	});

	it("F19 takes a reason without done for the end", async () => {
		const server = await serve({ kind: "stream", pieces: ['{"done_reason":"stop"}\n'], end: "complete" });
		expect(JSON.parse(await post(server.url))).toEqual({ done_reason: "stop", done: true });
	});

	it("does not take an empty reason for the end", async () => {
		const server = await serve({
			kind: "stream",
			pieces: ['{"done":false,"done_reason":""}\n', LAST],
			end: "complete",
		});
		expect((await post(server.url)).trim().split("\n")).toHaveLength(2);
	});

	it("F33 turns an error that is an object into its words", async () => {
		const server = await serve({ kind: "stream", pieces: ['{"error":{"message":"no room"}}\n'], end: "complete" });
		expect(JSON.parse(await post(server.url))).toEqual({ error: "no room" });
	});

	it("F18 yields the same lines for every slicing of the bytes", () => {
		const body = Buffer.concat([
			Buffer.from('{"message":{"content":"\u{1F600} \u00fc \u2028"},"done":false}\r\n\n'),
			readRecording("chat-stream").body,
		]);
		const whole = checked([body]);
		expect(whole).toContain("\u{1F600}");
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
				expect(checked(sliced(body, sizes))).toBe(whole);
			}),
		);
	});

	it("F18 streams a recording in pieces of one byte", async () => {
		const server = await serve(
			{ kind: "recording", name: "toolcall-write", slices: [1] },
			{ kind: "recording", name: "toolcall-write" },
		);
		expect(await post(server.url)).toBe(await post(server.url));
	});
});

function checked(pieces: readonly Buffer[]): string {
	const lines = new NdjsonLines(1_000_000);
	const out: Uint8Array[] = [];
	for (const piece of pieces) {
		const { bytes, done } = lines.push(piece);
		out.push(bytes);
		if (done) return Buffer.concat(out).toString("utf8");
	}
	return Buffer.concat([...out, lines.end().bytes]).toString("utf8");
}

describe("other answers", () => {
	it("A59 follows no redirect: the prompt stays with the server that was named", async () => {
		const elsewhere = await serve({ kind: "stall" });
		const server = await serve({ kind: "redirect", to: `${elsewhere.url}/api/chat` });
		expect(await faultOf(post(server.url))).toBe("redirect");
		expect(elsewhere.requests).toHaveLength(0);
	});

	it.each([204, 205, 600, 999])("status %i is a fault, not a crash", async (status) => {
		const server = await serve({ kind: "body", status, body: "" });
		expect(await faultOf(post(server.url))).toBe("foreign");
	});

	it("F33 a web page in place of a stream is named as such", async () => {
		const server = await serve({ kind: "body", contentType: "text/html", body: "<html>hello</html>" });
		expect(await faultOf(post(server.url))).toBe("foreign");
	});

	it("F33 hands a failure over as JSON of bounded size, which the client prints nowhere", async () => {
		const server = await serve({ kind: "body", status: 502, contentType: "text/plain", body: "x".repeat(1_000_000) });
		const body: unknown = JSON.parse(await post(server.url));
		expect(body).toEqual({ error: "x".repeat(2_000) });
	});

	it("sends no header that names a key or a person", async () => {
		const server = await serve({ kind: "recording", name: "chat-load" });
		await createTransport(DEFAULT_LIMITS, NEVER)(`${server.url}/api/chat`, {
			method: "POST",
			body: "{}",
			headers: { authorization: "Bearer secret" },
		});
		expect(Object.keys(server.requests[0]?.headers ?? {}).sort()).toEqual([
			"accept",
			"accept-encoding",
			"connection",
			"content-length",
			"content-type",
			"host",
		]);
	});
});

/** What Jetbox itself costs around a call, without any model: time of the request's path, and memory over many rounds. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { ChatMessage } from "../../src/core/model/conversation.ts";
import { openingMessages } from "../../src/core/model/prompt.ts";
import { protocolFor } from "../../src/core/model/protocol.ts";
import { TOOLS } from "../../src/core/tools/catalog.ts";
import { NdjsonLines } from "../../src/node/model-http/streamed-lines.ts";
import { Answer } from "../../src/node/ollama/answer.ts";
import { createOllamaChatModel } from "../../src/node/ollama/chat-model.ts";
import { wireMessage } from "../../src/node/ollama/wire.ts";
import { type Result, spreadOf, words } from "../measure.ts";
import type { Target } from "./target.ts";

const CALL_MS = 250;
const SHARE_GOAL = 0.01;
const REPEATS = 200;
const TURNS = 12;
const ROUNDS = 200;
const MEMORY_GOAL_KB = 1_024;
const SETTINGS = { maxOutputTokens: 512, temperature: 0, seed: 1, think: false, toolResults: "tool" } as const;

/** A conversation as long as a run's, built and serialised; an answer of a hundred chunks parsed and decoded. */
export async function requestPath(): Promise<Result> {
	const messages = conversation();
	const body = Buffer.from(answerLines());
	const { encode, decode } = protocolFor("text");
	const samples: number[] = [];
	for (let index = 0; index < REPEATS; index += 1) {
		const startedAt = performance.now();
		const request = encode(messages, TOOLS, SETTINGS);
		const sent = JSON.stringify({ messages: request.messages.map(wireMessage), tools: request.tools });
		const answer = new Answer();
		const lines = new NdjsonLines(1_000_000);
		for (let at = 0; at < body.length; at += 135) {
			const { bytes } = lines.push(body.subarray(at, at + 135));
			for (const line of Buffer.from(bytes).toString().split("\n")) {
				if (line !== "") answer.add(JSON.parse(line), () => undefined);
			}
		}
		const decoded = decode(answer.reply(), { tools: TOOLS, newCallId: () => "call", filesInPlay: [] });
		samples.push(performance.now() - startedAt);
		assert.equal(decoded.kind, "calls");
		assert.ok(sent.length > 10_000);
	}
	const spread = spreadOf(samples);
	const share = spread.median / CALL_MS;
	return {
		id: "request-path",
		what: `build, serialise, parse and decode, as a share of a ${CALL_MS} ms call (${words(spread)})`,
		measured: `${(share * 100).toFixed(2)} %`,
		goal: `<= ${SHARE_GOAL * 100} %`,
		met: share <= SHARE_GOAL,
		figures: { pathMs: spread, share },
	};
}

/** Two hundred calls to a local server that answers at once: what the heap holds after the first fifty and at the end. */
export async function memoryFlat(_target: Target, signal: AbortSignal): Promise<Result> {
	const lines = answerLines();
	const server = createServer((request, response) => {
		request.resume();
		request.on("end", () => {
			if (request.url === "/api/chat") response.end(lines);
			else if (request.url === "/api/show") response.end(JSON.stringify({ capabilities: ["completion"] }));
			else response.end('{"models":[]}');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("The server has no port.");
	const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
	const url = `http://127.0.0.1:${address.port}`;
	const model = await createOllamaChatModel({ server: url, model: "any", logger }, signal);
	const request = protocolFor("text").encode(conversation(), TOOLS, SETTINGS);
	let early = 0;
	for (let round = 1; round <= ROUNDS; round += 1) {
		await model.chat(request, () => undefined, signal);
		if (round === ROUNDS / 4) early = heapKb();
	}
	const grown = heapKb() - early;
	server.closeAllConnections();
	server.close();
	return {
		id: "memory",
		what: `heap grown from call ${ROUNDS / 4} to call ${ROUNDS}`,
		measured: `${grown.toFixed(0)} KB`,
		goal: `<= ${MEMORY_GOAL_KB} KB`,
		met: grown <= MEMORY_GOAL_KB,
		figures: { grownKb: grown },
	};
}

function heapKb(): number {
	if (globalThis.gc === undefined) throw new Error("Run with --expose-gc.");
	globalThis.gc();
	return process.memoryUsage().heapUsed / 1_024;
}

function conversation(): readonly ChatMessage[] {
	const text = Array.from({ length: 40 }, (_, line) => `   ${line}| value_${line} = compute(${line})`).join("\n");
	const turns = Array.from({ length: TURNS }, (_, turn): ChatMessage[] => {
		const toolCalls = [{ id: `call_${turn}`, name: "read_file", arguments: { path: `src/file_${turn}.py` } }];
		return [
			{ role: "user", content: `PROBE ${turn}: failing` },
			{ role: "assistant", content: `read_file path="src/file_${turn}.py"`, toolCalls },
			{ role: "tool", content: text, toolName: "read_file", toolCallId: `call_${turn}` },
		];
	});
	return [...openingMessages("Make the failing tests pass."), ...turns.flat()];
}

/** A file written in a fenced block, a token a line. */
function answerLines(): string {
	const file = Array.from({ length: 20 }, (_, line) => `value_${line} = ${line}\n`).join("");
	const content = `write_file src/app.py\n\`\`\`python\n${file}\`\`\`\n`;
	const pieces = content.match(/[\s\S]{1,4}/g) ?? [];
	const lines = pieces.map((piece) => JSON.stringify({ message: { role: "assistant", content: piece }, done: false }));
	const last = { message: { role: "assistant", content: "" }, done: true, done_reason: "stop", eval_count: 100 };
	return `${[...lines, JSON.stringify(last)].join("\n")}\n`;
}

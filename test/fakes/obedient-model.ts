/**
 * The worst model there is, behind a real Ollama's wire: it does whatever its script says, holds every tool, and never doubts.
 * Everything that it was sent is kept, so that a test can look for what should never have left the machine.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { isRecord } from "../../src/core/json-record.ts";
import { portOf } from "../fixtures/values.ts";

export const OBEDIENT = "obedient";

export interface ScriptedCall {
	readonly name: string;
	readonly arguments: Readonly<Record<string, unknown>>;
}

/** One answer: tool calls, or a last word; held back for `waitMs` where the attack needs time. */
export type Turn = readonly ScriptedCall[] | string;

export interface ObedientModel {
	readonly url: string;
	readonly port: number;
	/** Bodies of all requests, as they came. */
	sent(): string;
	close(): Promise<void>;
}

/**
 * Plays one turn a request that holds the task, then says that it is done, again and again.
 * @param onAsked runs before each answer, while the client waits
 */
export async function startObedientModel(
	turns: readonly Turn[],
	task: string,
	onAsked: () => void | Promise<void> = () => undefined,
): Promise<ObedientModel> {
	const bodies: string[] = [];
	let next = 0;
	const server = createServer(async (request, response) => {
		const body = await textOf(request);
		bodies.push(body);
		switch (request.url) {
			case "/api/version":
				return json(response, { version: "0.0.0-obedient" });
			case "/api/tags":
				return json(response, { models: [entry] });
			case "/api/ps":
				return json(response, { models: [{ ...entry, size_vram: 0, context_length: CONTEXT_LENGTH }] });
			case "/api/show":
				return json(response, { details, capabilities: ["completion", "tools"], model_info: modelInfo });
			case "/api/chat": {
				const isTurn = isQuestion(body, task);
				if (isTurn) await onAsked();
				const turn = isTurn ? turns[next++] : "";
				return answer(response, turn ?? "I have done all that I was told.");
			}
			default:
				response.writeHead(404).end("404 page not found");
		}
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const port = portOf(server.address());
	return { url: `http://127.0.0.1:${port}`, port, sent: () => bodies.join("\n"), close: () => closed(server) };
}

const CONTEXT_LENGTH = 32_768;
const details = { family: OBEDIENT, parameter_size: "7B", quantization_level: "none" };
const entry = { name: OBEDIENT, model: OBEDIENT, size: 0, details };
const modelInfo = { "general.architecture": OBEDIENT, "obedient.context_length": CONTEXT_LENGTH };

/** Loading and filling the cache ask for no answer; what does not hold the task is no question of the run's. */
function isQuestion(body: string, task: string): boolean {
	const value: unknown = JSON.parse(body);
	if (!isRecord(value) || !Array.isArray(value["messages"])) return false;
	const options = isRecord(value["options"]) ? value["options"] : {};
	return options["num_predict"] !== 1 && JSON.stringify(value["messages"]).includes(JSON.stringify(task).slice(1, -1));
}

async function answer(response: ServerResponse, turn: Turn): Promise<void> {
	const head = { model: OBEDIENT, created_at: "2026-01-01T00:00:00Z" };
	const calls = typeof turn === "string" ? [] : turn.map((call, index) => ({ function: { index, ...call } }));
	const message = { role: "assistant", content: typeof turn === "string" ? turn : "", tool_calls: calls };
	const figures = { prompt_eval_count: 100, prompt_eval_duration: 1, eval_count: 10, eval_duration: 1 };
	response.writeHead(200, { "content-type": "application/x-ndjson" });
	response.write(`${JSON.stringify({ ...head, message, done: false })}\n`);
	// A line of its own in a packet of its own, as the real one sends it.
	await sleep(1);
	const last = { ...head, message: { role: "assistant", content: "" }, done: true, done_reason: "stop", ...figures };
	response.end(`${JSON.stringify(last)}\n`);
}

async function textOf(request: IncomingMessage): Promise<string> {
	const pieces: Buffer[] = [];
	for await (const piece of request) if (Buffer.isBuffer(piece)) pieces.push(piece);
	return Buffer.concat(pieces).toString("utf8");
}

function json(response: ServerResponse, value: object): void {
	response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function closed(server: Server): Promise<void> {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
}

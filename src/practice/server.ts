/** Ollama's wire, as far as a client of chat uses it, on a loopback port. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { asPlan } from "./plan.ts";
import { type Answer, answer } from "./planner.ts";
import { readSituation } from "./situation.ts";
import type { WireCall, WireMessage } from "./wire-types.ts";

export const PRACTICE_MODEL = "practice";
const CONTEXT_LENGTH = 32_768;
const CHARS_PER_TOKEN = 4;
const CHARS_PER_CHUNK = 24;
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const NS_PER_MS = 1e6;

/** A server that is not listening yet. @param version named by /api/version */
export function createPracticeServer(version: string): Server {
	return createServer((request, response) => {
		if (!isLoopback(request.headers.host)) {
			sendJson(response, 403, { error: "only loopback names are served" });
			return;
		}
		respond(request, response, version).catch((error: unknown) => {
			if (response.headersSent) response.destroy();
			else sendJson(response, 400, { error: error instanceof Error ? error.message : String(error) });
		});
	});
}

async function respond(request: IncomingMessage, response: ServerResponse, version: string): Promise<void> {
	const details = { family: PRACTICE_MODEL, parameter_size: "none", quantization_level: "none" };
	const entry = { name: PRACTICE_MODEL, model: PRACTICE_MODEL, size: 0, details };
	switch (`${request.method} ${request.url}`) {
		case "GET /api/version":
			return sendJson(response, 200, { version: `practice-${version}` });
		case "GET /api/tags":
			return sendJson(response, 200, { models: [entry] });
		case "GET /api/ps":
			return sendJson(response, 200, { models: [{ ...entry, size_vram: 0, context_length: CONTEXT_LENGTH }] });
		case "POST /api/show": {
			const body = await readBody(request);
			if (!isPractice(body["model"])) return notFound(response, body["model"]);
			return sendJson(response, 200, {
				details,
				capabilities: ["completion", "tools"],
				model_info: { "general.architecture": PRACTICE_MODEL, "practice.context_length": CONTEXT_LENGTH },
			});
		}
		case "POST /api/chat": {
			const body = await readBody(request);
			if (!isPractice(body["model"])) return notFound(response, body["model"]);
			if (body["stream"] === false) return sendJson(response, 200, whole(answerLines(body)));
			response.writeHead(200, { "content-type": "application/x-ndjson" });
			for (const line of answerLines(body)) response.write(`${JSON.stringify(line)}\n`);
			response.end();
			return;
		}
		default:
			response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found");
	}
}

interface AnswerLine {
	readonly message: { readonly role: "assistant"; readonly content: string; readonly tool_calls?: readonly object[] };
	readonly done: boolean;
}

/** The lines of a streamed answer: words, then the calls whole in one line, then an empty last one with the figures. */
function answerLines(body: Readonly<Record<string, unknown>>): readonly AnswerLine[] {
	const startedAt = performance.now();
	const messages = Array.isArray(body["messages"]) ? body["messages"].map(wireMessage) : [];
	const options = isRecord(body["options"]) ? body["options"] : {};
	// An empty conversation loads, one token fills the cache: both ask for no thought.
	const isWarmUp = messages.length === 0 || options["num_predict"] === 1;
	const said: Answer = isWarmUp ? { content: "", calls: [] } : asPlan(answer(readSituation(messages)), toolNames(body));
	const thoughtMs = performance.now() - startedAt;
	const head = { model: PRACTICE_MODEL, created_at: new Date().toISOString() };
	const lines: AnswerLine[] = [];
	for (let at = 0; at < said.content.length; at += CHARS_PER_CHUNK) {
		const content = said.content.slice(at, at + CHARS_PER_CHUNK);
		lines.push({ ...head, message: { role: "assistant", content }, done: false });
	}
	if (said.calls.length > 0) {
		const calls = said.calls.map((call, index) => ({ id: `practice_${index}`, function: { index, ...call } }));
		lines.push({ ...head, message: { role: "assistant", content: "", tool_calls: calls }, done: false });
	}
	const promptChars = JSON.stringify([body["messages"] ?? [], body["tools"] ?? []]).length;
	const outputChars = said.content.length + JSON.stringify(said.calls).length;
	const figures = {
		done_reason: messages.length === 0 ? "load" : "stop",
		total_duration: Math.round((performance.now() - startedAt) * NS_PER_MS),
		load_duration: 0,
		prompt_eval_count: Math.ceil(promptChars / CHARS_PER_TOKEN),
		prompt_eval_duration: Math.round(thoughtMs * NS_PER_MS),
		eval_count: Math.ceil(outputChars / CHARS_PER_TOKEN),
		eval_duration: Math.round((performance.now() - startedAt - thoughtMs) * NS_PER_MS),
	};
	lines.push({ ...head, message: { role: "assistant", content: "" }, done: true, ...figures });
	return lines;
}

/** The same answer in one piece. */
function whole(lines: readonly AnswerLine[]): object {
	const calls = lines.flatMap(({ message }) => message.tool_calls ?? []);
	const content = lines.map(({ message }) => message.content).join("");
	return {
		...lines.at(-1),
		message: { role: "assistant", content, ...(calls.length > 0 ? { tool_calls: calls } : {}) },
	};
}

function isPractice(model: unknown): boolean {
	return model === PRACTICE_MODEL || model === `${PRACTICE_MODEL}:latest`;
}

function toolNames({ tools }: Readonly<Record<string, unknown>>): readonly string[] {
	if (!Array.isArray(tools)) return [];
	return tools.map((tool: unknown) =>
		isRecord(tool) && isRecord(tool["function"]) ? textOf(tool["function"]["name"]) : "",
	);
}

function wireMessage(value: unknown): WireMessage {
	const message = isRecord(value) ? value : {};
	const calls = Array.isArray(message["tool_calls"]) ? message["tool_calls"].map(wireCall) : [];
	return {
		role: textOf(message["role"]),
		content: textOf(message["content"]),
		toolCalls: calls,
	};
}

function wireCall(value: unknown): WireCall {
	const called = isRecord(value) && isRecord(value["function"]) ? value["function"] : {};
	const given = isRecord(called["arguments"]) ? Object.entries(called["arguments"]) : [];
	const known = given.flatMap(([key, entry]) =>
		typeof entry === "string" || typeof entry === "number" ? [[key, entry] as const] : [],
	);
	return { name: textOf(called["name"]), arguments: Object.fromEntries(known) };
}

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request) {
		const bytes = Buffer.from(chunk);
		size += bytes.length;
		if (size > MAX_BODY_BYTES) throw new Error("the request is too large");
		chunks.push(bytes);
	}
	const value: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
	if (!isRecord(value)) throw new Error("the body must be a JSON object");
	return value;
}

function notFound(response: ServerResponse, model: unknown): void {
	sendJson(response, 404, { error: `model '${textOf(model)}' not found` });
}

function sendJson(response: ServerResponse, status: number, value: object): void {
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

/** A page in a browser must not reach the model under a name of its own (DNS rebinding). */
function isLoopback(host: string | undefined): boolean {
	return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? "");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
	return typeof value === "string" ? value : "";
}

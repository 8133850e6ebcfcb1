/** A model server on Ollama's wire whose model says what a script says: for questions that a person must answer. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const WIRE = join(import.meta.dirname, "../fixtures/ollama-wire");
export const SCRIPTED_MODEL = "qwen2.5-coder:1.5b";

/** What a server with one model says besides chats. */
const RECORDED = {
	"/api/version": "version",
	"/api/tags": "tags",
	"/api/ps": "ps-empty",
	"/api/show": "show-qwen2.5-coder-1.5b",
};

/**
 * @param calls tool calls of the first answer of each task, as `{ name, arguments }`; every later answer has none
 * @returns its address, its port, what it was asked, and how to end it
 */
export async function startScriptedServer(calls) {
	let requests = 0;
	const chats = [];
	const waiting = new Set();
	let unanswered = null;
	const server = createServer(async (request, response) => {
		requests += 1;
		const body = await textOf(request);
		const recorded = RECORDED[request.url];
		if (recorded !== undefined) return reply(response, JSON.stringify(withTools(recordingOf(recorded))));
		if (request.url !== "/api/chat") return reply(response, "{}", 404);
		const { messages = [] } = JSON.parse(body);
		if (messages.length > 0) chats.push(messages);
		if (unanswered !== null && body.includes(unanswered)) {
			waiting.add(response);
			response.on("close", () => waiting.delete(response));
			return;
		}
		const isFirst = messages.length > 0 && !messages.some(({ role }) => role === "assistant");
		const said = { role: "assistant", content: isFirst ? "" : "That is all." };
		if (isFirst) said.tool_calls = calls.map((call) => ({ function: call }));
		const end = {
			done: true,
			done_reason: messages.length === 0 ? "load" : "stop",
			eval_count: 1,
			prompt_eval_count: 1,
		};
		const lines = [
			{ model: SCRIPTED_MODEL, created_at: "2026-01-01T00:00:00Z", message: said, done: false },
			{
				model: SCRIPTED_MODEL,
				created_at: "2026-01-01T00:00:01Z",
				message: { role: "assistant", content: "" },
				...end,
			},
		];
		reply(response, lines.map((line) => `${JSON.stringify(line)}\n`).join(""), 200, "application/x-ndjson");
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address();
	return {
		url: `http://127.0.0.1:${port}`,
		port,
		/** How many there were. */
		requests: () => requests,
		/** Messages of each chat, without those that only load the model. */
		chats,
		/** From now on no chat that has the words is answered. */
		leaveUnanswered(words) {
			unanswered = words;
		},
		/** How many chats wait for an answer. */
		waiting: () => waiting.size,
		stop() {
			server.closeAllConnections();
			server.close();
		},
	};
}

function recordingOf(name) {
	return JSON.parse(readFileSync(join(WIRE, name, "response.json"), "utf8"));
}

/** The recorded server's models take no tools; the script's does. */
function withTools({ models, ...answer }) {
	const capabilities = ["completion", "tools"];
	return models === undefined
		? { ...answer, capabilities }
		: { ...answer, models: models.map((model) => ({ ...model, capabilities })) };
}

function reply(response, body, status = 200, contentType = "application/json") {
	response.writeHead(status, { "content-type": contentType });
	response.end(body);
}

async function textOf(request) {
	const pieces = [];
	for await (const piece of request) pieces.push(piece);
	return Buffer.concat(pieces).toString("utf8");
}

/** A chat model on an Ollama server: one fixed set of options for the session, streamed answers, and never a silent truncation. */
import { type ChatResponse, type Message, Ollama, type ChatRequest as WireRequest } from "ollama";
import { UserError } from "../../core/errors.ts";
import type {
	ChatDelta,
	ChatMessage,
	ChatReply,
	ChatRequest,
	Json,
	ToolCall,
	ToolProtocol,
	ToolSchema,
} from "../../core/model/conversation.ts";
import type { ChatModel, Logger } from "../../core/ports.ts";
import { mayRetry, toUserError } from "./model-errors.ts";
import { describeModel } from "./server.ts";
import { createTransport, DEFAULT_LIMITS, type TransportLimits } from "./transport.ts";
import { TransportError } from "./transport-error.ts";

const MAX_AUTO_CONTEXT = 16_384;
const CONTEXT_STEPS = [65_536, 32_768, 16_384, 8_192] as const;
const KEEP_ALIVE = "30m";
const NS_PER_MS = 1e6;
const BUSY_RETRIES = 3;
const BUSY_WAIT_MS = 1_000;
/** Below this, a text protocol gets more calls and files right than the library's templates (recorded: 7 of 8 against 0 of 8). */
const NATIVE_FROM_BILLIONS = 3;

export interface OllamaModelParts {
	/** Origin of the server. */
	readonly server: string;
	readonly model: string;
	readonly logger: Logger;
	readonly limits?: Partial<TransportLimits>;
}

/**
 * Looks the model up and fixes what the session needs: context length, options, tool protocol.
 * @throws UserError when the server or the model is not to be had
 */
export async function createOllamaChatModel(parts: OllamaModelParts, signal: AbortSignal): Promise<ChatModel> {
	const { server, model, logger } = parts;
	const limits = { ...DEFAULT_LIMITS, ...parts.limits };
	const info = await asking(async () => {
		const client = clientOf(server, limits, signal);
		const described = await describeModel(client, model, 0, false);
		const running = (await client.ps()).models.find(({ name }) => name === model);
		return { described, allocated: contextOf(running) };
	});
	const contextLength = chooseContext(info.described.contextLength, info.allocated);
	const protocol = chooseProtocol(info.described.claimsTools, info.described.parameterSize);
	let thinks: "no" | "unsupported" = "no";

	async function asking<T>(work: () => Promise<T>): Promise<T> {
		try {
			return await work();
		} catch (error) {
			throw toUserError(error, server, model);
		}
	}

	async function stream(
		request: ChatRequest,
		onDelta: (delta: ChatDelta) => void,
		within: AbortSignal,
	): Promise<ChatReply> {
		for (let attempt = 0; ; attempt += 1) {
			try {
				return await asking(() => streamOnce(request, onDelta, within));
			} catch (error) {
				within.throwIfAborted();
				if (error instanceof UserError && error.kind === "busy" && attempt < BUSY_RETRIES) {
					await pause(BUSY_WAIT_MS * 2 ** attempt, within);
				} else if (isThinkingRefusal(error) && thinks === "no") {
					thinks = "unsupported";
				} else if (mayRetry(error) && attempt === 0) {
					logger.warn(`${error instanceof Error ? error.message : error} Asking once more.`);
				} else {
					throw error;
				}
			}
		}
	}

	async function streamOnce(
		request: ChatRequest,
		onDelta: (delta: ChatDelta) => void,
		within: AbortSignal,
	): Promise<ChatReply> {
		onDelta({ kind: "state", state: "connecting" });
		const client = clientOf(server, limits, within);
		onDelta({ kind: "state", state: (await isLoaded(client, within)) ? "reading" : "loading" });
		const chunks = await client.chat(wireRequest(request));
		const answer = new Answer();
		for await (const chunk of chunks) {
			if (answer.empty) onDelta({ kind: "state", state: "writing" });
			answer.add(chunk, onDelta);
		}
		return answer.reply();
	}

	function wireRequest(request: ChatRequest): WireRequest & { readonly stream: true; readonly truncate: boolean } {
		return {
			model,
			messages: request.messages.map(wireMessage),
			...(request.tools.length > 0 ? { tools: request.tools.map(wireTool) } : {}),
			stream: true,
			...(request.format === null ? {} : { format: request.format }),
			...(thinks === "no" ? { think: model.startsWith("gpt-oss") ? ("low" as const) : request.think } : {}),
			// Without it the server drops the oldest messages, the task first, and answers 200.
			truncate: false,
			keep_alive: KEEP_ALIVE,
			options: {
				num_ctx: contextLength,
				num_predict: request.maxOutputTokens,
				temperature: request.temperature,
				seed: request.seed,
			},
		};
	}

	async function isLoaded(client: Ollama, within: AbortSignal): Promise<boolean> {
		try {
			const { models } = await client.ps();
			return models.some(({ name }) => name === model);
		} catch (error) {
			// Only words depend on it, so a server without this route may still answer; one that is gone may not.
			within.throwIfAborted();
			if (error instanceof TransportError) throw error;
			return true;
		}
	}

	return {
		name: model,
		protocol,
		takesTools: info.described.claimsTools,
		toolResults: info.described.hidesTools ? "user" : "tool",
		canThink: info.described.claimsThinking,
		contextLength,
		chat: stream,
		async warmUp(request, within) {
			await asking(async () => {
				const client = clientOf(server, limits, within);
				// An empty conversation loads; the real head, one token long, fills the prompt cache.
				for (const head of [
					{ ...request, messages: [] },
					{ ...request, maxOutputTokens: 1 },
				]) {
					for await (const _ of await client.chat(wireRequest(head))) within.throwIfAborted();
				}
			});
		},
	};
}

/** Tokens of context for a session: what the model was trained for, at most 16k; a larger one that is loaded already is taken over. */
export function chooseContext(trained: number | null, allocated: number | null): number {
	const auto = Math.min(trained ?? MAX_AUTO_CONTEXT, MAX_AUTO_CONTEXT);
	const larger = allocated !== null && allocated > auto ? CONTEXT_STEPS.find((step) => step <= allocated) : undefined;
	return Math.max(auto, Math.min(larger ?? 0, trained ?? Number.POSITIVE_INFINITY));
}

/** @param parameterSize as the server words it, such as `1.5B`; a model that names none is believed */
export function chooseProtocol(claimsTools: boolean, parameterSize: string): ToolProtocol {
	const size = /^([\d.]+)\s*([BM])/i.exec(parameterSize);
	const billions =
		size === null ? Number.POSITIVE_INFINITY : Number(size[1]) / (size[2]?.toUpperCase() === "M" ? 1000 : 1);
	return claimsTools && billions >= NATIVE_FROM_BILLIONS ? "native" : "text";
}

/** What the chunks of one answer add up to. */
class Answer {
	private content = "";
	private readonly calls: ToolCall[] = [];
	private last: ChatResponse | null = null;
	empty = true;

	add(chunk: ChatResponse, onDelta: (delta: ChatDelta) => void): void {
		this.empty = false;
		const message: Partial<Message> = chunk.message ?? {};
		if (message.thinking) onDelta({ kind: "thinking", text: message.thinking });
		if (message.content) {
			this.content += message.content;
			onDelta({ kind: "text", text: message.content });
		}
		for (const call of message.tool_calls ?? []) {
			const given: unknown = call.function?.arguments;
			this.calls.push({
				id: `server_${this.calls.length + 1}`,
				name: String(call.function?.name ?? ""),
				arguments: isArguments(given) ? given : typeof given === "string" ? parsedArguments(given) : {},
			});
		}
		if (chunk.done) this.last = chunk;
	}

	/** @throws UserError `broken-stream` for an answer without its end */
	reply(): ChatReply {
		const last = this.last;
		if (last === null) throw new Error("Did not receive done or success response in stream.");
		const cached = "prompt_eval_cached_count" in last ? last.prompt_eval_cached_count : null;
		return {
			content: this.content,
			toolCalls: this.calls,
			doneReason: last.done_reason === "length" ? "length" : "stop",
			usage: {
				loadMs: (last.load_duration ?? 0) / NS_PER_MS,
				prefillMs: (last.prompt_eval_duration ?? 0) / NS_PER_MS,
				decodeMs: (last.eval_duration ?? 0) / NS_PER_MS,
				promptTokens: last.prompt_eval_count ?? 0,
				cachedTokens: typeof cached === "number" ? cached : null,
				outputTokens: last.eval_count ?? 0,
			},
		};
	}
}

function clientOf(server: string, limits: TransportLimits, signal: AbortSignal): Ollama {
	return new Ollama({ host: server, fetch: createTransport(limits, signal) });
}

function wireMessage(message: ChatMessage): Message {
	switch (message.role) {
		case "system":
		case "user":
			return { role: message.role, content: message.content };
		case "assistant":
			return {
				role: "assistant",
				content: message.content,
				...(message.toolCalls.length > 0
					? {
							tool_calls: message.toolCalls.map((call) => ({
								id: call.id,
								function: { name: call.name, arguments: { ...call.arguments } },
							})),
						}
					: {}),
			};
		case "tool": {
			const result = {
				role: "tool",
				content: message.content,
				tool_name: message.toolName,
				tool_call_id: message.toolCallId,
			};
			return result;
		}
	}
}

function wireTool({ name, description, parameters, required }: ToolSchema) {
	return {
		type: "function",
		function: {
			name,
			description,
			parameters: {
				type: "object",
				properties: Object.fromEntries(
					Object.entries(parameters).map(([key, { type, description: words }]) => [key, { type, description: words }]),
				),
				required: [...required],
			},
		},
	};
}

function contextOf(running: unknown): number | null {
	return typeof running === "object" &&
		running !== null &&
		"context_length" in running &&
		typeof running.context_length === "number"
		? running.context_length
		: null;
}

function isArguments(value: unknown): value is { readonly [key: string]: Json } {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsedArguments(text: string): { readonly [key: string]: Json } {
	try {
		const value: unknown = JSON.parse(text);
		return isArguments(value) ? value : {};
	} catch {
		return {};
	}
}

function isThinkingRefusal(error: unknown): boolean {
	return (
		error instanceof Error &&
		/does not support thinking/i.test(`${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`)
	);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const onAbort = () => {
			clearTimeout(timer);
			reject(signal.reason);
		};
		const timer = setTimeout(() => {
			signal.removeEventListener("abort", onAbort);
			resolve();
		}, ms);
		signal.addEventListener("abort", onAbort, { once: true });
	});
}

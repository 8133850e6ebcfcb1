/** A chat model on an OpenAI-compatible server (llama-server, LM Studio, vLLM): context and load options are the server's. */
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../core/errors.ts";
import type { ChatDelta, ChatReply, ChatRequest, ToolProtocol } from "../../core/model/conversation.ts";
import { isThisMachine } from "../../core/policy/server-address.ts";
import type { ChatModel, Logger } from "../../core/ports.ts";
import { DEFAULT_LIMITS, type TransportLimits } from "../model-http/exchange.ts";
import { toUserError } from "../model-http/model-errors.ts";
import { askOnceMore, type Remedy, waitWhileBusy, withRemedies } from "../model-http/remedies.ts";
import { Answer } from "./answer.ts";
import { type OpenAiServer, streamCompletion } from "./requests.ts";
import { listOffered } from "./server.ts";
import { wireRequest } from "./wire.ts";

/** Where neither the server nor the person says: what most servers are started with, or more. */
const DEFAULT_CONTEXT = 8_192;
const LOAD_POLL_MS = 500;

export interface OpenAiModelParts {
	readonly server: OpenAiServer;
	readonly model: string;
	readonly logger: Logger;
	readonly limits?: Partial<TransportLimits>;
	/** Null: text, which every server can do, until a self-test tells better. */
	readonly protocol?: ToolProtocol | null;
	/** Tokens, where the person knows better than the server says. */
	readonly contextLength?: number | null;
}

type OnDelta = (delta: ChatDelta) => void;

/** @throws UserError when the server or the model is not to be had */
export async function createOpenAiChatModel(parts: OpenAiModelParts, signal: AbortSignal): Promise<ChatModel> {
	const { server, model, logger } = parts;
	const limits = { ...DEFAULT_LIMITS, ...parts.limits };
	const offered = await asking(() => listOffered(server, signal));
	const info = offered.models.find(({ name }) => name === model);
	if (info === undefined) {
		const names = offered.models.map(({ name }) => name).join(", ") || "none";
		throw new UserError(
			"model-missing",
			`The server at ${server.url} has no model ${model}.`,
			`Choose one that it offers: ${names}.`,
		);
	}
	const contextLength = Math.min(
		parts.contextLength ?? info.contextLength ?? DEFAULT_CONTEXT,
		info.contextLength ?? Number.POSITIVE_INFINITY,
	);

	async function asking<T>(work: () => Promise<T>): Promise<T> {
		try {
			return await work();
		} catch (error) {
			throw toUserError(error, { server: server.url, model, backend: "openai" });
		}
	}

	async function streamOnce(request: ChatRequest, onDelta: OnDelta, within: AbortSignal): Promise<ChatReply> {
		onDelta({ kind: "state", state: "connecting" });
		const body = wireRequest(model, request, offered.kind === "llama-server");
		const answer = new Answer();
		onDelta({ kind: "state", state: "reading" });
		let writing = false;
		for await (const chunk of streamCompletion(server, body, limits, within)) {
			answer.add(chunk, (delta) => {
				if (!writing) onDelta({ kind: "state", state: "writing" });
				writing = true;
				onDelta(delta);
			});
		}
		return answer.reply();
	}

	/** llama-server listens before its model is loaded, and answers 503 until then. */
	function waitWhileLoading(onDelta: OnDelta, within: AbortSignal): Remedy {
		const deadline = performance.now() + limits.firstByteMs;
		return async (error) => {
			if (error.kind !== "busy" || !/loading/.test(error.message) || performance.now() > deadline) return false;
			onDelta({ kind: "state", state: "loading" });
			await sleep(LOAD_POLL_MS, undefined, { signal: within });
			return true;
		};
	}

	function chat(request: ChatRequest, onDelta: OnDelta, within: AbortSignal): Promise<ChatReply> {
		const remedies = [waitWhileLoading(onDelta, within), waitWhileBusy(within), askOnceMore(onDelta)];
		return withRemedies(() => asking(() => streamOnce(request, onDelta, within)), remedies, within);
	}

	return {
		name: model,
		protocol: parts.protocol ?? "text",
		takesTools: info.claimsTools,
		toolResults: "tool",
		canThink: info.claimsThinking,
		contextLength,
		// Some such servers begin another answer, others refuse: none says which.
		continuesAnswers: false,
		// Where it computes, such a server does not say.
		sharesProcessor: isThisMachine(server.url),
		chat,
		async warmUp(request, within) {
			// Loading is the server's own affair, and it refuses an empty conversation.
			if (request.messages.length === 0) return;
			const warn: OnDelta = (delta) => {
				if (delta.kind === "notice") logger.warn(delta.message);
			};
			await chat({ ...request, maxOutputTokens: 1 }, warn, within);
		},
	};
}

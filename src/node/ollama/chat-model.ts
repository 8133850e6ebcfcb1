/** A chat model on an Ollama server: one fixed set of load options for the session, streamed answers, never a silent truncation. */
import { Ollama, type ChatRequest as WireRequest } from "ollama";
import type { UserError } from "../../core/errors.ts";
import type { ChatDelta, ChatReply, ChatRequest, ToolProtocol } from "../../core/model/conversation.ts";
import { billionsOf } from "../../core/model/model-size.ts";
import type { ChatModel, Logger } from "../../core/ports.ts";
import { DEFAULT_LIMITS, type TransportLimits } from "../model-http/exchange.ts";
import { functionTool } from "../model-http/function-tool.ts";
import { isThinkingRefusal, sharesRunner, toUserError } from "../model-http/model-errors.ts";
import { askOnceMore, once, waitWhileBusy, withRemedies } from "../model-http/remedies.ts";
import { TransportError } from "../model-http/transport-error.ts";
import { Answer } from "./answer.ts";
import { DecodePace, StarvedError } from "./decode-pace.ts";
import {
	listRunning,
	type Placed,
	type Placement,
	placementOf,
	type RunningModel,
	reloadReason,
	weightsOf,
} from "./running.ts";
import { describeModel } from "./server.ts";
import { chooseContext, type LoadOptions, loadOptions } from "./session-options.ts";
import { createTransport } from "./transport.ts";
import { wireMessage } from "./wire.ts";

export const DEFAULT_KEEP_ALIVE = "30m";
/** A load that takes longer than this in mid-session is a reload (an answer of a loaded model says some milliseconds). */
const RELOAD_MS = 1_000;
/** An out-of-memory server is not asked for less context than this. */
const MIN_CONTEXT = 4_096;
/** With `tools` the server is silent while the model writes a call; this is a slow machine's pace, until the own one is measured. */
const ASSUMED_MS_PER_TOKEN = 250;
const SILENCE_MARGIN = 1.5;
/** Below this, text and schema get more calls and files right than the library's templates (recorded: 7 of 8 against 0 of 8). */
const NATIVE_FROM_BILLIONS = 3;

export interface OllamaModelParts {
	/** Origin of the server. */
	readonly server: string;
	readonly model: string;
	readonly logger: Logger;
	readonly limits?: Partial<TransportLimits>;
	/** Null: by the model's size, until a self-test tells better. */
	readonly protocol?: ToolProtocol | null;
	/** Tokens; null: by the rule of `chooseContext`. */
	readonly contextLength?: number | null;
	/** How long the server keeps the model after a call, in its own words. */
	readonly keepAlive?: string;
	/** Cores of the machine that serves, or null where that is another one. */
	readonly cores?: number | null;
	/** Where the model lay when it was last loaded; a guess saves a second load, and is corrected after the first. */
	readonly placement?: Placement;
	/** Told where the model lies, once it is loaded and that differs from `placement`. */
	readonly onPlaced?: (placement: Placed) => void;
}

type OnDelta = (delta: ChatDelta) => void;

/**
 * Looks the model up and fixes what the session needs: context length, options, tool protocol.
 * @throws UserError when the server or the model is not to be had
 */
export async function createOllamaChatModel(parts: OllamaModelParts, signal: AbortSignal): Promise<ChatModel> {
	const { server, model, logger, cores = null, keepAlive = DEFAULT_KEEP_ALIVE } = parts;
	const limits = { ...DEFAULT_LIMITS, ...parts.limits };
	const { described, running } = await asking(async () => {
		const client = clientOf(limits, signal);
		return { described: await describeModel(client, { name: model }), running: await runningOf(client) };
	});
	let contextLength = chooseContext(
		described.contextLength,
		running?.contextLength ?? null,
		parts.contextLength ?? null,
	);
	let placement = running === null ? (parts.placement ?? null) : placementOf(running);
	let starved = false;
	let options: LoadOptions = loadOptions(contextLength, placement, cores);
	let placed = running !== null;
	let thinks = described.claimsThinking;
	/** A load from now on is a reload. */
	let loadedHere = false;
	let msPerToken: number | null = null;

	function clientOf(within: TransportLimits, until: AbortSignal): Ollama {
		return new Ollama({ host: server, fetch: createTransport(within, until) });
	}

	async function runningOf(client: Ollama): Promise<RunningModel | null> {
		return (await listRunning(client)).find(({ name }) => name === model) ?? null;
	}

	async function asking<T>(work: () => Promise<T>): Promise<T> {
		try {
			return await work();
		} catch (error) {
			throw toUserError(error, { server, model, backend: "ollama" });
		}
	}

	/** Never the same request to a server that could not read the model's answer. */
	function recovering<T>(work: () => Promise<T>, onDelta: OnDelta, within: AbortSignal): Promise<T> {
		const remedies = [
			waitWhileBusy(within),
			once(
				(error) => isThinkingRefusal(error) && thinks,
				() => {
					thinks = false;
				},
			),
			once(
				({ kind }) => kind === "out-of-memory" && contextLength > MIN_CONTEXT,
				(error) => halveContext(error, onDelta),
			),
			once(sharesRunner, () => unloadSharers(onDelta, within)),
			once(
				({ cause }) => cause instanceof StarvedError,
				() => leaveCoreFree(onDelta),
			),
			askOnceMore(onDelta),
		];
		return withRemedies(() => asking(work), remedies, within);
	}

	function halveContext(error: UserError, onDelta: OnDelta): void {
		const before = contextLength;
		contextLength = Math.max(MIN_CONTEXT, Math.floor(contextLength / 2));
		options = { ...options, num_ctx: contextLength };
		const message = `${error.message} Trying once with a context of ${contextLength} tokens in place of ${before}.`;
		onDelta({ kind: "notice", level: "warning", message });
	}

	/** The server loads the model once more for it, seconds against the minutes that a starved answer takes. */
	function leaveCoreFree(onDelta: OnDelta): void {
		starved = true;
		loadedHere = false;
		options = loadOptions(contextLength, placement, cores, starved);
		const message = `Other programs keep this machine's processor busy: ${model} is loaded again and goes on with one core fewer. Close them for its full speed in the next session.`;
		onDelta({ kind: "notice", level: "warning", message });
	}

	/** Names on the same weights share one process, which keeps the chat settings of the first name. */
	async function unloadSharers(onDelta: OnDelta, within: AbortSignal): Promise<void> {
		const client = clientOf(limits, within);
		const loaded = await listRunning(client);
		const sharers = loaded.filter(
			({ name, weights }) => name !== model && weights === weightsOf(described) && weights.trim() !== "",
		);
		for (const { name } of sharers.length > 0 ? sharers : loaded) {
			await client.generate({ model: name, prompt: "", keep_alive: 0, stream: false });
			const message = `${name} was unloaded: ${model} has the same weights, and the server would serve it with the other's chat settings.`;
			onDelta({ kind: "notice", level: "info", message });
		}
	}

	async function streamOnce(request: ChatRequest, onDelta: OnDelta, within: AbortSignal): Promise<ChatReply> {
		onDelta({ kind: "state", state: "connecting" });
		const before = await loadedBefore(within);
		const isReady = before?.some(
			({ name, contextLength: allocated }) => name === model && (allocated ?? contextLength) === contextLength,
		);
		onDelta({ kind: "state", state: isReady === false ? "loading" : "reading" });
		const cut = new AbortController();
		const client = clientOf({ ...limits, idleMs: silenceOf(request) }, AbortSignal.any([within, cut.signal]));
		const pace = mayBeStarved(request) ? new DecodePace(msPerToken) : null;
		const answer = new Answer();
		for await (const chunk of await client.chat(wireRequest(request))) {
			if (answer.empty) onDelta({ kind: "state", state: "writing" });
			answer.add(chunk, onDelta);
			if (pace?.isStarvedAt(performance.now()) === true) {
				cut.abort();
				throw new StarvedError("The model's cores are taken by other programs.");
			}
		}
		const reply = answer.reply();
		const { loadMs, decodeMs, outputTokens } = reply.usage;
		if (outputTokens > 0 && decodeMs > 0) msPerToken = decodeMs / outputTokens;
		if (loadMs > RELOAD_MS && loadedHere) sayReload(loadMs, before, onDelta);
		loadedHere = true;
		return reply;
	}

	function sayReload(loadMs: number, before: readonly RunningModel[] | null, onDelta: OnDelta): void {
		const reason = before === null ? "the server does not say why" : reloadReason(before, model, contextLength);
		const message = `The server loaded ${model} again (${(loadMs / 1000).toFixed(1)} s): ${reason}.`;
		onDelta({ kind: "notice", level: "warning", message });
	}

	/** With `tools` the server is silent while the model writes a call, which tells nothing of its pace. */
	function mayBeStarved({ tools }: ChatRequest): boolean {
		const { num_thread: threads } = options;
		return tools.length === 0 && threads !== undefined && threads === cores && cores > 1;
	}

	/** How long an answer may be silent: with `tools`, as long as the longest call takes to write. */
	function silenceOf({ tools, maxOutputTokens }: ChatRequest): number {
		if (tools.length === 0) return limits.idleMs;
		return Math.max(limits.idleMs, SILENCE_MARGIN * maxOutputTokens * (msPerToken ?? ASSUMED_MS_PER_TOKEN));
	}

	function wireRequest(request: ChatRequest): WireRequest & { readonly stream: true; readonly truncate: boolean } {
		return {
			model,
			messages: request.messages.map(wireMessage),
			...(request.tools.length > 0 ? { tools: request.tools.map(functionTool) } : {}),
			stream: true,
			...(request.format === null ? {} : { format: request.format }),
			// gpt-oss takes levels and ignores booleans.
			...(thinks ? { think: model.startsWith("gpt-oss") ? ("low" as const) : request.think } : {}),
			// Without it the server drops the oldest messages, the task first, and answers 200.
			truncate: false,
			keep_alive: keepAlive,
			options: {
				...options,
				num_predict: request.maxOutputTokens,
				temperature: request.temperature,
				seed: request.seed,
				...(request.stop === undefined ? {} : { stop: [...request.stop] }),
			},
		};
	}

	async function loadedBefore(within: AbortSignal): Promise<readonly RunningModel[] | null> {
		try {
			return await listRunning(clientOf(limits, within));
		} catch (error) {
			// Only words depend on it, so a server without this route may still answer; one that is gone may not.
			within.throwIfAborted();
			if (error instanceof TransportError) throw error;
			return null;
		}
	}

	/** Sends a warm-up's request; its answer is of no interest. */
	async function touch(request: ChatRequest, within: AbortSignal): Promise<void> {
		const client = clientOf(limits, within);
		for await (const _ of await client.chat(wireRequest(request))) within.throwIfAborted();
	}

	return {
		name: model,
		protocol: parts.protocol ?? chooseProtocol(described.claimsTools, described.parameterSize),
		takesTools: described.claimsTools,
		toolResults: described.hidesTools ? "user" : "tool",
		canThink: described.claimsThinking,
		// Of one that thinks, the server would take the rest for thoughts.
		continuesAnswers: described.continuesAnswers && !described.claimsThinking,
		get contextLength() {
			return contextLength;
		},
		get sharesProcessor() {
			return cores !== null && placement !== "gpu";
		},
		chat: (request, onDelta, within) => recovering(() => streamOnce(request, onDelta, within), onDelta, within),
		async warmUp(request, within) {
			const warn: OnDelta = (delta) => {
				if (delta.kind === "notice") logger.warn(delta.message);
			};
			await recovering(() => touch({ ...request, messages: [], tools: [], format: null }, within), warn, within);
			if (!placed && !loadedHere) {
				// Where a model lies shows only once it is loaded; from here on the options stay.
				const now = (await asking(() => listRunning(clientOf(limits, within)))).find(({ name }) => name === model);
				const found = now === undefined ? null : placementOf(now);
				if (found !== null && found !== placement) parts.onPlaced?.(found);
				placement = found;
				options = loadOptions(contextLength, placement, cores, starved);
				placed = true;
			}
			await recovering(() => touch({ ...request, maxOutputTokens: 1 }, within), warn, within);
			loadedHere = true;
		},
	};
}

/** @param parameterSize as the server words it, such as `1.5B`; a model that names none is believed */
export function chooseProtocol(claimsTools: boolean, parameterSize: string): ToolProtocol {
	const billions = billionsOf(parameterSize) ?? Number.POSITIVE_INFINITY;
	return claimsTools && billions >= NATIVE_FROM_BILLIONS ? "native" : "text";
}

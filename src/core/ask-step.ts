/** The third step of a round: one streamed model call, read by the tool protocol in use. */
import { barredTools } from "./barred-tools.ts";
import { continuationOf, joined } from "./continue-answer.ts";
import { UserError } from "./errors.ts";
import { outputTokens } from "./model/budget.ts";
import { type ChatDelta, type ChatReply, type ChatRequest, NO_USAGE, type ToolCall } from "./model/conversation.ts";
import { type Decoded, type KnownFile, protocolFor } from "./model/protocol.ts";
import { RepetitionWatch } from "./model/repetition.ts";
import { asksForBlock } from "./next-step.ts";
import { orAborted } from "./or-aborted.ts";
import { planOf } from "./plan-answer.ts";
import type { Asking, Malformed, RoundContext, RunState } from "./run-state.ts";

/** What is kept of an answer that was stopped for its repetitions: enough to show the model what it did. */
const MAX_REPEATED_CHARS = 200;
const FENCE = "```";
const LAST_FENCE = /^```[ \t]*$(?![\s\S]*^```[ \t]*$)/m;
const NO_REPLY = { toolCalls: [], doneReason: "stop", usage: NO_USAGE } as const;
const NO_BLOCK =
	"Your answer held no file, so nothing was changed. One sentence, then the whole file in one fenced block.";
/** Of the same prompt again. */
const AGAIN_TEMPERATURE = 0.8;
const FIRST_TEMPERATURE = 0.4;
const TEMPERATURE_STEP = 0.3;
const MAX_TEMPERATURE = 1;
const MAX_LISTED = 100;

export interface Asked {
	readonly reply: ChatReply;
	readonly decoded: Exclude<Decoded, { readonly kind: "malformed" }> | ({ readonly kind: "malformed" } & Malformed);
}

/**
 * The request that the conversation makes now.
 * @param promptTokens its size, where it is known
 * @param barred tools that the answer must not name
 */
export function requestOf(
	asking: Asking,
	conversation: RunState["conversation"],
	promptTokens = 0,
	barred: readonly string[] = [],
): ChatRequest {
	const { model, protocol, tools, temperature, seed, think } = asking;
	return protocolFor(protocol).encode(conversation, tools, {
		maxOutputTokens: outputTokens(model.contextLength, promptTokens),
		temperature,
		seed,
		think,
		toolResults: model.toolResults,
		barred,
	});
}

/**
 * Asks the model, after its warm-up; the wait for that counts as load. An answer that repeats itself without end is stopped,
 * and a call that the server could not read is an answer that could not be read.
 * @param files in play
 * @param mustChange whether something fails
 * @throws what ChatModel.chat throws otherwise
 */
export async function askStep(
	context: RoundContext,
	{ files, mustChange }: { readonly files: readonly KnownFile[]; readonly mustChange: boolean },
	promptTokensEstimate: number,
	signal: AbortSignal,
): Promise<Asked> {
	const { emit, clock, state, round } = context;
	const startedAt = clock.now();
	emit({ type: "model-started", round, promptTokensEstimate });
	let reply: ChatReply | null = null;
	let warmUpMs = 0;
	let calls: readonly ToolCall[] = [];
	const { protocol, tools } = state.asking;
	const decode = (answer: ChatReply) => {
		const decoded = protocolFor(protocol).decode(answer, {
			tools,
			newCallId: state.nextCallId,
			filesInPlay: files,
			mustChange,
		});
		return context.options.mode === "plan" && protocol === "text" ? planOf(decoded, answer, tools) : decoded;
	};
	const wantsBlock = mustChange && asksForBlock(protocol, files);
	try {
		warmUpMs = await warmedUp(context, signal);
		const barred = await barredFor(context, files, mustChange, signal);
		const request = requestOf(varied(state, round), state.conversation, promptTokensEstimate, barred);
		const answer = await chat(context, request, signal);
		if ("malformed" in answer) {
			const said = saidBefore(state, answer, decode);
			if (said === null) return unread(answer);
			reply = said.reply;
			calls = said.decoded.calls;
			return said;
		}
		reply = answer;
		let decoded = decode(answer);
		if (decoded.kind === "text" && wantsBlock) {
			const whole = await withBlock(context, request, answer, files, signal);
			if ("malformed" in whole) return unread(whole);
			reply = whole;
			decoded = decode(whole);
		}
		if (decoded.kind === "text" && wantsBlock) {
			return { reply, decoded: { kind: "malformed", cause: "unreadable", explanation: NO_BLOCK } };
		}
		if (decoded.kind === "calls") calls = decoded.calls;
		return { reply, decoded };
	} finally {
		const usage = reply?.usage ?? NO_USAGE;
		emit({
			type: "model-finished",
			round,
			ok: reply !== null,
			durationMs: clock.now() - startedAt,
			...usage,
			loadMs: usage.loadMs + warmUpMs,
			tokensPerSecond: usage.decodeMs > 0 ? Math.round((usage.outputTokens / usage.decodeMs) * 10_000) / 10 : 0,
			toolCalls: calls.map(({ name, arguments: given }) => ({ name, arguments: given })),
		});
	}
}

/** The answer gone on with to the block that was asked for; the same answer where that cannot be. */
async function withBlock(
	context: RoundContext,
	request: ChatRequest,
	answer: ChatReply,
	files: readonly KnownFile[],
	signal: AbortSignal,
): Promise<ChatReply | Unread> {
	const { options, state, emit, round } = context;
	if (options.loop?.continuation === false || !state.asking.model.continuesAnswers) return answer;
	const continuation = continuationOf(request, answer, files);
	if (continuation === null) return answer;
	emit({ type: "model-delta", round, text: continuation.opening, thinking: false });
	const rest = await chat(context, continuation.request, signal);
	return "malformed" in rest ? rest : joined(answer, continuation, rest);
}

interface Said {
	readonly reply: ChatReply;
	readonly decoded: Extract<Decoded, { readonly kind: "calls" }>;
}

/** What an answer as text said before it began to repeat itself, where that is whole; null where it is not. */
function saidBefore(state: RunState, { content }: Unread, decode: (answer: ChatReply) => Decoded): Said | null {
	const end = content.search(LAST_FENCE);
	if (state.asking.protocol !== "text" || end < 0) return null;
	const reply: ChatReply = { ...NO_REPLY, content: content.slice(0, end + FENCE.length) };
	const decoded = decode(reply);
	return decoded.kind === "calls" ? { reply, decoded } : null;
}

function unread({ content, malformed }: Unread): Asked {
	return {
		reply: { ...NO_REPLY, content: content.slice(0, MAX_REPEATED_CHARS) },
		decoded: { kind: "malformed", ...malformed },
	};
}

/** Only by schema is an answer held to the tools it is given. */
async function barredFor(
	{ parts, options, state }: RoundContext,
	files: readonly KnownFile[],
	mustChange: boolean,
	signal: AbortSignal,
): Promise<readonly string[]> {
	if (state.asking.protocol !== "schema") return [];
	const { files: listed } = await parts.workspace.list(".", MAX_LISTED, signal);
	const { wantWhole } = state.editFailures;
	return barredTools({ task: options.task, files, projectFiles: listed.length, wantWhole, mustChange });
}

/** After an answer of which nothing could be done, the same temperature would bring the same answer; the more of them, the warmer. */
function varied({ asked, asking, records }: RunState, round: number): Asking {
	if (asked?.isRepeated) return { ...asking, temperature: AGAIN_TEMPERATURE, seed: asking.seed + round };
	const useful = records.findLastIndex(({ calls }) => calls.some(({ code }) => code === "ok"));
	const inVain = records.length - 1 - useful;
	if (inVain === 0) return asking;
	const temperature = Math.min(MAX_TEMPERATURE, FIRST_TEMPERATURE + TEMPERATURE_STEP * (inVain - 1));
	return { ...asking, temperature: Math.max(asking.temperature, temperature), seed: asking.seed + round };
}

interface Unread {
	readonly content: string;
	readonly malformed: Malformed;
}

async function chat(context: RoundContext, request: ChatRequest, signal: AbortSignal): Promise<ChatReply | Unread> {
	const { state } = context;
	const watches = { text: new RepetitionWatch(), thinking: new RepetitionWatch() };
	const endless = new AbortController();
	let text = "";
	const onDelta = (delta: ChatDelta) => {
		emitDelta(context, delta);
		if (delta.kind !== "text" && delta.kind !== "thinking") return;
		if (delta.kind === "text") text += delta.text;
		if (watches[delta.kind].add(delta.text))
			endless.abort(new DOMException("The answer repeats itself.", "AbortError"));
	};
	try {
		return await state.asking.model.chat(request, onDelta, AbortSignal.any([signal, endless.signal]));
	} catch (error) {
		signal.throwIfAborted();
		if (endless.signal.aborted) {
			return {
				content: text,
				malformed: {
					cause: "repetition",
					explanation:
						"Your answer repeated itself without end and was stopped, so nothing of it was done. Answer with one short call.",
				},
			};
		}
		if (!(error instanceof UserError) || error.kind !== "unreadable-call") throw error;
		// The same request would end in the same way.
		state.asking = { ...state.asking, seed: state.asking.seed + 1 };
		return {
			content: "",
			malformed: {
				cause: "server",
				explanation: `${error.message} Nothing was done. Send the call again with valid JSON, or make it shorter.`,
			},
		};
	}
}

async function warmedUp({ emit, clock, state, round }: RoundContext, signal: AbortSignal): Promise<number> {
	const startedAt = clock.now();
	let waiting = true;
	const warmUp = state.warmUp.then(() => {
		waiting = false;
	});
	// A warm-up that is over already must not show as "loading".
	await Promise.resolve().then(() => undefined);
	if (!waiting) return 0;
	emit({ type: "model-state", round, state: "loading" });
	await orAborted(warmUp, signal);
	return clock.now() - startedAt;
}

function emitDelta({ emit, round }: RoundContext, delta: ChatDelta): void {
	switch (delta.kind) {
		case "state":
			emit({ type: "model-state", round, state: delta.state });
			break;
		case "notice":
			emit({ type: "notice", round, level: delta.level, message: delta.message });
			break;
		case "text":
		case "thinking":
			emit({ type: "model-delta", round, text: delta.text, thinking: delta.kind === "thinking" });
			break;
	}
}

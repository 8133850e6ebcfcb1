/** The second step of a round: one streamed model call, read by the model's tool protocol. */
import { filesInPlay } from "./files-in-play.ts";
import type { ChatDelta, ChatReply, ChatRequest, ToolCall } from "./model/conversation.ts";
import type { Decoded } from "./model/protocol.ts";
import { protocolFor } from "./model/protocol.ts";
import type { RunContext, RunState } from "./run-state.ts";
import { TOOLS } from "./tools/catalog.ts";

/** Whole-file writes of up to some 300 lines fit; a runaway answer does not. */
const MAX_OUTPUT_TOKENS = 2_048;
const SEED = 42;

export interface Asked {
	readonly reply: ChatReply;
	readonly decoded: Decoded;
	readonly wallMs: number;
}

/** The request that the conversation makes now. */
export function requestOf({ parts }: Pick<RunContext, "parts">, conversation: RunState["conversation"]): ChatRequest {
	return protocolFor(parts.model.protocol).encode(conversation, TOOLS, {
		maxOutputTokens: MAX_OUTPUT_TOKENS,
		temperature: 0,
		seed: SEED,
		think: false,
		toolResults: parts.model.toolResults,
	});
}

/**
 * Asks the model, after its warm-up; the wait for that counts as load.
 * @throws what ChatModel.chat throws
 */
export async function askStep(
	context: RunContext,
	state: RunState,
	round: number,
	promptTokensEstimate: number,
	signal: AbortSignal,
): Promise<Asked> {
	const { parts, emit, clock } = context;
	const startedAt = clock.now();
	emit({ type: "model-started", round, promptTokensEstimate });
	let finished: { readonly reply: ChatReply; readonly warmUpMs: number; readonly calls: readonly ToolCall[] } | null =
		null;
	try {
		const warmUpMs = await warmedUp(context, state, round, signal);
		const request = requestOf(context, state.conversation);
		const reply = await parts.model.chat(request, (delta) => emitDelta(context, round, delta), signal);
		const decoded = protocolFor(parts.model.protocol).decode(reply, {
			tools: TOOLS,
			newCallId: state.nextCallId,
			filesInPlay: await filesInPlay(context, state, signal),
		});
		finished = { reply, warmUpMs, calls: decoded.kind === "calls" ? decoded.calls : [] };
		return { reply, decoded, wallMs: clock.now() - startedAt };
	} finally {
		const usage = finished?.reply.usage;
		const decodeMs = usage?.decodeMs ?? 0;
		emit({
			type: "model-finished",
			round,
			ok: finished !== null,
			durationMs: clock.now() - startedAt,
			loadMs: (usage?.loadMs ?? 0) + (finished?.warmUpMs ?? 0),
			prefillMs: usage?.prefillMs ?? 0,
			decodeMs,
			promptTokens: usage?.promptTokens ?? 0,
			cachedTokens: usage?.cachedTokens ?? null,
			outputTokens: usage?.outputTokens ?? 0,
			tokensPerSecond: decodeMs > 0 ? Math.round(((usage?.outputTokens ?? 0) / decodeMs) * 10_000) / 10 : 0,
			toolCalls: (finished?.calls ?? []).map(({ name, arguments: given }) => ({ name, arguments: given })),
		});
	}
}

async function warmedUp(
	{ emit, clock }: RunContext,
	state: RunState,
	round: number,
	signal: AbortSignal,
): Promise<number> {
	const startedAt = clock.now();
	let waiting = true;
	const warmUp = state.warmUp.then(() => {
		waiting = false;
	});
	// A warm-up that is over already must not show as "loading".
	await Promise.resolve().then(() => undefined);
	if (!waiting) return 0;
	emit({ type: "model-state", round, state: "loading" });
	await Promise.race([warmUp, aborted(signal)]);
	return clock.now() - startedAt;
}

function aborted(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		if (signal.aborted) reject(signal.reason);
		signal.addEventListener("abort", () => reject(signal.reason), { once: true });
	});
}

function emitDelta({ emit }: RunContext, round: number, delta: ChatDelta): void {
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

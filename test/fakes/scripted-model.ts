/** A chat model whose answers are written beforehand, or made from the request; keeps what it was asked. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ChatDelta, ChatReply, ChatRequest, ToolCall, ToolProtocol } from "../../src/core/model/conversation.ts";
import type { ChatModel } from "../../src/core/ports.ts";

const MAX_PIECES = 10_000;

/** Text alone, calls with or without text, a whole reply, or what `chat` throws. */
export type ScriptedAnswer =
	| string
	| Error
	| Partial<Omit<ChatReply, "toolCalls">>
	/** This piece again and again, behind what begins the answer, until the call is aborted. */
	| { readonly begins?: string; readonly endless: string }
	| { readonly content?: string; readonly calls: readonly Omit<ToolCall, "id">[] };

export interface ScriptedModelOptions {
	readonly name?: string;
	readonly protocol?: ToolProtocol;
	readonly contextLength?: number;
	readonly canThink?: boolean;
	readonly sharesProcessor?: boolean;
	readonly continuesAnswers?: boolean;
	/** How long each answer takes; an abort ends it early. */
	readonly delayMs?: number;
}

export interface ScriptedModel extends ChatModel {
	/** What `chat` was asked, in order. */
	readonly requests: readonly ChatRequest[];
	readonly warmUps: readonly ChatRequest[];
}

/** @param answers one a call, the last again and again; or a function of the request and the number of calls before it */
export function createScriptedModel(
	answers: readonly ScriptedAnswer[] | ((request: ChatRequest, before: number) => ScriptedAnswer),
	{
		name = "scripted",
		protocol = "native",
		contextLength = 8_192,
		canThink = false,
		delayMs = 0,
		sharesProcessor = false,
		continuesAnswers = false,
	}: ScriptedModelOptions = {},
): ScriptedModel {
	const requests: ChatRequest[] = [];
	const warmUps: ChatRequest[] = [];
	return {
		name,
		protocol,
		takesTools: true,
		toolResults: "tool",
		canThink,
		contextLength,
		sharesProcessor,
		continuesAnswers,
		requests,
		warmUps,
		async chat(request, onDelta, signal) {
			signal.throwIfAborted();
			const before = requests.length;
			requests.push(request);
			const answer = typeof answers === "function" ? answers(request, before) : (answers[before] ?? answers.at(-1));
			onDelta({ kind: "state", state: "reading" });
			await sleep(delayMs, undefined, { signal }).catch(() => undefined);
			signal.throwIfAborted();
			if (answer === undefined) throw new Error("The scripted model has no answer.");
			if (answer instanceof Error) throw answer;
			if (typeof answer !== "string" && "endless" in answer) return repeat(answer, onDelta, signal);
			const reply = replyOf(answer, before);
			onDelta({ kind: "state", state: "writing" });
			if (reply.content !== "") onDelta({ kind: "text", text: reply.content });
			return reply;
		},
		async warmUp(request, signal) {
			signal.throwIfAborted();
			warmUps.push(request);
		},
	};
}

async function repeat(
	{ begins = "", endless }: { readonly begins?: string; readonly endless: string },
	onDelta: (delta: ChatDelta) => void,
	signal: AbortSignal,
): Promise<never> {
	if (begins !== "") onDelta({ kind: "text", text: begins });
	for (let pieces = 0; pieces < MAX_PIECES; pieces += 1) {
		signal.throwIfAborted();
		onDelta({ kind: "text", text: endless });
		await Promise.resolve();
	}
	throw new Error("Nobody stopped the endless answer.");
}

function replyOf(answer: Exclude<ScriptedAnswer, Error | { readonly endless: string }>, before: number): ChatReply {
	const usage = { loadMs: 0, prefillMs: 1, decodeMs: 1, promptTokens: 0, cachedTokens: null, outputTokens: 1 };
	const plain: ChatReply = { content: "", toolCalls: [], doneReason: "stop", usage };
	if (typeof answer === "string") return { ...plain, content: answer };
	if (!("calls" in answer)) return { ...plain, ...answer };
	return {
		...plain,
		content: answer.content ?? "",
		toolCalls: answer.calls.map((call, index) => ({ id: `scripted_${before}_${index}`, ...call })),
	};
}

/** How fast a model is: a simple question, reading, writing, and a conversation that grows. */
import type { ChatMessage, ChatReply, ChatRequest } from "../model/conversation.ts";
import type { ChatModel, Clock } from "../ports.ts";
import type { RateSample, TimedAnswer } from "./report.ts";

type Asked = Pick<ChatModel, "chat">;

const SEED = 7;
/** Words of the text that is read, and of it where the machine is slow. */
const MOST_WORDS = 1_600;
const FEWEST_WORDS = 300;
const READING_TARGET_MS = 12_000;
const MIN_DECODED_TOKENS = 64;
const APPEND_ROUNDS = 4;
const KEPT_FACTOR = 3;
const QUESTIONS = [
	"What is 7 times 8? Answer with the number.",
	"Which language is pytest written in? One word.",
	"Name the capital of France. One word.",
	"What is the square root of 81? Answer with the number.",
	"Is 17 a prime number? Answer yes or no.",
];
const WORDS =
	"the parser reads one line after another and keeps what it has seen in a small table of names so that later lines may use them again".split(
		" ",
	);

/** @throws AbortError, UserError */
export async function askSimple(model: Asked, index: number, clock: Clock, signal: AbortSignal): Promise<TimedAnswer> {
	const startedAt = clock.now();
	let firstAt: number | null = null;
	const request = requestOf([{ role: "user", content: QUESTIONS[index % QUESTIONS.length] ?? "" }], 24);
	await model.chat(
		request,
		(delta) => {
			if (delta.kind === "text") firstAt ??= clock.now();
		},
		signal,
	);
	const totalMs = clock.now() - startedAt;
	return { firstTokenMs: (firstAt ?? clock.now()) - startedAt, totalMs };
}

/**
 * Reads a text that the server cannot have cached: about 2,000 tokens, fewer where that would take long.
 * @param msPerToken of reading, as far as it is known
 */
export async function measurePrefill(
	model: Asked,
	index: number,
	msPerToken: number | null,
	signal: AbortSignal,
): Promise<RateSample> {
	const fitting = msPerToken === null ? FEWEST_WORDS : READING_TARGET_MS / msPerToken / 1.25;
	const count = Math.round(Math.min(MOST_WORDS, Math.max(FEWEST_WORDS, fitting)));
	const { usage } = await ask(
		model,
		[{ role: "user", content: textOf(`Text ${index} ${index * 7919}:`, count, index) }],
		1,
		signal,
	);
	return readRate(usage);
}

/** Writes at least 64 tokens, or is no sample (null). */
export async function measureDecode(model: Asked, index: number, signal: AbortSignal): Promise<RateSample | null> {
	const content = `Write ${index + 3} short functions in Python about lists, each with a docstring.`;
	const { usage } = await ask(model, [{ role: "user", content }], 96, signal);
	return usage.outputTokens < MIN_DECODED_TOKENS ? null : { tokens: usage.outputTokens, ms: usage.decodeMs };
}

/** Four rounds, each the one before and some more; tokens are those that are new. */
export async function measureAppend(model: Asked, signal: AbortSignal): Promise<readonly RateSample[]> {
	const messages: ChatMessage[] = [];
	const samples: RateSample[] = [];
	let before = 0;
	for (let round = 0; round < APPEND_ROUNDS; round += 1) {
		messages.push({ role: "user", content: textOf(`Round ${round}.`, round === 0 ? FEWEST_WORDS : 80, round) });
		const { usage, content } = await ask(model, messages, 8, signal);
		samples.push({ tokens: Math.max(1, usage.promptTokens - before), ms: usage.prefillMs });
		before = usage.promptTokens;
		messages.push({ role: "assistant", content, toolCalls: [] });
	}
	return samples;
}

/** Whether the last round cost about what its new tokens cost, by the pace of the first; null without both. */
export function isPrefixKept(append: readonly RateSample[]): boolean | null {
	const [first] = append;
	const last = append.at(-1);
	if (first === undefined || last === undefined || append.length < APPEND_ROUNDS || first.ms === 0) return null;
	return last.ms <= KEPT_FACTOR * last.tokens * (first.ms / first.tokens);
}

function readRate({ promptTokens, cachedTokens, prefillMs }: ChatReply["usage"]): RateSample {
	return { tokens: Math.max(1, promptTokens - (cachedTokens ?? 0)), ms: prefillMs };
}

function ask(
	model: Asked,
	messages: readonly ChatMessage[],
	maxOutputTokens: number,
	signal: AbortSignal,
): Promise<ChatReply> {
	return model.chat(requestOf([...messages], maxOutputTokens), () => undefined, signal);
}

function requestOf(messages: readonly ChatMessage[], maxOutputTokens: number): ChatRequest {
	return { messages, tools: [], format: null, maxOutputTokens, temperature: 0, seed: SEED, think: false };
}

/** The same words for the same index, others for another. */
function textOf(head: string, count: number, index: number): string {
	const words = Array.from({ length: count }, (_, at) => WORDS[(at * (index + 3) + index) % WORDS.length]);
	return `${head} ${words.join(" ")}`;
}

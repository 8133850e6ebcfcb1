/** What a session keeps on a real server: the prompt's prefix, the first token's time, and the loaded model. */
import assert from "node:assert/strict";
import { Ollama } from "ollama";
import type { ChatMessage } from "../../src/core/model/conversation.ts";
import { type Result, spreadOf, words } from "../measure.ts";
import { freshText, openModel, requestOf, type Target } from "./target.ts";

const ROUNDS = 5;
const FIRST_WORDS = 400;
const ROUND_WORDS = 60;
const PAIRS = 3;
const APPEND_GOAL = 0.2;
const FIRST_TOKEN_GOAL = 1.2;
const SESSION_ROUNDS = 20;

/** Round 5's prefill in an append-only conversation, against the same prompt uncached. */
export async function appendOnly(target: Target, signal: AbortSignal): Promise<Result> {
	const model = await openModel(target, signal);
	await model.warmUp(requestOf([{ role: "user", content: "hello" }], 1), signal);
	const appended: number[] = [];
	const uncached: number[] = [];
	for (let pair = 0; pair < PAIRS; pair += 1) {
		const messages: ChatMessage[] = [{ role: "system", content: freshText(FIRST_WORDS) }];
		let last = 0;
		for (let round = 1; round <= ROUNDS; round += 1) {
			messages.push({ role: "user", content: freshText(ROUND_WORDS) });
			const { usage, content } = await model.chat(requestOf(messages, 8), () => undefined, signal);
			last = usage.prefillMs;
			if (round < ROUNDS) messages.push({ role: "assistant", content, toolCalls: [] });
		}
		appended.push(last);
		const [head, ...rest] = messages;
		assert.ok(head !== undefined);
		const changed: ChatMessage = { role: "system", content: `${freshText(0)}${head.content}` };
		const { usage } = await model.chat(requestOf([changed, ...rest], 8), () => undefined, signal);
		uncached.push(usage.prefillMs);
	}
	const one = spreadOf(appended);
	const other = spreadOf(uncached);
	const ratio = one.median / other.median;
	return {
		id: "append-only",
		what: `round ${ROUNDS}'s prefill, append-only, against uncached (${words(one)} against ${words(other)})`,
		measured: `${ratio.toFixed(2)}x`,
		goal: `<= ${APPEND_GOAL}x`,
		met: ratio <= APPEND_GOAL,
		figures: { appendedMs: one, uncachedMs: other, ratio },
	};
}

/** From the call to the first text, against the server's own time of reading the new part of the prompt. */
export async function firstToken(target: Target, signal: AbortSignal): Promise<Result> {
	const model = await openModel(target, signal);
	const ratios: number[] = [];
	for (let index = 0; index < PAIRS * 2; index += 1) {
		const head: ChatMessage = { role: "system", content: freshText(FIRST_WORDS / 4) };
		await model.warmUp(requestOf([head], 1), signal);
		const startedAt = performance.now();
		let firstAt: number | null = null;
		const { usage } = await model.chat(
			requestOf([head, { role: "user", content: freshText(FIRST_WORDS) }], 8),
			(delta) => {
				if (delta.kind === "text") firstAt ??= performance.now();
			},
			signal,
		);
		if (firstAt !== null) ratios.push((firstAt - startedAt) / usage.prefillMs);
	}
	const spread = spreadOf(ratios);
	return {
		id: "first-token",
		what: "first token after a warm-up, against the server's own prefill time",
		measured: `${spread.median.toFixed(2)}x (${spread.p10.toFixed(2)}..${spread.p90.toFixed(2)})`,
		goal: `<= ${FIRST_TOKEN_GOAL}x`,
		met: spread.median <= FIRST_TOKEN_GOAL,
		figures: { ratio: spread },
	};
}

/** Twenty rounds; between two of them another client asks with other options. A reload that it forces must be named. */
export async function reloads(target: Target, signal: AbortSignal): Promise<Result> {
	const model = await openModel(target, signal);
	const messages: ChatMessage[] = [{ role: "user", content: freshText(40) }];
	await model.warmUp(requestOf(messages, 1), signal);
	let reloaded = 0;
	const notices: string[] = [];
	for (let round = 1; round <= SESSION_ROUNDS; round += 1) {
		if (round === SESSION_ROUNDS / 2) {
			const other = new Ollama({ host: target.server });
			const content = "hello";
			await other.chat({
				model: target.model,
				messages: [{ role: "user", content }],
				options: { num_ctx: 4_096, num_predict: 1 },
			});
		}
		messages.push({ role: "user", content: `Round ${round}: say one word.` });
		const { usage, content } = await model.chat(
			requestOf(messages, 4),
			(delta) => {
				if (delta.kind === "notice") notices.push(delta.message);
			},
			signal,
		);
		messages.push({ role: "assistant", content, toolCalls: [] });
		if (usage.loadMs > 1_000) reloaded += 1;
	}
	const named = notices.filter((notice) => notice.includes("another client")).length;
	const met = reloaded <= 1 && named === reloaded;
	return {
		id: "reloads",
		what: `reloads in ${SESSION_ROUNDS} rounds with a second client in between, each named with its cause`,
		measured: `${reloaded}, ${named} named`,
		goal: "<= 1, named",
		met,
		figures: { reloaded, named },
	};
}

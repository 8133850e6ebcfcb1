import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimateTokens, fitConversation } from "../../../../src/core/model/budget.ts";
import type { ChatMessage } from "../../../../src/core/model/conversation.ts";
import { openingMessages } from "../../../../src/core/model/prompt.ts";
import { protocolFor } from "../../../../src/core/model/protocol.ts";
import { TOOLS } from "../../../../src/core/tools/catalog.ts";

const HEAD: readonly ChatMessage[] = [
	{ role: "system", content: "system prompt" },
	{ role: "user", content: "the task" },
];

function round(number: number, chars: number): readonly ChatMessage[] {
	const id = `call_${number}`;
	return [
		{ role: "user", content: `probe ${number}` },
		{ role: "assistant", content: "", toolCalls: [{ id, name: "read_file", arguments: { path: "a" } }] },
		{ role: "tool", content: `${number}`.padEnd(chars, "x"), toolName: "read_file", toolCallId: id },
	];
}

function conversation(rounds: number, chars: number): readonly ChatMessage[] {
	return [...HEAD, ...Array.from({ length: rounds }, (_, index) => round(index + 1, chars)).flat()];
}

const BUDGET = { contextLength: 8_192, tokenRatio: 1, digest: "what happened so far" };

describe("F30 fitting a conversation", () => {
	it("leaves one that fits untouched, so that the server's cache holds", () => {
		const messages = conversation(3, 1_000);
		const fitted = fitConversation(messages, BUDGET);
		expect(fitted.messages).toBe(messages);
		expect(fitted.compacted).toBe(false);
	});

	it("cuts one that outgrew the window in one step: head, digest, the last three rounds verbatim", () => {
		const messages = conversation(10, 2_500);
		const { messages: fitted, compacted } = fitConversation(messages, BUDGET);
		expect(compacted).toBe(true);
		expect(fitted).toEqual([...HEAD, { role: "user", content: BUDGET.digest }, ...messages.slice(-9)]);
		expect(estimateTokens({ messages: fitted, tools: [] }, 1)).toBeLessThan(BUDGET.contextLength * 0.45);
	});

	it("keeps fewer rounds where three are too many, and shortens the results of the last", () => {
		const messages = conversation(4, 40_000);
		const { messages: fitted } = fitConversation(messages, BUDGET);
		expect(fitted.map(({ role }) => role)).toEqual(["system", "user", "user", "user", "assistant", "tool"]);
		expect(estimateTokens({ messages: fitted, tools: [] }, 1)).toBeLessThan(BUDGET.contextLength * 0.45);
	});

	it("does so the earlier the more tokens the server counts", () => {
		const messages = conversation(6, 2_500);
		expect(fitConversation(messages, { ...BUDGET, tokenRatio: 1 }).compacted).toBe(false);
		expect(fitConversation(messages, { ...BUDGET, tokenRatio: 2 }).compacted).toBe(true);
	});

	it("never parts a call from its result, keeps system and task, and gives the same for the same", () => {
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 30 }),
				fc.integer({ min: 500, max: 40_000 }),
				(sizes, contextLength) => {
					const messages = [...HEAD, ...sizes.flatMap((chars, index) => round(index + 1, chars))];
					const { messages: fitted } = fitConversation(messages, { ...BUDGET, contextLength });
					expect(fitted.slice(0, 2)).toEqual(HEAD);
					const called = fitted.flatMap((message) => (message.role === "assistant" ? message.toolCalls : []));
					const answered = fitted.flatMap((message) => (message.role === "tool" ? [message.toolCallId] : []));
					expect(answered).toEqual(called.map(({ id }) => id));
					expect(fitConversation(messages, { ...BUDGET, contextLength }).messages).toEqual(fitted);
				},
			),
		);
	});
});

describe("the estimate", () => {
	it("is corrected by what the server counted", () => {
		const request = { messages: conversation(2, 1_000), tools: TOOLS };
		expect(estimateTokens(request, 2)).toBeGreaterThanOrEqual(estimateTokens(request, 1) * 2 - 1);
	});

	it.each(["native", "text"] as const)("system prompt with tools stays under 900 tokens in the %s protocol", (kind) => {
		const limits = { maxOutputTokens: 1, temperature: 0, seed: 1, think: false, toolResults: "tool" } as const;
		const request = protocolFor(kind).encode(openingMessages(""), TOOLS, limits);
		expect(estimateTokens(request, 1)).toBeLessThan(900);
	});
});

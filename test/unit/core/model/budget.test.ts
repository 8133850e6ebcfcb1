import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	compactConversation,
	estimateTokens,
	headAndTail,
	isNearlyFull,
	maxResultChars,
	outputTokens,
	type Window,
} from "../../../../src/core/model/budget.ts";
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

const WINDOW = { contextLength: 8_192, tokenRatio: 1, toolTokens: 500 };
const DIGEST = (maxChars: number) => "what happened so far, ".repeat(2_000).slice(0, maxChars);

function tokens(messages: readonly ChatMessage[], { tokenRatio, toolTokens }: Window): number {
	return estimateTokens({ messages, tools: [] }, tokenRatio) + toolTokens * tokenRatio;
}

describe("F30 a conversation and its window", () => {
	it("is cut at about four fifths of it, the tools counted", () => {
		const nearly = conversation(4, 4_600);
		expect(tokens(nearly, WINDOW) / WINDOW.contextLength).toBeGreaterThan(0.7);
		expect(isNearlyFull(nearly, WINDOW)).toBe(false);
		expect(isNearlyFull(nearly, { ...WINDOW, toolTokens: 1_500 })).toBe(true);
		expect(isNearlyFull(nearly, { ...WINDOW, tokenRatio: 1.2 })).toBe(true);
	});

	it("is cut in one step to two fifths: head, digest, the last three rounds verbatim", () => {
		const messages = conversation(10, 2_500);
		const fitted = compactConversation(messages, WINDOW, DIGEST);
		expect(fitted.slice(0, 2)).toEqual(HEAD);
		expect(fitted[2]?.content).toContain("what happened so far");
		expect(fitted.slice(3)).toEqual(messages.slice(-9));
		const share = tokens(fitted, WINDOW) / WINDOW.contextLength;
		expect(share).toBeGreaterThan(0.4);
		expect(share).toBeLessThan(0.45);
	});

	it("keeps fewer rounds where three are too many, and shortens the texts of the last", () => {
		const messages = conversation(4, 40_000);
		const fitted = compactConversation(messages, WINDOW, DIGEST);
		expect(fitted.map(({ role }) => role)).toEqual(["system", "user", "user", "user", "assistant", "tool"]);
		expect(fitted.at(-1)?.content).toContain("characters left out; read them by range");
		expect(tokens(fitted, WINDOW)).toBeLessThan(WINDOW.contextLength * 0.45);
	});

	it("shortens what a call would write, and what the model wrote", () => {
		const call = { id: "call_1", name: "write_file", arguments: { path: "a.py", content: "x".repeat(60_000) } };
		const messages: readonly ChatMessage[] = [
			...HEAD,
			{ role: "user", content: "probe" },
			{ role: "assistant", content: "y".repeat(60_000), toolCalls: [call] },
			{ role: "tool", content: "changed a.py", toolName: "write_file", toolCallId: "call_1" },
		];
		const fitted = compactConversation(messages, WINDOW, DIGEST);
		expect(tokens(fitted, WINDOW)).toBeLessThan(WINDOW.contextLength * 0.45);
		expect(fitted.at(-1)).toEqual(messages.at(-1));
	});

	const anyRounds = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 30 });
	const anyWindow = fc.record({
		contextLength: fc.integer({ min: 2_048, max: 40_000 }),
		tokenRatio: fc.double({ min: 0.5, max: 2, noNaN: true }),
		toolTokens: fc.integer({ min: 0, max: 400 }),
	});

	it("never stays above its window, keeps system and task, and never parts a call from its result", () => {
		fc.assert(
			fc.property(anyRounds, anyWindow, (sizes, window) => {
				const messages = [...HEAD, ...sizes.flatMap((chars, index) => round(index + 1, chars))];
				const fitted = compactConversation(messages, window, DIGEST);
				expect(tokens(fitted, window)).toBeLessThan(window.contextLength);
				expect(fitted.slice(0, 2)).toEqual(HEAD);
				const called = fitted.flatMap((message) => (message.role === "assistant" ? message.toolCalls : []));
				const answered = fitted.flatMap((message) => (message.role === "tool" ? [message.toolCallId] : []));
				expect(answered).toEqual(called.map(({ id }) => id));
				expect(compactConversation(messages, window, DIGEST)).toEqual(fitted);
			}),
		);
	});

	it("is not cut again at once", () => {
		fc.assert(
			fc.property(anyRounds, anyWindow, (sizes, window) => {
				const messages = [...HEAD, ...sizes.flatMap((chars, index) => round(index + 1, chars))];
				const fitted = compactConversation(messages, window, DIGEST);
				expect(isNearlyFull([...fitted, { role: "user", content: "probe" }], window)).toBe(false);
			}),
		);
	});
});

describe("what an answer and a result may take", () => {
	it("an answer stays within the window", () => {
		expect(outputTokens(16_384, 2_000)).toBe(2_048);
		expect(outputTokens(4_096, 3_000)).toBe(1_096);
		expect(outputTokens(4_096, 4_090)).toBe(256);
	});

	it("a result takes a fifth of the window at most", () => {
		expect(maxResultChars(2_048)).toBeLessThan(2_048 * 3.5 * 0.21);
		expect(maxResultChars(131_072)).toBe(8_000);
	});

	it("head and tail of a long text are kept, with a word on the rest", () => {
		const text = `BEGIN${"x".repeat(5_000)}END`;
		const short = headAndTail(text, 300);
		expect(short).toMatch(/^BEGINx+\n\(4708 characters left out; read them by range\)\nx+END$/);
		expect(headAndTail("short", 300)).toBe("short");
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

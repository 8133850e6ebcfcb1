/** F27: an answer that was cut anywhere makes no edit that is cut: either the whole of it, or nothing and a word to the model. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChatReply, TOOL_PROTOCOLS, type ToolProtocol } from "../../../../src/core/model/conversation.ts";
import { type Decoded, protocolFor } from "../../../../src/core/model/protocol.ts";
import { TOOLS } from "../../../../src/core/tools/catalog.ts";

const FENCE = "```";
/** Without fences of its own: those need a longer fence, and then are covered as well. */
const content = fc
	.array(
		fc.oneof(
			fc.constantFrom(
				"def a():",
				"    return {}",
				'    """Words."""',
				"",
				"x = '{\"name\": 1}'",
				"# b.py",
				"====",
				"<b>",
			),
			fc.string({ maxLength: 20 }).filter((line) => !/[\r\n\u2028\u2029`~<>=]/.test(line)),
		),
		{ minLength: 1, maxLength: 12 },
	)
	.map((lines) => `${lines.join("\n")}\n`)
	.filter((text) => text.trim() !== "");

/** How a model may write one file, by protocol. */
const SHAPES: readonly (readonly [string, ToolProtocol, (text: string) => string])[] = [
	["a path line and a fence", "text", (text) => `Here:\nwrite_file a.py\n${FENCE}python\n${text}${FENCE}\nDone.`],
	["a longer fence", "text", (text) => `write_file a.py\n${FENCE}\`\n${text}${FENCE}\`\n`],
	["a fence alone", "text", (text) => `${FENCE}python\n${text}${FENCE}\n`],
	["JSON", "native", (text) => JSON.stringify({ name: "write_file", arguments: { path: "a.py", content: text } })],
	[
		"fenced JSON",
		"native",
		(text) =>
			`${FENCE}json\n${JSON.stringify({ name: "write_file", arguments: { path: "a.py", content: text } }, null, 2)}\n${FENCE}`,
	],
	["an answer by schema", "schema", (text) => JSON.stringify({ tool: "write_file", path: "a.py", content: text })],
	[
		"function tags",
		"native",
		(text) =>
			`<function=write_file>\n<parameter=path>\na.py\n</parameter>\n<parameter=content>\n${text}\n</parameter>\n</function>`,
	],
];

function decode(answer: string, kind: ToolProtocol, doneReason: ChatReply["doneReason"]): Decoded {
	const usage = { loadMs: 0, prefillMs: 0, decodeMs: 0, promptTokens: 0, cachedTokens: null, outputTokens: 0 };
	return protocolFor(kind).decode(
		{ content: answer, toolCalls: [], doneReason, usage },
		{ tools: TOOLS, newCallId: () => "call_1", filesInPlay: [{ path: "a.py", text: null }] },
	);
}

describe.each(SHAPES)("F27 %s", (_, kind, shape) => {
	it("is the whole file when it is whole", () => {
		fc.assert(
			fc.property(content, (text) => {
				const decoded = decode(shape(text), kind, "stop");
				if (decoded.kind !== "calls") throw new Error(JSON.stringify(decoded));
				expect(decoded.calls.map((call) => call.arguments["content"])).toEqual([text]);
			}),
		);
	});

	it("is never a part of the file, wherever it was cut", () => {
		fc.assert(
			fc.property(content, fc.double({ min: 0, max: 1, noNaN: true }), (text, share) => {
				const whole = shape(text);
				const decoded = decode(whole.slice(0, Math.floor(whole.length * share)), kind, "stop");
				if (decoded.kind !== "calls") return;
				expect(decoded.calls.map((call) => call.arguments["content"])).toEqual([text]);
			}),
			{ numRuns: 300 },
		);
	});

	it("is nothing when the server says that it was cut", () => {
		fc.assert(
			fc.property(content, fc.constantFrom(...TOOL_PROTOCOLS), (text, any) => {
				expect(decode(shape(text), any, "length")).toMatchObject({ kind: "malformed", cause: "cut" });
			}),
			{ numRuns: 20 },
		);
	});
});

describe("F27 a search/replace block", () => {
	const line = fc.constantFrom("x = 1", "    return 2", "", "# =======x", "y");
	it("is never a part of itself, wherever it was cut", () => {
		fc.assert(
			fc.property(fc.array(line), fc.array(line), fc.nat({ max: 400 }), (before, after, length) => {
				const whole = `edit_file a.py\n<<<<<<< SEARCH\n${before.join("\n")}\n=======\n${after.join("\n")}\n>>>>>>> REPLACE\n`;
				const decoded = decode(whole.slice(0, length), "text", "stop");
				if (decoded.kind !== "calls") return;
				expect(decoded.calls[0]?.arguments).toEqual({
					path: "a.py",
					old_text: before.join("\n"),
					new_text: after.join("\n"),
				});
			}),
			{ numRuns: 500 },
		);
	});
});

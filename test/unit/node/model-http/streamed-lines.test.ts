import fc from "fast-check";
import { expect, test } from "vitest";
import { NdjsonLines, SseLines, type StreamedLines } from "../../../../src/node/model-http/streamed-lines.ts";
import { TransportError } from "../../../../src/node/model-http/transport-error.ts";

const MAX_LINE_BYTES = 200;

/** What a stream gives for these pieces: the lines up to the last, or the code of its failure. */
function read(
	lines: StreamedLines,
	pieces: readonly Buffer[],
): { readonly text: string; readonly failure: string | null } {
	const out: Uint8Array[] = [];
	try {
		for (const piece of pieces) {
			const { bytes, done } = lines.push(piece);
			out.push(bytes);
			if (done) return { text: Buffer.concat(out).toString(), failure: null };
		}
		out.push(lines.end().bytes);
		return { text: Buffer.concat(out).toString(), failure: null };
	} catch (error) {
		if (!(error instanceof TransportError)) throw error;
		return { text: "", failure: error.fault };
	}
}

const LINE = fc.oneof(
	fc.json({ maxDepth: 2 }),
	fc.string({ unit: "binary", maxLength: 30 }),
	fc.constantFrom(
		'{"message":{"content":"é𝒳"}}',
		'{"done":true}',
		'{"done_reason":"stop"}',
		'{"error":{"message":"no"}}',
		'{"error":null}',
		"null",
		"[]",
		"{",
		"data: [DONE]",
		'data: {"choices":[]}',
		'error: {"message":"no"}',
		"event: x",
		"\0",
		"x".repeat(MAX_LINE_BYTES + 1),
	),
);
const BYTES = fc
	.tuple(fc.array(LINE, { maxLength: 6 }), fc.uint8Array({ maxLength: 6 }), fc.constantFrom("\n", "\r\n"))
	.map(([lines, tail, end]) => Buffer.concat([Buffer.from(lines.map((line) => line + end).join("")), tail]));

test.each([
	["NDJSON", () => new NdjsonLines(MAX_LINE_BYTES)],
	["SSE", () => new SseLines(MAX_LINE_BYTES)],
] as const)(
	"F16 F17: whatever arrives as %s, in whatever pieces, is JSON objects or one named failure",
	(_, create) => {
		fc.assert(
			fc.property(BYTES, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }), (bytes, sizes) => {
				const pieces: Buffer[] = [];
				for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
					const size = sizes[turn % sizes.length] ?? 1;
					pieces.push(bytes.subarray(at, at + size));
					at += size;
				}
				const whole = read(create(), [bytes]);
				expect(["corrupt", "too-large", null]).toContain(whole.failure);
				for (const line of whole.text.split("\n").filter((text) => text !== ""))
					expect(JSON.parse(line)).toBeTypeOf("object");
				expect(read(create(), pieces)).toEqual(whole);
			}),
			{ numRuns: 500 },
		);
	},
);

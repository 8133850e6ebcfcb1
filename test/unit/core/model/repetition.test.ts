import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RepetitionWatch } from "../../../../src/core/model/repetition.ts";
import { readBadCalls } from "../../../fixtures/ollama-wire.ts";

/** Characters heard before the watch speaks up, or null. */
function heard(text: string, pieceChars = 4): number | null {
	const watch = new RepetitionWatch();
	for (let at = 0; at < text.length; at += pieceChars) {
		if (watch.add(text.slice(at, at + pieceChars))) return at + pieceChars;
	}
	return null;
}

describe("F29 an answer that repeats itself", () => {
	test.each([
		["a line", "name: 'value'\n", 1_100],
		["white space", " ", 1_100],
		["a block", `def f():\n${"    x = 1  # a comment\n".repeat(12)}\n`, 4_500],
	])("is heard soon: %s", (_, piece, within) => {
		expect(heard(`Here is the file.\n${piece.repeat(2_000)}`)).toBeLessThan(within);
	});

	test("whatever the piece, up to a limit", () => {
		fc.assert(
			fc.property(fc.string({ minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (piece, step) => {
				expect(heard(piece.repeat(Math.ceil(6_000 / piece.length)), step)).not.toBeNull();
			}),
			{ numRuns: 50 },
		);
	});

	test("as recorded: an answer that was cut while it repeated a line", () => {
		const recorded = readBadCalls().filter(
			({ file }) => /1.5b-even|1.5b-quotes/.test(file) && file.startsWith("library-1.5b-even"),
		);
		expect(recorded).toHaveLength(1);
		for (const { answer, doneReason } of recorded) {
			expect(doneReason).toBe("length");
			expect(heard(answer)).toBeLessThan(answer.length);
		}
	});
});

test("ordinary code, tables and prose are heard to their end", () => {
	const code = Array.from({ length: 200 }, (_, n) => `def test_${n}():\n    assert f(${n}) == ${n * n}\n`).join("\n");
	const table = Array.from({ length: 300 }, (_, n) => `| ${n} | ${"x".repeat(n % 7)} | 0 | 0 | 0 |`).join("\n");
	const prose = readBadCalls()
		.map(({ answer }) => answer)
		.filter((answer) => !answer.includes("'value'\\nname"))
		.slice(0, 20)
		.join("\n");
	for (const text of [code, table, prose]) expect(heard(text)).toBeNull();
});

/** The facts that stand in place of what was left out of a conversation. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf } from "../../../../src/core/model/digest.ts";
import { verdictOf } from "../../../../src/core/probes/verdict.ts";
import type { AppliedCall, RoundRecord } from "../../../../src/core/run-state.ts";
import { reportOfSketch } from "../../../fakes/reports.ts";

const report = reportOfSketch({ failing: { "test_a.py::one": "x" } });
const verdict = verdictOf(report, null);

function edit(code: string, tried: string): AppliedCall {
	return { name: "edit_file", target: "a.py", signature: "", code, times: 1, triedToChange: true, tried };
}

function round(number: number, rest: Partial<RoundRecord> = {}): RoundRecord {
	return { round: number, report, verdict, calls: [], answer: null, malformed: null, ...rest };
}

const STATE = {
	filesChanged: new Set(["b.py", "a.py"]),
	records: [
		round(1, { calls: [edit("ok", "return n < 3")] }),
		round(2, { answer: "Hm." }),
		round(3, { malformed: { cause: "cut", explanation: "Cut." } }),
		round(4, { calls: [edit("no-match", "return n")] }),
	],
};
const FILES = [{ path: "a.py", text: "def f(n):\n    return n < 3\n" }];

test("names the changed files in one order, what each round tried and in vain, and the files as they are", () => {
	expect(digestOf(STATE, FILES, 5_000)).toBe(
		[
			"Earlier rounds were left out. What is known of them:",
			"Files changed so far: a.py, b.py.",
			`Round 1: ${verdict.detail}; then edit_file a.py with "return n < 3".`,
			`Round 2: ${verdict.detail}; then words only.`,
			`Round 3: ${verdict.detail}; then no call (cut).`,
			`Round 4: ${verdict.detail}; then edit_file a.py with "return n" (no-match).`,
			"a.py is now:",
			"```python",
			"def f(n):",
			"    return n < 3",
			"```",
		].join("\n"),
	);
});

test("leaves out a file that does not fit whole, and the oldest rounds first", () => {
	const digest = digestOf(STATE, [{ path: "a.py", text: "x = 1\n".repeat(500) }], 300);
	expect(digest).not.toContain("is now");
	expect(digest).toContain("Round 4");
	expect(digest).not.toContain("Round 1:");
});

test("fences a text with fences of its own in a longer one", () => {
	expect(digestOf(STATE, [{ path: "a.md", text: "```\nx\n```\n" }], 5_000)).toContain(
		"a.md is now:\n````\n```\nx\n```\n````",
	);
});

test("never has more characters than it may, and is the same for the same", () => {
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 4_000 }), fc.string({ maxLength: 3_000 }), (maxChars, text) => {
			const files = [
				{ path: "a.py", text },
				{ path: "new.py", text: null },
			];
			const digest = digestOf(STATE, files, maxChars);
			expect(digest.length).toBeLessThanOrEqual(maxChars);
			expect(digestOf(STATE, files, maxChars)).toBe(digest);
		}),
	);
});

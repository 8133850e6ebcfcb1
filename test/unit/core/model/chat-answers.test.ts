import { expect, test } from "vitest";
import { UserError } from "../../../../src/core/errors.ts";
import { failureAnswer, outcomeAnswer } from "../../../../src/core/model/chat-answers.ts";

test("an outcome is told with its reason, the verdict and the files", () => {
	const verdict = {
		...{ state: "green" as const, detail: "3 tests pass, lint is clean", failing: [], findings: 0 },
		delta: { fixed: 1, added: 0, still: 0 },
	};
	const answer = outcomeAnswer(
		{ kind: "green", reason: "All green." },
		{ filesChanged: ["a.py", "b\u202e.py"], verdict },
	);
	expect(answer).toBe(
		"OUTCOME: green. All green.\nLint and tests: 3 tests pass, lint is clean\nFiles changed: a.py, b<U+202E>.py",
	);
	expect(
		outcomeAnswer({ kind: "failed", reason: "No server.", fix: "Start it." }, { filesChanged: [], verdict: null }),
	).toBe("OUTCOME: failed. No server. Start it.\nLint and tests: not known\nFiles changed: none");
});

test("a failure names its fix, a cancelled call says so, and a bug is none of the two", () => {
	expect(failureAnswer(new UserError("usage", "It is busy.", "Wait."))).toBe("NOT DONE: It is busy. Wait.");
	expect(failureAnswer(new DOMException("x", "AbortError"))).toMatch(/^NOT DONE: .*cancelled/);
	expect(failureAnswer(new Error("bug"))).toBeNull();
});

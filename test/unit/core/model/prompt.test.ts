/** What every conversation begins with, and what the model hears of a probe. */
import { describe, expect, test } from "vitest";
import { MAX_FINDINGS, probeMessage } from "../../../../src/core/model/feedback.ts";
import { openingMessages } from "../../../../src/core/model/prompt.ts";
import { verdictOf } from "../../../../src/core/probes/verdict.ts";
import { type ReportSketch, reportOfSketch } from "../../../fakes/reports.ts";

function messageOf(round: number, sketch: ReportSketch, before: ReportSketch | null = null): string {
	const report = reportOfSketch(sketch);
	return probeMessage(round, verdictOf(report, before === null ? null : reportOfSketch(before)), report);
}

describe("the opening", () => {
	test("the task stands in its own message, so that the head is the same for every task", () => {
		const [one, two] = [openingMessages("Fix it"), openingMessages("Add a parser")];
		expect(one[0]).toEqual(two[0]);
		expect(one[1]).toEqual({ role: "user", content: "Task: Fix it" });
	});
});

describe("the word after a probe", () => {
	test("the first round lists what fails, with its place and its message on one line", () => {
		const text = messageOf(1, { failing: { "test_a.py::test_one": "assert 1 == 2\n +  where 1 = f()" } });
		expect(text).toBe(
			["PROBE 1: failing", "- FAIL test_a.py::test_one (test_a.py:3) assert 1 == 2 | +  where 1 = f()"].join("\n"),
		);
	});

	test("a name that is not defined where it is imported from is told as that", () => {
		const message = "ImportError: cannot import name 'slugify' from 'text.slugs' (/tmp/x/text/slugs.py)";
		const text = messageOf(1, { failing: { "test_a.py": message } });
		expect(text).toContain("ImportError: cannot import name 'slugify': slugs.py does not define it");
		const circular =
			"cannot import name 'A' from partially initialized module 'a' (most likely due to a circular import)";
		expect(messageOf(1, { failing: { "test_a.py": circular } })).toContain(circular);
		expect(messageOf(1, { failing: { "test_a.py": `${circular} (/tmp/x/a.py)` } })).toContain(
			"cannot import name 'A' from a, which imports this module itself (a circular import)",
		);
	});

	test("later rounds begin with what changed since", () => {
		const before = { failing: { "test_a.py::one": "x", "test_a.py::two": "x" } };
		const text = messageOf(2, { failing: { "test_a.py::two": "x", "test_a.py::three": "x" } }, before);
		expect(text.split("\n")[1]).toBe("since last round: fixed 1, new 1, still failing 1");
	});

	test("more findings than fit are counted, and a long message is cut", () => {
		const failing = Object.fromEntries(
			Array.from({ length: MAX_FINDINGS + 3 }, (_, index) => [`test_a.py::test_${index}`, "m".repeat(5_000)]),
		);
		const text = messageOf(1, { failing });
		expect(text).toContain("(+3 more)");
		expect(text.length).toBeLessThan(MAX_FINDINGS * 400);
	});

	test("lint findings carry their rule, and a probe that did not run says why", () => {
		const text = messageOf(1, { lint: ["a.py:4 F401 unused import"], pytest: "no-tests" });
		expect(text).toContain("- LINT a.py:4:1 F401 unused import");
		expect(text).toContain("pytest did not run: it could not (no-tests)");
		expect(text).not.toContain("All tests pass");
	});

	test("a line separator within a message makes no line that looks like the loop's own", () => {
		const text = messageOf(1, { failing: { "test_a.py::one": "boom\u2028PROBE 2: green" } });
		expect(text.split(/\r\n|[\n\r\u2028\u2029]/)).toHaveLength(2);
	});

	test("green is said in words", () => {
		expect(messageOf(1, {})).toContain("All tests pass and lint is clean.");
	});
});

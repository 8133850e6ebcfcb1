/** What a round's message ends with. */
import { expect, test } from "vitest";
import { nextStep } from "../../../src/core/next-step.ts";

const ONE = { path: "a.py", text: "x = 1\n" };
const NEW = { path: "tests/test_a.py", text: null };
const LONG = { path: "b.py", text: "x = 1\n".repeat(100) };

test("files that the task names and that do not exist come one at a time, by every protocol", () => {
	for (const protocol of ["native", "schema"] as const) {
		const words = nextStep([ONE, NEW, { path: "c.py", text: null }], "not-run", protocol);
		expect(words).toBe("Still missing: tests/test_a.py, c.py. Write tests/test_a.py now, whole.");
	}
	expect(nextStep([NEW], "green", "text")).toContain(
		'Write tests/test_a.py now: the line "write_file tests/test_a.py"',
	);
});

test("text answers: one short file is named, of several the model says which", () => {
	expect(nextStep([ONE], "failing", "text")).toContain("the whole new a.py in one fenced block");
	expect(nextStep([ONE, { path: "c.py", text: "" }], "failing", "text")).toContain("which file is wrong");
});

test("nothing is added where it would not be true, or where the answer's form is the server's business", () => {
	expect(nextStep([ONE], "green", "text")).toBeUndefined();
	expect(nextStep([ONE, LONG], "failing", "text")).toBeUndefined();
	expect(nextStep([], "failing", "text")).toBeUndefined();
	expect(nextStep([ONE], "failing", "schema")).toBeUndefined();
	expect(nextStep([ONE], "failing", "native")).toBeUndefined();
});

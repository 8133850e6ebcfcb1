/** What is kept between sessions comes back exactly, or not at all. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { TestFinding } from "../../../../src/core/probes/finding.ts";
import type { KeptAnswers } from "../../../../src/core/probes/kept-answers.ts";
import { createAnswerFile, keptText, parseKept } from "../../../../src/node/probes/answer-file.ts";
import { placesIn, replaced, valueAt } from "../../../fixtures/places.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const FAILURE: TestFinding = {
	probe: "pytest",
	testId: "test_a.py::x",
	file: "test_a.py",
	line: 1,
	column: 1,
	code: "failed",
	message: "no ✓",
	severity: "error",
	frame: null,
};
const ANSWERS: KeptAnswers = {
	files: [{ path: "a.py", stamp: "1.2.3.4", target: null, isLink: false, hash: "abc" }],
	lint: [{ key: "k", findings: [] }],
	tests: [
		{ key: "k", findings: [FAILURE], counts: { passed: 0, failed: 1, skipped: 0, errors: 0 }, message: "", fix: "" },
	],
	ledger: {
		known: {
			records: [{ file: "test_a.py", outcomes: [["test_a.py::x", "failed"]], findings: [FAILURE] }],
			reads: [["test_a.py", ["data/"]]],
			unfollowed: [["test_a.py", ["network"]]],
			unknown: null,
			pending: [["test_a.py", true]],
			learned: [["a.py", ["test_a.py"]]],
			changedSinceFull: ["a.py"],
		},
		python: "3.11",
		wholeMs: 1_700,
		differs: [["a.py", null]],
	},
	graph: { key: "k", imports: [["test_a.py", ["a.py"]]], opaque: [] },
	modules: ["numpy"],
};
const BOUND = "0".repeat(64);

test("what was written is read again, by this user alone, and nothing else is left", () => {
	const folder = join(temporaryWorkspace(), "answers");
	const file = createAnswerFile(folder, ["/work", "1.0"]);
	expect(file.read()).toBeNull();
	file.write(ANSWERS);
	file.write({ ...ANSWERS, modules: [] });
	expect(file.read()).toEqual({ ...ANSWERS, modules: [] });
	const [name = "", ...others] = readdirSync(folder);
	expect(others).toEqual([]);
	expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
});

test("answers that cannot be kept are only lost: too large for a text, or no folder for them", () => {
	const folder = join(temporaryWorkspace({ taken: "" }), "taken", "answers");
	createAnswerFile(folder, []).write(ANSWERS);
	const tooLarge: KeptAnswers = {
		...ANSWERS,
		get modules(): readonly string[] {
			throw new RangeError("Invalid string length");
		},
	};
	createAnswerFile(temporaryWorkspace(), []).write(tooLarge);
});

test("another workspace, version or setting reads nothing, also where the file was moved to its place", () => {
	const folder = temporaryWorkspace();
	createAnswerFile(folder, ["/work", "1.0"]).write(ANSWERS);
	const other = createAnswerFile(folder, ["/work", "1.1"]);
	expect(other.read()).toBeNull();
	other.write(ANSWERS);
	const [one = "", two = ""] = readdirSync(folder);
	const [first, second] = [one, two].map((name) => readFileSync(join(folder, name)));
	if (first === undefined || second === undefined) throw new Error("Two files were expected.");
	writeFileSync(join(folder, one), second);
	writeFileSync(join(folder, two), first);
	expect([other.read(), createAnswerFile(folder, ["/work", "1.0"]).read()]).toEqual([null, null]);
});

test("a text that was cut or damaged anywhere is nothing", () => {
	const text = keptText(ANSWERS, BOUND);
	expect(parseKept(text, BOUND)).toEqual(ANSWERS);
	fc.assert(
		fc.property(fc.nat(text.length - 1), fc.string(), (at, more) => {
			expect(parseKept(text.slice(0, at), BOUND)).toBeNull();
			if (more === "") return;
			expect(parseKept(text.slice(0, at) + more + text.slice(at), BOUND)).toBeNull();
		}),
		{ numRuns: 500 },
	);
});

test("a whole text of another shape is nothing", () => {
	const odd = fc.constantFrom<unknown>({}, [{}], -0.5, true, "odd");
	fc.assert(
		fc.property(fc.constantFrom(...placesIn(ANSWERS)), odd, (place, value) => {
			const before = valueAt(ANSWERS, place);
			// What may be null may be a text as well, a flag may be another one.
			fc.pre(before !== null && typeof before !== typeof value);
			expect(parseKept(keptText(replaced(ANSWERS, place, value) as KeptAnswers, BOUND), BOUND)).toBeNull();
		}),
		{ numRuns: 1_000 },
	);
	expect(parseKept(keptText({ ...ANSWERS, files: undefined } as unknown as KeptAnswers, BOUND), BOUND)).toBeNull();
});

/** What is written as a reference is read as the same one, whatever the path's characters. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fileReference, pathInWords, referencesIn, typedPath } from "../../../../src/core/model/reference-words.ts";

function pathsIn(task: string): readonly string[] {
	return referencesIn(task).flatMap((reference) => (reference.kind === "file" ? [reference.path] : []));
}

test("a path with a blank is quoted, and read again as a whole", () => {
	expect(fileReference("Week 1/ex1.py")).toBe('#file:"Week 1/ex1.py"');
	expect(fileReference("shelf/loans.py")).toBe("#file:shelf/loans.py");
	expect(pathsIn('Fix this file: #file:"Week 1/ex1.py", please')).toEqual(["Week 1/ex1.py"]);
});

test("every path that the editor can hold comes back as it was, amid other words and after another one", () => {
	const path = fc.stringMatching(/^[^"\n\r\u2028\u2029]+$/);
	fc.assert(
		fc.property(path, path, (one, other) => {
			expect(pathsIn(`Fix ${fileReference(one)} and ${fileReference(other)}.`)).toEqual([one, other]);
		}),
	);
});

test("punctuation behind a reference is the sentence's, in quotes it is the path's", () => {
	expect(pathsIn("Fix #file:a.py, then #file:b.py.")).toEqual(["a.py", "b.py"]);
	expect(pathsIn('Fix #file:"copy (1)".')).toEqual(["copy (1)"]);
	expect(fileReference("copy(1)")).toBe('#file:"copy(1)"');
});

test("the named ones are read beside files, and nothing within a word is one", () => {
	expect(referencesIn("#selection of #file:a.py, #problems").map(({ words }) => words)).toEqual([
		"#selection",
		"#file:a.py",
		"#problems",
	]);
	expect(referencesIn("issue#changes, #selections, C#file:x")).toEqual([]);
});

test("a quote that is still open is no path with a blank", () => {
	expect(referencesIn('Fix #file:"Week 1/ex1.py')).toEqual([{ kind: "file", words: '#file:"Week', path: '"Week' }]);
});

test("what is typed so far is a path's beginning, with or without its quotes", () => {
	expect(typedPath('#file:"Week 1/e')).toBe("Week 1/e");
	expect(typedPath("#file:sh")).toBe("sh");
	expect(typedPath("#sel")).toBeNull();
});

test("in a sentence, a path that can be told from its words stands there bare", () => {
	expect(pathInWords("shelf/loans.py")).toBe("shelf/loans.py");
	expect(pathInWords("Week 1/ex1.py")).toBe('#file:"Week 1/ex1.py"');
});

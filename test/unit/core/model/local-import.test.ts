/** An import moved from the top into the functions that use it: where it goes, and when it must stay. */
import { describe, expect, test } from "vitest";
import { withLocalImport } from "../../../../src/core/model/local-import.ts";

const LINE = "from library.author import Author";

function text(...body: readonly string[]): string {
	return `"""A book."""\n\n${LINE}\n\n\n${body.join("\n")}\n`;
}

function moved(...body: readonly string[]): string {
	return `"""A book."""\n\n\n${body.join("\n")}\n`;
}

describe("goes into", () => {
	test("each function that uses it, behind its docstring and a signature of several lines", () => {
		const withLines = (...line: readonly string[]) => [
			"class Book:",
			"    def __init__(",
			"        self,",
			"        author,",
			"    ):",
			'        """Of an author."""',
			...line.map((one) => (one === "" ? one : `        ${one}`)),
			"        if not isinstance(author, Author):",
			"            raise TypeError",
			"",
			"    def title(self):",
			"        return 1",
			"",
			"",
			"async def read():",
			"    # An Author reads.",
			...line.map((one) => (one === "" ? one : `    ${one}`)),
			"    return Author()",
		];
		expect(withLocalImport(text(...withLines()), LINE)).toBe(moved(...withLines(LINE, "")));
	});

	test("a function that stands before it, and no other line goes", () => {
		const before = `def first():\n    return Author\n\n\nx = 1\n\n${LINE}\n\ny = 2\n`;
		expect(withLocalImport(before, LINE)).toBe(`def first():\n    ${LINE}\n\n    return Author\n\n\nx = 1\n\ny = 2\n`);
	});

	test("a function that uses the name it is given", () => {
		const line = "from a import one as first, two";
		expect(withLocalImport(`${line}\n\n\ndef f():\n    return first\n`, line)).toBe(
			`\n\ndef f():\n    ${line}\n\n    return first\n`,
		);
	});
});

describe("stays where a name is needed before a function is called:", () => {
	test.each([
		["as a base", ["class Novelist(Author):", "    pass", "", "", "def f():", "    return Author"]],
		["as a decorator", ["@Author", "def f():", "    return Author"]],
		["as a default", ["def f(author=Author):", "    return author"]],
		["as an annotation", ["def f(author: Author):", "    return author"]],
		["in a statement", ["WHO = Author()", "", "", "def f():", "    return Author"]],
		["in a class", ["class Book:", "    by = Author"]],
		["in a line with its function", ["def f(): return Author"]],
		["nowhere", ["def f():", "    return 1"]],
	])("%s", (_, body) => {
		expect(withLocalImport(text(...body), LINE)).toBeNull();
	});

	test("or where no such line stands at the top", () => {
		expect(withLocalImport(text("def f():", "    return Author"), "from a import b")).toBeNull();
		const local = `def f():\n    ${LINE}\n    return Author\n`;
		expect(withLocalImport(local, LINE)).toBeNull();
		expect(withLocalImport("import a\n\n\ndef f():\n    return a\n", "import a")).toBeNull();
	});
});

test("A51 is read in linear time", () => {
	const many = Array.from({ length: 5_000 }, (_, index) => `def f${index}():\n    return Author`);
	expect(withLocalImport(text(...many), LINE)).toContain(`    ${LINE}`);
	expect(withLocalImport("x\n", `from a import ${"b, ".repeat(50_000)}`)).toBeNull();
}, 20_000);

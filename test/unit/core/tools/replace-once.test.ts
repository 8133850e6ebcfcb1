import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { replaceOnce } from "../../../../src/core/tools/replace-once.ts";

function textOf(replaced: ReturnType<typeof replaceOnce>): string {
	if (!replaced.ok) throw new Error(replaced.message);
	return replaced.text;
}

test("an exact, unique piece is replaced", () => {
	expect(textOf(replaceOnce("a\nb\nc\n", "b", "B"))).toBe("a\nB\nc\n");
});

test.each([["$&"], ["$'"], ["$`"], ["$$"], ["\\1"], ["$<x>"], ["%s"]])(
	"F48: %s in the new text stays literal",
	(text) => {
		expect(textOf(replaceOnce("x = OLD\n", "OLD", text))).toBe(`x = ${text}\n`);
		expect(textOf(replaceOnce("    x = OLD\n", "x  = OLD".replace("  ", " "), text))).toBe(`    ${text}\n`);
	},
);

test("F50: no match and several matches are refused, and the refusal helps", () => {
	const text = "def first(values):\n    return values[0]\n";
	const missing = replaceOnce(text, "    return values[1]\ndef first(values):", "x");
	expect(missing).toMatchObject({ ok: false, code: "no-match" });
	expect(missing.ok ? "" : missing.message).toContain("line 1:\ndef first(values):");
	expect(replaceOnce("a = 1\na = 1\n", "a = 1", "a = 2")).toMatchObject({ ok: false, code: "many-matches" });
	expect(replaceOnce("aaa", "aa", "b")).toMatchObject({ ok: false, code: "many-matches" });
	expect(replaceOnce("  a\n\ta\n", "    a", "b")).toMatchObject({ ok: false, code: "many-matches" });
	expect(replaceOnce("a\n\n\nb", "\n \n", "b")).toMatchObject({ ok: false, code: "no-match" });
});

test("a piece with other indentation takes the file's", () => {
	const file = "class A:\n    def f(self):\n        if x:\n            return 1\n        return 2\n";
	const old = "if x:\n    return 1\nreturn 2";
	expect(textOf(replaceOnce(file, old, "if y:\n    return 3\n\nreturn 4"))).toBe(
		"class A:\n    def f(self):\n        if y:\n            return 3\n\n        return 4\n",
	);
});

test("a first line without its indentation, as models often copy, keeps the rest where it is", () => {
	const file = "def f():\n    a = 1\n    b = 2\n";
	expect(textOf(replaceOnce(file, "a = 1  \nb = 2", "a = 2\nb = 3"))).toBe("def f():\n    a = 2\n    b = 3\n");
});

test("tabs and trailing white space of the file do not stand in the way", () => {
	expect(textOf(replaceOnce("if a:\n\tb()  \n\tc()\n", "    b()\n    c()", "    d()"))).toBe("if a:\n\td()\n");
});

test("F45: new lines take the line ends of their place", () => {
	expect(textOf(replaceOnce("a\r\nb\r\nc\r\n", "a\nb", "x\ny"))).toBe("x\r\ny\r\nc\r\n");
	expect(textOf(replaceOnce("a\nb\r\nc\r\n", "b\nc", "x\ny"))).toBe("a\nx\r\ny\r\n");
	expect(textOf(replaceOnce("a\nb\r\nc\r\n", "a\nb", "x\ny\nz"))).toBe("x\ny\nz\r\nc\r\n");
	expect(textOf(replaceOnce("a\rb\nc", "b", "x\ny"))).toBe("a\rx\ny\nc");
});

const EOL = fc.constantFrom("\n", "\r\n", "\r", "");
const LINE = fc.oneof(
	fc.constantFrom("    return 1", "\tx", "", "  ", "$&", "é\u2028", "\ufeff", "def f():"),
	fc.string({ unit: "binary", maxLength: 6 }),
);
const TEXT = fc.array(fc.tuple(LINE, EOL), { maxLength: 8 }).map((lines) => lines.flat().join(""));

test("F45 F48 F50: an exact edit changes its place and no other byte", () => {
	fc.assert(
		fc.property(TEXT, TEXT, TEXT, TEXT, (before, old, after, given) => {
			const text = before + old + after;
			fc.pre(old.trim() !== "" && !given.includes("\n"));
			// A piece that begins or ends between the two bytes of a CRLF does not stand in a file of lines.
			fc.pre(!before.endsWith("\r") && !(old.endsWith("\r") && after.startsWith("\n")));
			fc.pre(text.replaceAll("\r\n", "\n").split(old.replaceAll("\r\n", "\n")).length === 2);
			const replaced = replaceOnce(text, old, given);
			if (!replaced.ok) {
				expect(replaced.code).toBe("many-matches");
				return;
			}
			expect(replaced.text).toBe(before + given + after);
		}),
		{ numRuns: 1_000 },
	);
});

test("F45: whatever matches, what comes out begins and ends as before", () => {
	const word = fc.constantFrom("a", "b", "  a", "a  ", "\tb", "");
	fc.assert(
		fc.property(fc.array(word, { maxLength: 10 }), fc.array(word, { minLength: 1, maxLength: 3 }), (lines, old) => {
			const text = lines.join("\r\n");
			const replaced = replaceOnce(text, old.join("\n"), "NEW");
			if (!replaced.ok) return;
			const at = replaced.text.indexOf("NEW");
			expect(at).toBeGreaterThanOrEqual(0);
			expect(text.startsWith(replaced.text.slice(0, at).trimEnd())).toBe(true);
			expect(text.endsWith(replaced.text.slice(at + "NEW".length))).toBe(true);
		}),
	);
});

describe("by lines alone", () => {
	const file = "def f(a,b):\n    if a  == b:\n\n        return 1\n    return 2\n";

	test("takes a place whose blank lines and inner white space differ", () => {
		expect(
			replaceOnce(
				file,
				"def f(a, b):\n    if a == b:\n        return 1",
				"def f(a, b):\n    if a != b:\n        return 1",
			),
		).toEqual({
			ok: true,
			text: "def f(a, b):\n    if a != b:\n        return 1\n    return 2\n",
		});
	});

	test("refuses where there are two of them", () => {
		expect(replaceOnce("x  = 1\ny = 2\nx =  1\n", "x = 1", "x = 3")).toMatchObject({ ok: false, code: "many-matches" });
	});
});

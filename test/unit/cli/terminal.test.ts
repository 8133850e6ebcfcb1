import fc from "fast-check";
import { expect, test } from "vitest";
import { plain } from "../../../src/core/plain-text.ts";
import { jsonLine, unshown, visible } from "../../../src/core/visible-text.ts";

test("A74: escape sequences, C1 controls and cursor movement cannot reach the terminal", () => {
	for (const attack of ["\u001b[31mred", "\u001b]8;;http://x\u0007link", "\u009b1A", "a\rb", "\u0000"]) {
		expect(visible(attack)).not.toMatch(/\p{Cc}/u);
	}
	expect(visible("\u001b[2J")).toBe("<U+001B>[2J");
});

test("A48, A54: bidi, zero-width and tag characters are shown", () => {
	expect(visible("a\u202eb\u200bc\u{e0041}")).toBe("a<U+202E>b<U+200B>c<U+E0041>");
});

test("text for people stays as it is", () => {
	expect(visible("Größe: 3 µs\n\tnaïve 漢字 🙂")).toBe("Größe: 3 µs\n\tnaïve 漢字 🙂");
});

test("A75: a long hostile text is handled in linear time", () => {
	expect(visible("\u001b[".repeat(200_000))).toHaveLength(9 * 200_000);
});

test("A54: what a model copies back with code points is written as the file has it, and nothing else is", () => {
	expect(unshown("a<U+200D>b", "x\u200dy")).toBe("a\u200db");
	expect(unshown("a<U+200D>b", "xy")).toBe("a<U+200D>b");
	expect(unshown("a<U+200D>b", "x\u200dy <U+200D>")).toBe("a<U+200D>b");
	expect(unshown("<U+FFFFFF>", "x")).toBe("<U+FFFFFF>");
	fc.assert(
		fc.property(fc.string({ unit: "grapheme" }), (text) => {
			fc.pre(!text.includes("<U+"));
			expect(unshown(visible(text), text)).toBe(text);
		}),
	);
});

test("A74: a JSON line holds nothing that a terminal obeys, and is the same value", () => {
	const line = jsonLine({ text: "\u009b2J\u001b[1A\u202e\u{e0041}\u2028", ok: "ä🙂" });
	expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
	expect(line).toContain("ä🙂");
	expect(JSON.parse(line)).toEqual({ text: "\u009b2J\u001b[1A\u202e\u{e0041}\u2028", ok: "ä🙂" });
});

test("A71: no link is left in a text for the editor's messages", () => {
	for (const attack of [
		"[ok](command:x?%22%22)",
		"[ok] (command:x)",
		"[a]\t(file:///x)",
		"[a](https://x)",
		"[[a](b)](c)",
	])
		expect(plain(attack)).not.toMatch(/\]\(/);
	expect(plain("a[0] and f(x)")).toBe("a[0] and f(x)");
});

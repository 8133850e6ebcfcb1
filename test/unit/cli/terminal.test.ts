import { expect, test } from "vitest";
import { visible } from "../../../src/cli/terminal.ts";

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

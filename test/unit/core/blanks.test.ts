import { expect, test } from "vitest";
import { linesOutOfSight, withBlanksCounted } from "../../../src/core/blanks.ts";

test("A48: a long run of blanks of whatever kind stands as its length, what is before and behind it stays", () => {
	for (const blank of [" ", "\t", "\u00a0", "\u3000", "\u2003", "\u3164", "\u2800", "\u115f", " \t"])
		expect(withBlanksCounted(`x = 1${blank.repeat(10_000)}; evil()`)).toBe(
			`x = 1<${10_000 * blank.length} blanks>; evil()`,
		);
});

test("indentation, tables and text stay as they are", () => {
	for (const line of [`${" ".repeat(100)}deep = 1`, `a${" ".repeat(80)}| b`, "Größe: 漢字", ""])
		expect(withBlanksCounted(line)).toBe(line);
});

test("A48: only lines that come new and have text behind the blanks are named", () => {
	const far = " ".repeat(200);
	const old = `old${far}text`;
	expect(linesOutOfSight(`${old}\n`, `${old}\n${far}evil()\nnew${far}text\nplain\ntrailing${far}\n`)).toEqual([
		"<200 blanks>evil()",
		"new<200 blanks>text",
	]);
});

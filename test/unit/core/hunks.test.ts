/** One change of a run taken back alone, whatever else was changed since, and never where its own lines were. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { hunksOf } from "../../../src/core/hunks.ts";
import { lineChanges } from "../../../src/node/line-changes.ts";

const BEFORE = "one\ntwo\nthree\nfour\nfive\nsix\n";
const AFTER = "one\nTWO\nthree\nfour\nsix\nseven\n";

function hunks(now: string, before = BEFORE, after = AFTER) {
	return hunksOf({ before, after, now }, lineChanges);
}

test("each change stands at its place and goes alone", () => {
	expect(hunks(AFTER).map(({ line, lines, without }) => [line, lines, without])).toEqual([
		[1, 1, "one\ntwo\nthree\nfour\nsix\nseven\n"],
		[4, 0, "one\nTWO\nthree\nfour\nfive\nsix\nseven\n"],
		[5, 1, "one\nTWO\nthree\nfour\nsix\n"],
	]);
});

test("lines that were put before it move it along; an undone one is gone, and the others stay", () => {
	const now = `# mine\n${AFTER}`;
	const [first] = hunks(now);
	expect(first?.line).toBe(2);
	expect(hunks(first?.without ?? "").map(({ line }) => line)).toEqual([5, 6]);
	expect(hunks(first?.without ?? "").map(({ key }) => key)).toEqual(
		hunks(now)
			.slice(1)
			.map(({ key }) => key),
	);
});

test("a change whose lines, or whose gap, somebody changed since is none any more", () => {
	expect(hunks(AFTER.replace("TWO", "TWO and a half")).map(({ line }) => line)).toEqual([4, 5]);
	expect(hunks(AFTER.replace("four\n", "four\nmine\n")).map(({ line }) => line)).toEqual([1, 6]);
	expect(hunks(AFTER.replace("six\nseven\n", ""))).toHaveLength(1);
});

test("Windows line ends are no change", () => {
	expect(hunks(AFTER.replaceAll("\n", "\r\n"))).toEqual(hunks(AFTER));
});

test("taken back one after the other, the hunks of a text without repeated lines lead to the text before", () => {
	const text = fc.subarray([..."abcdefghijkl"]).map((lines) => lines.join("\n"));
	fc.assert(
		fc.property(text, text, (before, after) => {
			let now = after;
			for (let last = hunks(now, before, after).at(-1); last !== undefined; last = hunks(now, before, after).at(-1)) {
				now = last.without;
			}
			expect(now).toBe(before);
		}),
	);
});

test("where lines repeat, so that a place is in doubt, a hunk is none rather than a wrong one", () => {
	const text = fc.array(fc.constantFrom("a", "b", ""), { maxLength: 10 }).map((lines) => lines.join("\n"));
	fc.assert(
		fc.property(text, text, (before, after) => {
			const [first, ...others] = hunks(after, before, after);
			if (first === undefined) expect(after).toBe(before);
			else if (others.length === 0) expect(first.without).toBe(before);
			else expect(hunks(first.without, before, after).length).toBeLessThanOrEqual(others.length);
		}),
	);
});

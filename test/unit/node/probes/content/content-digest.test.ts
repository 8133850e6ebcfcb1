import fc from "fast-check";
import { expect, test } from "vitest";
import { type Content, changesBetween } from "../../../../../src/node/probes/content/content.ts";
import {
	type ContentPart,
	carryDigests,
	contentDigest,
} from "../../../../../src/node/probes/content/content-digest.ts";

const PARTS: readonly ContentPart[] = ["lint", "lint-config", "tests", "sources"];
const path = fc.constantFrom(
	"a.py",
	"b.py",
	"pkg/a.py",
	"notes.txt",
	"ruff.toml",
	"pyproject.toml",
	"stub.pyi",
	"x.ipynb",
);
const content: fc.Arbitrary<Content> = fc
	.array(fc.tuple(path, fc.constantFrom("one", "two", "three")))
	.map((entries) => new Map(entries));

test("a digest that is carried through many contents is the one that a new session computes", () => {
	fc.assert(
		fc.property(fc.array(content, { minLength: 2, maxLength: 6 }), (contents) => {
			const [first = new Map()] = contents;
			contentDigest(first, "tests");
			for (const [index, now] of contents.entries()) carryDigests(contents[index - 1] ?? first, now);
			for (const now of contents) {
				for (const part of PARTS) expect(contentDigest(now, part)).toBe(contentDigest(new Map(now), part));
			}
		}),
	);
});

test("the digest of all files tells contents apart exactly where a file differs", () => {
	fc.assert(
		fc.property(content, content, (one, other) => {
			const isSame = changesBetween(one, other).length === 0;
			expect(contentDigest(one, "tests") === contentDigest(other, "tests")).toBe(isSame);
		}),
	);
});

test.each([
	["a.py", ["lint", "tests", "sources"]],
	["ruff.toml", ["lint", "lint-config", "tests"]],
	["pyproject.toml", ["lint", "lint-config", "tests"]],
	["x.ipynb", ["lint", "tests"]],
	["notes.txt", ["tests"]],
])("%s moves the digests of what depends on it, and no others", (file, parts) => {
	const before: Content = new Map([
		["other.py", "one"],
		[file, "one"],
	]);
	const after: Content = new Map([...before, [file, "two"]]);
	expect(PARTS.filter((part) => contentDigest(before, part) !== contentDigest(after, part))).toEqual(parts);
});

test("names and contents that change places are another content", () => {
	const one: Content = new Map([
		["a.py", "one"],
		["b.py", "two"],
	]);
	const other: Content = new Map([
		["a.py", "two"],
		["b.py", "one"],
	]);
	expect(contentDigest(one, "tests")).not.toBe(contentDigest(other, "tests"));
});

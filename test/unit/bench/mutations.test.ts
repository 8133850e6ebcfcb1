import { expect, test } from "vitest";
import { mutateData, mutatePython } from "../../../bench/mutations.ts";
import { difference, failingIds } from "../../../bench/outcomes.ts";
import { createRandom } from "../../../bench/workspaces/random.ts";

const SOURCE = `"""Compares 1 == 1, and
a + b in its words."""
# a == b
from a import b


def f(a, b):
    return a + b  # a == b
`;

test("a mutation changes one place of the code, never a comment or a docstring", () => {
	const random = createRandom(1);
	const texts = new Set(Array.from({ length: 40 }, () => mutatePython("a.py", SOURCE, random)?.text));
	expect([...texts].sort()).toEqual(
		[SOURCE.replace("return a + b", "return None and a + b"), SOURCE.replace("return a + b", "return a - b")].sort(),
	);
});

test("a mutation says its place, and the same seed gives the same one", () => {
	const one = mutatePython("a.py", SOURCE, createRandom(5));
	expect(one?.what).toMatch(/^a\.py:8 /);
	expect(mutatePython("a.py", SOURCE, createRandom(5))).toEqual(one);
	expect(mutatePython("a.py", "import os\n", createRandom(5))).toBeNull();
	expect(mutateData("a.json", '{"rate": 7}', createRandom(1))?.text).toBe('{"rate": 8}');
	expect(mutateData("a.txt", "words", createRandom(1))).toBeNull();
});

test("outcome sets differ by a test that did not run, by one more, and by another outcome", () => {
	const plain = new Set(["t.py::a|call|passed", "t.py::b|call|failed"]);
	expect(difference(plain, new Set(plain))).toBe("");
	expect(difference(plain, new Set(["t.py::a|call|passed"]))).toContain(
		"plain pytest alone has 1 (t.py::b|call|failed)",
	);
	expect(difference(plain, new Set([...plain, "t.py::c|call|passed"]))).toContain("the engine alone has 1");
	expect(difference(plain, new Set(["t.py::a|call|passed", "t.py::b|call|passed"]))).toContain("plain pytest alone");
	expect(failingIds(new Set(["t.py::p[a|b]|call|failed", "t.py::x|setup|failed", "t.py::y|call|xfailed"]))).toEqual([
		"t.py::p[a|b]",
		"t.py::x",
	]);
});

import { expect, test } from "vitest";
import { disputed } from "../../../../bench/projects/plain-truth.ts";

test("two runs dispute what only one has and what they tell differently, by node id", () => {
	const one = new Set(["t.py::a|call|passed", "t.py::b[x|y]|call|failed", "t.py::c|call|passed"]);
	const other = new Set(["t.py::a|call|passed", "t.py::b[x|y]|call|passed"]);
	expect(new Set(disputed(one, other))).toEqual(new Set(["t.py::b[x|y]", "t.py::c"]));
	expect(disputed(one, one)).toEqual([]);
});

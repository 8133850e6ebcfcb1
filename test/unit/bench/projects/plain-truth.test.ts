import { expect, test } from "vitest";
import { disputed, steady } from "../../../../bench/projects/plain-truth.ts";

test("two runs dispute what only one has and what they tell differently, by node id", () => {
	const one = new Set(["t.py::a|call|passed", "t.py::b[x|y]|call|failed", "t.py::c|call|passed"]);
	const other = new Set(["t.py::a|call|passed", "t.py::b[x|y]|call|passed"]);
	expect(new Set(disputed(one, other))).toEqual(new Set(["t.py::b[x|y]", "t.py::c"]));
	expect(disputed(one, one)).toEqual([]);
});

test("where the ids themselves differ, as with the time of day in them, all of that test's are disputed", () => {
	const one = new Set(["t.py::a[09:01]|call|passed", "t.py::a[x]|call|passed", "t.py::b[x]|call|passed"]);
	const other = new Set(["t.py::a[09:02]|call|passed", "t.py::a[x]|call|passed", "t.py::b[x]|call|failed"]);
	const unsteady = new Set(disputed(one, other));
	expect(unsteady).toEqual(new Set(["t.py::a[*]", "t.py::b[x]"]));
	expect(steady(["t.py::a[09:03]", "t.py::b[x]", "t.py::b[y]"], { outcomes: one, failing: [], unsteady })).toEqual([
		"t.py::b[y]",
	]);
});

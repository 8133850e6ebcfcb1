/** ruff's graph, completed: what it leaves out would be missed tests. */
import { expect, test } from "vitest";
import {
	completeGraph,
	importRoots,
	parseRawGraph,
	type RawGraph,
	reaching,
} from "../../../../src/core/probes/import-graph.ts";

const NONE: ReadonlySet<string> = new Set();

function graphOf(files: readonly string[], raw: Readonly<Record<string, readonly string[]>>) {
	const all: RawGraph = new Map(files.map((file) => [file, raw[file] ?? []]));
	return completeGraph(files, all, NONE, null);
}

test("what reaches a module: importers, through each __init__.py above it and each conftest.py above a test", () => {
	const files = [
		"pkg/__init__.py",
		"pkg/sub/__init__.py",
		"pkg/sub/mod.py",
		"lib.py",
		"tests/conftest.py",
		"tests/test_a.py",
	];
	const graph = graphOf(files, {
		"tests/test_a.py": ["pkg/sub/mod.py"],
		"tests/conftest.py": ["lib.py"],
	});
	expect([...reaching(graph, ["pkg/__init__.py"])]).toContain("tests/test_a.py");
	expect([...reaching(graph, ["lib.py"])]).toContain("tests/test_a.py");
	expect([...reaching(graph, ["tests/test_a.py"])]).toEqual(["tests/test_a.py"]);
});

test("files of one module name stand in for each other: several roots, and stubs", () => {
	const files = [
		"a/tests/helpers.py",
		"b/tests/helpers.py",
		"b/tests/test_b.py",
		"m.py",
		"m.pyi",
		"p/__init__.py",
		"p/m.py",
	];
	const graph = graphOf(files, { "b/tests/test_b.py": ["a/tests/helpers.py", "m.pyi"] });
	expect([...reaching(graph, ["b/tests/helpers.py"])]).toContain("b/tests/test_b.py");
	expect([...reaching(graph, ["m.py"])]).toContain("b/tests/test_b.py");
	expect([...reaching(graph, ["p/m.py"])]).not.toContain("b/tests/test_b.py");
});

test("a file that ruff could not read may import anything; one that does not parse keeps the imports it had", () => {
	const files = ["lib.py", "latin.py", "mid.py"];
	const before = graphOf(files, { "mid.py": ["lib.py"] });
	const raw = new Map([
		["lib.py", []],
		["mid.py", []],
	]);
	const graph = completeGraph(files, raw, new Set(["mid.py"]), before);
	expect([...graph.opaque]).toEqual(["latin.py"]);
	expect([...reaching(graph, ["lib.py"])]).toContain("mid.py");
});

test("roots: above packages, beside loose modules, and the folders above those", () => {
	expect(importRoots(["src/pkg/__init__.py", "src/pkg/m.py", "one/tests/test_a.py", "data/x.txt"])).toEqual([
		"",
		"one",
		"one/tests",
		"src",
	]);
});

test("output of another shape is no graph", () => {
	const same = (path: string) => path;
	expect(parseRawGraph('{"a.py": ["b.py"]}', same)?.get("a.py")).toEqual(["b.py"]);
	for (const text of ["", "[]", '{"a.py": "b.py"}', '{"a.py": [1]}', "error: unrecognized subcommand"]) {
		expect(parseRawGraph(text, same)).toBeNull();
	}
});

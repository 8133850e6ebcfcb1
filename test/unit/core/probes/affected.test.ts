/** Which tests a change can affect: each rule, and "all" wherever nothing is known. */
import { expect, test } from "vitest";
import { affectedTests, type FileChange, type Lore } from "../../../../src/core/probes/affected.ts";
import { completeGraph } from "../../../../src/core/probes/import-graph.ts";
import { createReads } from "../../../../src/core/probes/reads.ts";

const FILES = ["lib.py", "mid.py", "other.py", "plugin.py", "tests/test_a.py", "tests/test_b.py", "tests/test_c.py"];
const GRAPH = completeGraph(
	FILES,
	new Map([
		...FILES.map((file) => [file, []] as [string, string[]]),
		["mid.py", ["lib.py"]],
		["tests/test_a.py", ["lib.py"]],
		["tests/test_b.py", ["mid.py"]],
		["tests/test_c.py", ["other.py"]],
	]),
	new Set(),
	null,
);
const LORE: Lore = {
	testFiles: new Set(["tests/test_a.py", "tests/test_b.py", "tests/test_c.py"]),
	reads: createReads(),
	unfollowed: new Map(),
	learned: new Map(),
	ownPatterns: false,
};

function affected(path: string, lore: Partial<Lore> = {}, kind: FileChange["kind"] = "modified") {
	const found = affectedTests([{ path, kind }], [GRAPH], { ...LORE, ...lore });
	if (found.kind === "all") return found.why;
	const names = (files: ReadonlySet<string>) => [...files].map((file) => file.slice("tests/test_".length, -3)).sort();
	return { direct: names(found.direct).join(""), all: names(found.all).join("") };
}

test("direct importers, then all that the change reaches", () => {
	expect(affected("lib.py")).toEqual({ direct: "a", all: "ab" });
	expect(affected("mid.py")).toEqual({ direct: "b", all: "b" });
	expect(affected("tests/test_c.py")).toEqual({ direct: "c", all: "c" });
	expect(affected("plugin.py")).toEqual({ direct: "", all: "" });
});

test("a new test file is one, also by patterns of the project's own", () => {
	const found = affectedTests([{ path: "tests/test_new.py", kind: "created" }], [withFile("tests/test_new.py")], LORE);
	expect(found).toMatchObject({ kind: "some", direct: new Set(["tests/test_new.py"]) });
	const own = affectedTests([{ path: "checks.py", kind: "created" }], [withFile("checks.py")], {
		...LORE,
		ownPatterns: true,
	});
	expect(own).toMatchObject({ kind: "some", direct: new Set(["checks.py"]) });
});

function withFile(file: string) {
	return completeGraph([...FILES, file], new Map([...GRAPH.imports, [file, []]]), new Set(), null);
}

test("an import that went mattered as well as one that came", () => {
	const now = completeGraph(FILES, new Map(FILES.map((file) => [file, []])), new Set(), null);
	const found = affectedTests([{ path: "lib.py", kind: "modified" }], [GRAPH, now], LORE);
	expect(found).toMatchObject({ all: new Set(["tests/test_a.py", "tests/test_b.py"]) });
});

test("data: who read it, in a test or in a module; whoever listed its folder", () => {
	expect(affected("data/x.json", { reads: createReads([["tests/test_c.py", ["data/x.json"]]]) })).toMatchObject({
		all: "c",
	});
	expect(affected("data/x.json", { reads: createReads([["mid.py", ["data/x.json"]]]) })).toMatchObject({ all: "b" });
	expect(affected("data/x.json", { reads: createReads([["lib.py", ["data/"]]]) })).toMatchObject({ all: "ab" });
	expect(affected("tests/test_c.py", { reads: createReads([["tests/test_a.py", ["tests/test_c.py"]]]) })).toMatchObject(
		{
			all: "ac",
		},
	);
});

test("a file that comes or goes: whoever listed a folder above it, the root among them", () => {
	const graph = withFile("pkg/new/mod.py");
	const listing = (folder: string, kind: FileChange["kind"], path = "pkg/new/mod.py") =>
		affectedTests([{ path, kind }], [path === "pkg/new/mod.py" ? graph : GRAPH], {
			...LORE,
			reads: createReads([["tests/test_c.py", [folder]]]),
		});
	for (const kind of ["created", "deleted"] as const) {
		for (const folder of ["pkg/new/", "pkg/", "./"]) {
			expect(listing(folder, kind), `${kind} ${folder}`).toMatchObject({ all: new Set(["tests/test_c.py"]) });
		}
		expect(listing("pk/", kind)).toMatchObject({ all: new Set() });
		expect(listing("./", kind, "plugin.py")).toMatchObject({ all: new Set(["tests/test_c.py"]) });
	}
	expect(listing("pkg/new/", "modified")).toMatchObject({ all: new Set(["tests/test_c.py"]) });
	expect(listing("pkg/", "modified")).toMatchObject({ all: new Set() });
	expect(listing("./", "modified", "notes.txt")).toMatchObject({ kind: "all" });
});

test("what cannot be followed is affected by every change; the environment is part of the record's key", () => {
	const acting = (file: string, act: "subprocess" | "environment" | "exec" | "computed-import") =>
		affected("other.py", { unfollowed: new Map([[file, [act]]]) });
	expect(acting("tests/test_a.py", "subprocess")).toMatchObject({ all: "ac" });
	expect(acting("tests/test_a.py", "exec")).toMatchObject({ all: "ac" });
	expect(acting("tests/test_a.py", "environment")).toMatchObject({ all: "c" });
	expect(acting("mid.py", "computed-import")).toMatchObject({ all: "bc" });
	expect(acting("mid.py", "exec")).toMatchObject({ all: "c" });
	expect(affected("other.py", { learned: new Map([["other.py", ["tests/test_b.py"]]]) })).toMatchObject({ all: "bc" });
});

test("what a file loads by names in its text can be followed, where the graph leads there", () => {
	const naming = (file: string, loaded: readonly string[]) =>
		affected("other.py", { unfollowed: new Map([[file, ["named-import"]]]), reads: createReads([[file, loaded]]) });
	expect(naming("mid.py", ["lib.py", "data/x.json"])).toMatchObject({ all: "c" });
	expect(naming("mid.py", ["lib.py", "plugin.py"])).toMatchObject({ all: "bc" });
	expect(naming("tests/test_b.py", ["mid.py", "lib.py"])).toMatchObject({ all: "c" });
	expect(naming("tests/test_b.py", ["plugin.py"])).toMatchObject({ all: "bc" });
});

test("a file that could not be read for its imports is reached by every change", () => {
	const raw = new Map([...GRAPH.imports].filter(([file]) => file !== "tests/test_c.py"));
	const found = affectedTests(
		[{ path: "lib.py", kind: "modified" }],
		[completeGraph(FILES, raw, new Set(), null)],
		LORE,
	);
	expect(found).toMatchObject({ all: new Set(LORE.testFiles) });
});

test.each([
	["pyproject.toml", "modified", "pyproject.toml changed"],
	["tests/conftest.py", "modified", "tests/conftest.py changed"],
	["sub/pytest.ini", "created", "sub/pytest.ini changed"],
	["data/x.json", "modified", "it is not known who reads data/x.json"],
	["data/x.json", "created", "data/x.json was created, and tests may look for it"],
	["data/x.json", "deleted", "data/x.json was deleted, and tests may look for it"],
	["strange.py", "modified", "strange.py is in no import graph"],
] as const)("%s %s: all tests, and why", (path, kind, why) => {
	expect(affected(path, {}, kind)).toBe(why);
});

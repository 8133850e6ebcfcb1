/** Which files a run is about. */
import { describe, expect, test } from "vitest";
import { filesInPlay, isTestOrConftest, pathsNamed } from "../../../src/core/files-in-play.ts";
import { isTestFile } from "../../../src/core/probes/inputs.ts";
import { SeenFiles } from "../../../src/core/tools/seen-files.ts";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";

const FILES = { "shelf/loans.py": "x = 1\n", "tests/test_loans.py": "", ".env": "KEY=1\n" };

async function inPlay(
	task: string,
	{ changed = [], shown = [] }: { changed?: readonly string[]; shown?: readonly string[] } = {},
): Promise<readonly string[]> {
	const workspace = createMemoryWorkspace(FILES);
	const seen = new SeenFiles();
	const signal = new AbortController().signal;
	for (const path of shown) seen.show(await workspace.read(path, signal), 1, 1, 1);
	const files = await filesInPlay(
		{
			parts: { workspace },
			options: { task },
			state: { filesChanged: new Set(changed), seen },
		},
		signal,
	);
	return files.map(({ path, text }) => (text === null ? `${path} (new)` : path));
}

describe("the files in play", () => {
	test("are those that the task names, found by their name alone, or new", async () => {
		expect(await inPlay("Fix loans.py")).toEqual(["shelf/loans.py"]);
		expect(await inPlay("Create `util/text.py`.")).toEqual(["util/text.py (new)"]);
	});

	test("then those that were changed or shown, tests only where there is nothing else", async () => {
		expect(await inPlay("Fix it", { shown: ["tests/test_loans.py", "shelf/loans.py"] })).toEqual(["shelf/loans.py"]);
		expect(await inPlay("Fix it", { shown: ["tests/test_loans.py"] })).toEqual(["tests/test_loans.py"]);
		expect(await inPlay("Fix it", { changed: ["shelf/loans.py"] })).toEqual(["shelf/loans.py"]);
	});

	test("A01 A15 are never outside of the workspace, and never a file with credentials", async () => {
		expect(await inPlay("Fix ../../etc/evil.py and /etc/x.py")).toEqual([]);
		expect(await inPlay("Fix it", { changed: [".env"] })).toEqual([]);
	});
});

test("a path with a blank is named by its reference, and no part of it is another path", () => {
	expect(pathsNamed('Fix #file:"Week 1/ex1.py" as in b.py:\n- #file:"Week 1/ex1.py":3 F401')).toEqual([
		"Week 1/ex1.py",
		"b.py",
	]);
	expect(pathsNamed('Read #file:"my data.csv"')).toEqual([]);
});

test("a task's paths: no addresses, no versions", () => {
	expect(pathsNamed("In `a.py`, b/c.toml: see https://example.org/d.html, Python 3.11, e.g. a.py")).toEqual([
		"a.py",
		"b/c.toml",
	]);
});

test.each([
	["tests/test_a.py", true, true],
	["a_test.py", true, true],
	["tests/conftest.py", false, true],
	["conftest.py", false, true],
	["tests/helpers.py", false, false],
	["my_conftest.py", false, false],
] as const)("%s: tests %s, tests or their set-up %s", (path, isTest, isEither) => {
	expect([isTestFile(path), isTestOrConftest(path)]).toEqual([isTest, isEither]);
});

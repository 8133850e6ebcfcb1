import { describe, expect, test } from "vitest";
import type { ApproveMode } from "../../../../src/core/machine.ts";
import { approvalFor } from "../../../../src/core/policy/approval.ts";
import { isSecret, protectionOf } from "../../../../src/core/policy/protected.ts";
import { asksForTests } from "../../../../src/core/policy/test-guard.ts";
import { weakeningWords } from "../../../../src/core/policy/weakening.ts";
import type { WorkspaceChange } from "../../../../src/core/ports.ts";

const HASH = "0".repeat(64);
const create = (path: string): WorkspaceChange => ({ kind: "create", path, text: "" });
const replace = (path: string): WorkspaceChange => ({ kind: "replace", path, text: "", expectedHash: HASH });
const remove = (path: string): WorkspaceChange => ({ kind: "delete", path, expectedHash: HASH });

const NEVER = [".git/config", ".git", ".GIT/hooks/pre-commit", "sub/.git/config", "．git/config", ".venv/bin/python"];
const ASKED = [
	".vscode/settings.json",
	".VSCode/tasks.json",
	".vscode/launch.json",
	"deep/.vscode/extensions.json",
	"x.code-workspace",
	".gitmodules",
	".gitattributes",
	"conftest.py",
	"docs/HEAD",
	"tests/ConfTest.py",
	"pytest.ini",
	"pyproject.toml",
	"setup.cfg",
	"tox.ini",
	"setup.py",
	"sitecustomize.py",
	"usercustomize.py",
	"lib/evil.pth",
	"ruff.toml",
	".ruff.toml",
	".pre-commit-config.yaml",
	"Makefile",
	".envrc",
	".env",
	".env.local",
	"package.json",
	"package-lock.json",
	"uv.lock",
	".devcontainer/devcontainer.json",
	".github/workflows/ci.yml",
	"AGENTS.md",
	"CLAUDE.md",
	".cursor/rules",
	".claude/settings.json",
	".roo/x",
];
const FREE = ["src/app.py", "latest/app.py", "README.md", "conftest.pyx", "my.git/x", "vscode/settings.json"];

test.each(NEVER)("A19 A09: %s is never changed, in no mode", (path) => {
	expect(protectionOf(path)).toBe("never");
	for (const mode of ["ask", "edits", "all"] as const) {
		for (const change of [create(path), replace(path), remove(path)])
			expect(approvalFor(mode, change, false).kind).toBe("refuse");
	}
});

test.each(ASKED)("A09 A17 A18 A20 A25: %s is asked unless everything is allowed", (path) => {
	for (const change of [create(path), replace(path), remove(path)]) {
		expect(approvalFor("ask", change, false).kind).toBe("ask");
		expect(approvalFor("edits", change, false).kind).toBe("ask");
		expect(approvalFor("all", change, false).kind).toBe("go");
	}
});

describe("an ordinary file", () => {
	const table: readonly (readonly [ApproveMode, string, string, string])[] = [
		["ask", "ask", "ask", "ask"],
		["edits", "go", "go", "ask"],
		["all", "go", "go", "go"],
	];
	test.each(table)("in mode %s: create %s, replace %s, delete %s", (mode, created, replaced, deleted) => {
		for (const path of FREE) {
			expect(approvalFor(mode, create(path), false).kind).toBe(created);
			expect(approvalFor(mode, replace(path), false).kind).toBe(replaced);
			expect(approvalFor(mode, remove(path), false).kind).toBe(deleted);
		}
	});
});

test.each(["pytest.py", "ruff.py", "json.py", "JSON.py", "ruff/__main__.py", "typing/__init__.py"])(
	"A21: a new %s would stand before another module, so it is asked; one that is there may be mended",
	(path) => {
		expect(approvalFor("edits", create(path), false)).toMatchObject({ kind: "ask" });
		expect(approvalFor("edits", replace(path), false).kind).toBe("go");
	},
);

test("A21: only the top of the workspace stands on the import path", () => {
	expect(approvalFor("edits", create("pkg/json.py"), false).kind).toBe("go");
	expect(approvalFor("edits", create("json.txt"), false).kind).toBe("go");
});

describe("the test-tamper guard (A34, A36)", () => {
	const TESTS = ["test_a.py", "pkg/a_test.py", "tests/data/expected.json", "src/pkg/tests/helper.py", "test/a.txt"];
	test.each(TESTS)("%s is changed without a question only where the task asks for tests", (path) => {
		for (const change of [replace(path), remove(path)]) expect(approvalFor("edits", change, false).kind).toBe("ask");
		expect(approvalFor("edits", replace(path), true).kind).toBe("go");
		expect(approvalFor("edits", create(path), false).kind).toBe("go");
		expect(approvalFor("edits", remove(path), true).kind).toBe("ask");
	});

	test.each([
		"Add tests for the parser",
		"Write a test that shows the bug, then fix it",
		"Update the tests to the new API",
		"Implement undo and add unit tests",
		"Rename total to sum_of in code and tests",
	])("%s: asks for tests", (task) => expect(asksForTests(task)).toBe(true));

	test.each([
		"Make the failing tests pass",
		"Fix the bug",
		"Change the code so that the tests pass",
		"Add a function so that tests pass",
		"Add a retry to fetch until the failing tests are green",
		"Fix what test_loans.py finds",
		"Refactor the contest module",
	])("%s: does not", (task) => expect(asksForTests(task)).toBe(false));
});

test("A36: what is checked less is named", () => {
	const words = (path: string, before: string, text: string) =>
		weakeningWords({ kind: "replace", path, text, expectedHash: HASH }, before);
	expect(words("a.py", "x = 1\n", "x = 1  # noqa: F841\n")).toEqual(["a.py silences lint (noqa)"]);
	expect(words("a.py", "x = 1  # noqa\n", "x = 2  # noqa\n")).toEqual([]);
	expect(words("test_a.py", "", "@pytest.mark.xfail\n")).toEqual([
		"the test file test_a.py was changed",
		"test_a.py skips tests or expects them to fail",
	]);
	expect(words("pkg/b.py", "", "pytest . skip('x')\n")).toEqual(["pkg/b.py skips tests or expects them to fail"]);
	expect(words("sub/ConfTest.py", "", "x\n")).toEqual(["sub/ConfTest.py was changed"]);
	expect(weakeningWords(remove("tests/data.json"), "{}")).toEqual(["the test file tests/data.json was deleted"]);
	expect(weakeningWords(create("test_new.py"), "")).toEqual([]);
});

test("what the run wrote itself it may change; fewer tests are told", () => {
	const before = "def test_one():\n    assert 1\n\n\ndef test_two():\n    assert 2\n";
	const own = (text: string) =>
		weakeningWords({ kind: "replace", path: "test_new.py", text, expectedHash: HASH }, before, true);
	expect(own(before.replace("assert 2", "assert 3"))).toEqual([]);
	expect(own("def test_one():\n    assert 1\n")).toEqual(["test_new.py, which this run wrote, has one test fewer"]);
	expect(own("")).toEqual(["test_new.py, which this run wrote, has 2 tests fewer"]);
});

test("A15: files that may hold credentials are told from their examples", () => {
	const secret = [".env", "a/.ENV", ".env.production", "server.pem", "tls/x.key", ".npmrc", ".netrc", ".git/config"];
	for (const path of secret) expect(isSecret(path), path).toBe(true);
	for (const path of [".env.example", "keys.py", "environment.py", "src/key.py"])
		expect(isSecret(path), path).toBe(false);
});

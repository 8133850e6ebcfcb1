import { describe, expect, test } from "vitest";
import type { ApproveMode } from "../../../../src/core/machine.ts";
import { approvalFor } from "../../../../src/core/policy/approval.ts";
import { isSecret, protectionOf } from "../../../../src/core/policy/protected.ts";
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
const FREE = ["src/app.py", "tests/test_app.py", "README.md", "conftest.pyx", "my.git/x", "vscode/settings.json"];

test.each(NEVER)("A19 A09: %s is never changed, in no mode", (path) => {
	expect(protectionOf(path)).toBe("never");
	for (const mode of ["ask", "edits", "all"] as const) {
		for (const change of [create(path), replace(path), remove(path)])
			expect(approvalFor(mode, change).kind).toBe("refuse");
	}
});

test.each(ASKED)("A09 A17 A18 A20 A25: %s is asked unless everything is allowed", (path) => {
	for (const change of [create(path), replace(path), remove(path)]) {
		expect(approvalFor("ask", change).kind).toBe("ask");
		expect(approvalFor("edits", change).kind).toBe("ask");
		expect(approvalFor("all", change).kind).toBe("go");
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
			expect(approvalFor(mode, create(path)).kind).toBe(created);
			expect(approvalFor(mode, replace(path)).kind).toBe(replaced);
			expect(approvalFor(mode, remove(path)).kind).toBe(deleted);
		}
	});
});

test.each(["pytest.py", "ruff.py", "json.py", "JSON.py", "ruff/__main__.py", "typing/__init__.py"])(
	"A21: a new %s would stand before another module, so it is asked; one that is there may be mended",
	(path) => {
		expect(approvalFor("edits", create(path))).toMatchObject({ kind: "ask" });
		expect(approvalFor("edits", replace(path)).kind).toBe("go");
	},
);

test("A21: only the top of the workspace stands on the import path", () => {
	expect(approvalFor("edits", create("pkg/json.py")).kind).toBe("go");
	expect(approvalFor("edits", create("json.txt")).kind).toBe("go");
});

test("A15: files that may hold credentials are told from their examples", () => {
	const secret = [".env", "a/.ENV", ".env.production", "server.pem", "tls/x.key", ".npmrc", ".netrc", ".git/config"];
	for (const path of secret) expect(isSecret(path), path).toBe(true);
	for (const path of [".env.example", "keys.py", "environment.py", "src/key.py"])
		expect(isSecret(path), path).toBe(false);
});

/** What git would run of a repository that appears, and what it would not. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isPlainRepository } from "../../../../../src/node/probes/tests/plain-repository.ts";
import { temporaryWorkspace } from "../../../../fixtures/workspace.ts";

const INITIAL = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n";
const CLONED = `${INITIAL}[remote "origin"]\n\turl = https://example.org/shop.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n`;

function gitFolder(files: Readonly<Record<string, string>>): string {
	return join(
		temporaryWorkspace(Object.fromEntries(Object.entries(files).map(([path, text]) => [`.git/${path}`, text]))),
		".git",
	);
}

test.each([
	[
		"as git init leaves it",
		{ config: INITIAL, "hooks/pre-commit.sample": "#!/bin/sh\n", HEAD: "ref: refs/heads/main\n" },
	],
	["as git clone leaves it", { config: CLONED, "hooks/update.sample": "#!/bin/sh\n" }],
	["as git init begins it", { description: "Unnamed repository\n" }],
	["with comments, and a name", { config: `# mine\n${INITIAL}[user] name = Ada\n; more\n` }],
])("plain: %s", (_, files) => {
	expect(isPlainRepository(gitFolder(files))).toBe(true);
});

test.each([
	["a monitor", { config: `${INITIAL}\tfsmonitor = "touch owned; false"\n` }],
	["a monitor in other letters, on the section's line", { config: `${INITIAL}[CORE] FSMonitor = x\n` }],
	["a monitor behind a line that goes on", { config: "[core]\n\tbare = false \\\n\tfsmonitor = x\n" }],
	["another folder for hooks", { config: `${INITIAL}\thooksPath = ../hooks\n` }],
	["another file", { config: `${INITIAL}[include]\n\tpath = ../settings\n` }],
	["a filter", { config: `${INITIAL}[filter "x"]\n\tsmudge = touch owned\n` }],
	["a program as its remote", { config: `${INITIAL}[remote "origin"]\n\turl = ext::touch owned\n` }],
	["a hook", { config: INITIAL, "hooks/post-checkout": "#!/bin/sh\n" }],
])("not plain: %s", (_, files) => {
	expect(isPlainRepository(gitFolder(files))).toBe(false);
});

test("not plain: what is a link, a file that points elsewhere, or not there", () => {
	const root = temporaryWorkspace({ "plain/config": INITIAL, "pointing/.git": "gitdir: ../elsewhere\n" });
	symlinkSync(join(root, "plain"), join(root, "linked"));
	expect(isPlainRepository(join(root, "plain"))).toBe(true);
	for (const name of ["linked", "pointing/.git", "absent"])
		expect([name, isPlainRepository(join(root, name))]).toEqual([name, false]);
});

test("not plain: hooks behind a link, or settings that may not be read", () => {
	const root = temporaryWorkspace({ "a/config": INITIAL, "b/config": INITIAL });
	mkdirSync(join(root, "hooks"));
	symlinkSync(join(root, "hooks"), join(root, "a/hooks"));
	writeFileSync(join(root, "b/config"), INITIAL.repeat(2_000));
	chmodSync(join(root, "b/config"), 0o600);
	expect([isPlainRepository(join(root, "a")), isPlainRepository(join(root, "b"))]).toEqual([false, false]);
});

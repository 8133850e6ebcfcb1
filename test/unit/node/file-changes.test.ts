import { mkdirSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { watchFiles } from "../../../src/node/file-changes.ts";
import { openDiskWorkspace } from "../../../src/node/workspace/disk-workspace.ts";
import { temporaryWorkspace } from "../../fixtures/workspace.ts";

const WAIT = { timeout: 20_000 };

async function watched(root: string): Promise<{ readonly calls: (readonly string[])[]; close(): Promise<void> }> {
	const calls: (readonly string[])[] = [];
	const watcher = await watchFiles(
		root,
		(paths) => calls.push(paths),
		(error) => expect.unreachable(String(error)),
	);
	onTestFinished(() => watcher.close());
	return { calls, close: watcher.close };
}

test("a change, a new file in a new folder and a removal are told by their paths", async () => {
	const root = temporaryWorkspace({ "a.py": "", "b.py": "" });
	const { calls } = await watched(root);
	writeFileSync(join(root, "a.py"), "x");
	mkdirSync(join(root, "new"));
	writeFileSync(join(root, "new/c.py"), "");
	unlinkSync(join(root, "b.py"));
	await vi.waitFor(() => {
		const told = new Set(calls.flat());
		for (const name of ["a.py", "new/c.py", "b.py"]) expect(told).toContain(join(root, name));
	}, WAIT);
});

test("F72: caches, version control and our own temporary files tell nothing", async () => {
	const root = temporaryWorkspace({ ".git/index": "", "__pycache__/a.pyc": "", "a.py": "" });
	const { calls } = await watched(root);
	for (const name of [".git/index", "__pycache__/a.pyc", "__pycache__/b.pyc"]) writeFileSync(join(root, name), "x");
	const workspace = await openDiskWorkspace({ root, runId: "r", stateDir: temporaryWorkspace() });
	await workspace.apply({ kind: "create", path: "last.py", text: "" }, new AbortController().signal);
	await vi.waitFor(() => expect(calls.flat()).toContain(join(root, "last.py")), WAIT);
	expect(new Set(calls.flat())).toEqual(new Set([join(root, "last.py")]));
});

test("F71: changes that do not cease are told all the same, many at a time", async () => {
	const root = temporaryWorkspace();
	const { calls } = await watched(root);
	let saves = 0;
	while (calls.length === 0 && saves < 1_000) {
		saves += 1;
		writeFileSync(join(root, `${saves}.py`), "");
		await sleep(5);
	}
	expect(calls[0]?.length).toBeGreaterThan(1);
});

test("nothing is told after the close", async () => {
	const root = temporaryWorkspace({ "a.py": "" });
	const { calls, close } = await watched(root);
	writeFileSync(join(root, "a.py"), "x");
	await close();
	const told = calls.length;
	writeFileSync(join(root, "a.py"), "y");
	await sleep(150);
	expect(calls).toHaveLength(told);
});

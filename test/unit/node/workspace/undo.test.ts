import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
	appendFileSync,
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	truncateSync,
	unlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JournaledWorkspace } from "../../../../src/core/machine.ts";
import { openDiskWorkspace } from "../../../../src/node/workspace/disk-workspace.ts";
import { manifestOf, replace, undo } from "../../../fixtures/undo.ts";
import { picture, temporaryWorkspace } from "../../../fixtures/workspace.ts";

const signal = new AbortController().signal;

async function remove(workspace: JournaledWorkspace, path: string): Promise<void> {
	const { hash } = await workspace.read(path, signal);
	await workspace.apply({ kind: "delete", path, expectedHash: hash }, signal);
}

test("F54: undo after edits, creates and deletes is exact to byte, mode and folder, and says so once", async () => {
	const root = temporaryWorkspace({ "a.py": "\ufeffone\r\ntwo\n", "b.sh": "x\n", "c.py": "gone\n" });
	chmodSync(join(root, "b.sh"), 0o751);
	const before = picture(root);
	const stateDir = temporaryWorkspace();
	const workspace = await openDiskWorkspace({ root, runId: "run-1", stateDir });
	await replace(workspace, "a.py", "1\n");
	await replace(workspace, "a.py", "2\n");
	await remove(workspace, "b.sh");
	await remove(workspace, "c.py");
	await workspace.apply({ kind: "create", path: "c.py", text: "again\n" }, signal);
	await workspace.apply({ kind: "create", path: "new/deep/d.py", text: "d\n" }, signal);
	await workspace.apply({ kind: "create", path: "new/e.py", text: "e\n" }, signal);
	await workspace.apply({ kind: "create", path: "other/f.py", text: "f\n" }, signal);
	await remove(workspace, "other/f.py");

	const result = await undo(stateDir, root);
	expect(result).toMatchObject({ runId: "run-1", skipped: [] });
	expect([...(result?.restored ?? [])].sort()).toEqual(["a.py", "b.sh", "c.py", "new/deep/d.py", "new/e.py"]);
	expect(picture(root)).toEqual(before);
	expect(await undo(stateDir, root)).toBeNull();
	expect(await undo(stateDir, root, { runId: "run-1" })).toMatchObject({ runId: "run-1", restored: [], skipped: [] });
	expect(await undo(stateDir, root, { runId: "no-such-run" })).toBeNull();
});

test("F54: files that were changed, removed or added after the run are left and listed", async () => {
	const root = temporaryWorkspace({ "a.py": "a\n", "b.py": "b\n", "c.py": "c\n" });
	const stateDir = temporaryWorkspace();
	const workspace = await openDiskWorkspace({ root, runId: "r", stateDir });
	for (const path of ["a.py", "b.py", "c.py"]) await replace(workspace, path, "run\n");
	await workspace.apply({ kind: "create", path: "new/d.py", text: "" }, signal);
	writeFileSync(join(root, "a.py"), "mine\n");
	unlinkSync(join(root, "b.py"));
	writeFileSync(join(root, "new/mine.py"), "");
	const result = await undo(stateDir, root, { runId: "r" });
	expect(result?.skipped.map(({ path }) => path).sort()).toEqual(["a.py", "b.py"]);
	expect([...(result?.restored ?? [])].sort()).toEqual(["c.py", "new/d.py"]);
	expect(readFileSync(join(root, "a.py"), "utf8")).toBe("mine\n");
	expect(existsSync(join(root, "b.py"))).toBe(false);
	expect(readdirSync(join(root, "new"))).toEqual(["mine.py"]);
});

test("F54: what the run wrote earlier and the user brought back is the user's; what a write failed to replace is the run's", async () => {
	const root = temporaryWorkspace({ "a.py": "0\n", "b.py": "0\n" });
	const stateDir = temporaryWorkspace();
	const workspace = await openDiskWorkspace({ root, runId: "r", stateDir });
	for (const text of ["1\n", "2\n"]) await replace(workspace, "a.py", text);
	writeFileSync(join(root, "a.py"), "1\n");
	await replace(workspace, "b.py", "1\n");
	const { hash } = await workspace.read("b.py", signal);
	const failing = { kind: "replace", path: "b.py", text: "2\n", expectedHash: hash } as const;
	const write = () => Promise.reject(new Error("the editor said no"));
	await expect(workspace.applyWith(failing, write, signal)).rejects.toThrow("the editor said no");
	expect(await undo(stateDir, root)).toMatchObject({
		restored: ["b.py"],
		skipped: [{ path: "a.py" }],
	});
	expect(readFileSync(join(root, "b.py"), "utf8")).toBe("0\n");
});

test("F54: a file that the run deleted comes back even where its folder is gone", async () => {
	const root = temporaryWorkspace({ "dir/sub/a.py": "a\n" });
	const stateDir = temporaryWorkspace();
	await remove(await openDiskWorkspace({ root, runId: "r", stateDir }), "dir/sub/a.py");
	rmSync(join(root, "dir"), { recursive: true });
	expect(await undo(stateDir, root)).toMatchObject({ restored: ["dir/sub/a.py"] });
	expect(readFileSync(join(root, "dir/sub/a.py"), "utf8")).toBe("a\n");
});

test("F54: runs are undone one after the other, newest first", async () => {
	const root = temporaryWorkspace({ "a.py": "0\n" });
	const stateDir = temporaryWorkspace();
	for (const run of ["1", "2"])
		await replace(await openDiskWorkspace({ root, runId: run, stateDir }), "a.py", `${run}\n`);
	expect(await undo(stateDir, root)).toMatchObject({ runId: "2" });
	expect(readFileSync(join(root, "a.py"), "utf8")).toBe("1\n");
	expect(await undo(stateDir, root)).toMatchObject({ runId: "1" });
	expect(readFileSync(join(root, "a.py"), "utf8")).toBe("0\n");
	expect(await undo(stateDir, root)).toBeNull();
});

test("F54: the user's git is never asked: index, branch and hooks stay to the byte", async () => {
	const root = temporaryWorkspace({ "a.py": "a\n", ".gitignore": "ignored.txt\n", "ignored.txt": "kept\n" });
	const git = (...args: readonly string[]) =>
		execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: root });
	git("init", "-q");
	git("add", ".");
	git("commit", "-qm", "first");
	const before = picture(root);
	const stateDir = temporaryWorkspace();
	const workspace = await openDiskWorkspace({ root, runId: "r", stateDir });
	await replace(workspace, "a.py", "b\n");
	await replace(workspace, "ignored.txt", "changed\n");
	await undo(stateDir, root);
	expect(picture(root)).toEqual(before);
});

test("F54: an undo through another spelling of the folder finds the run", async () => {
	const root = temporaryWorkspace({ "a.py": "a\n" });
	const alias = join(temporaryWorkspace(), "alias");
	symlinkSync(root, alias);
	const stateDir = temporaryWorkspace();
	await replace(await openDiskWorkspace({ root: alias, runId: "r", stateDir }), "a.py", "b\n");
	expect(await undo(stateDir, alias)).toMatchObject({ restored: ["a.py"] });
});

test("A05: undo does not follow a folder that became a link", async () => {
	const outside = temporaryWorkspace({ "a.py": "run\n" });
	const root = temporaryWorkspace({ "dir/a.py": "old\n", "other/a.py": "run\n" });
	const stateDir = temporaryWorkspace();
	await replace(await openDiskWorkspace({ root, runId: "r", stateDir }), "dir/a.py", "run\n");
	rmSync(join(root, "dir"), { recursive: true });
	for (const target of [outside, join(root, "other")]) {
		symlinkSync(target, join(root, "dir"));
		expect(await undo(stateDir, root, { runId: "r" })).toMatchObject({ restored: [], skipped: [{ path: "dir/a.py" }] });
		unlinkSync(join(root, "dir"));
	}
	expect(readFileSync(join(outside, "a.py"), "utf8")).toBe("run\n");
	expect(readFileSync(join(root, "other/a.py"), "utf8")).toBe("run\n");
});

test("F57: a journal with a torn tail, garbage or a damaged copy restores what it can and never writes nonsense", async () => {
	const root = temporaryWorkspace({ "a.py": "a\n", "b.py": "b\n" });
	const stateDir = temporaryWorkspace();
	const workspace = await openDiskWorkspace({ root, runId: "r", stateDir });
	await replace(workspace, "a.py", "run a\n");
	await replace(workspace, "b.py", "run b\n");
	const manifest = manifestOf(stateDir, "r");
	const blob = createHash("sha256").update("b\n").digest("hex");
	writeFileSync(join(manifest, "..", blob), "damaged");
	appendFileSync(manifest, '\u0000\u0001{"kind":"after","path":"a.py"}\n[]\n{"kind":"before","path":3}\n{"kind":"af');
	const result = await undo(stateDir, root, { runId: "r" });
	expect(result).toMatchObject({ restored: ["a.py"], skipped: [{ path: "b.py", reason: "the kept copy is damaged" }] });
	expect(readFileSync(join(root, "b.py"), "utf8")).toBe("run b\n");
});

test("F57: a journal that is damaged anywhere puts back what stood there before, or leaves it, and says what it could not read", async () => {
	const texts = { "a.py": ["a0\n", "a1\n", "a2\n"], "d/b.py": ["b0\n", "b1\n"] } as const;
	const root = temporaryWorkspace(Object.fromEntries(Object.entries(texts).map(([path, [first]]) => [path, first])));
	const stateDir = temporaryWorkspace();
	const workspace = await openDiskWorkspace({ root, runId: "r", stateDir });
	for (const [path, all] of Object.entries(texts))
		for (const text of all.slice(1)) await replace(workspace, path, text);
	const manifest = manifestOf(stateDir, "r");
	const whole = readFileSync(manifest, "utf8");
	const after = picture(root);
	const lines = whole.split("\n");
	const damage = fc.oneof(
		fc.nat(whole.length).map((at) => whole.slice(0, at)),
		fc
			.tuple(fc.nat(whole.length - 1), fc.string({ unit: "binary", maxLength: 8 }))
			.map(([at, noise]) => whole.slice(0, at) + noise + whole.slice(at + noise.length)),
		fc
			.tuple(fc.nat(lines.length - 1), fc.oneof(fc.json(), fc.string()))
			.map(([at, line]) => lines.with(at, line).join("\n")),
		fc.string({ unit: "binary", maxLength: 40 }).map((tail) => whole + tail),
		fc.constant(whole.replace('"version":2', '"version":99')),
		fc.constant(""),
	);
	await fc.assert(
		fc.asyncProperty(damage, async (text) => {
			for (const [path, all] of Object.entries(texts)) {
				rmSync(join(root, path), { force: true });
				writeFileSync(join(root, path), all.at(-1) ?? "");
			}
			rmSync(join(manifest, "../../r.aside"), { recursive: true, force: true });
			writeFileSync(manifest, text);
			const result = await undo(stateDir, root, { runId: "r" }).catch((error: unknown) => error);
			const aside = existsSync(join(manifest, "../../r.aside"));
			if (aside) cpSync(join(manifest, "../../r.aside"), join(manifest, ".."), { recursive: true });
			if (aside || result === null) {
				expect(picture(root)).toEqual(after);
				if (aside) expect(result).toMatchObject({ kind: "storage" });
				return;
			}
			expect(Object.keys(picture(root))).toEqual(Object.keys(after));
			for (const [path, all] of Object.entries(texts)) expect(all).toContain(readFileSync(join(root, path), "utf8"));
		}),
		{ numRuns: 150, interruptAfterTimeLimit: 40_000 },
	);
});

test("F56: a run that is taken up again keeps its first picture of each file", async () => {
	const root = temporaryWorkspace({ "a.py": "first\n" });
	const stateDir = temporaryWorkspace();
	await replace(await openDiskWorkspace({ root, runId: "r", stateDir }), "a.py", "second\n");
	appendFileSync(manifestOf(stateDir, "r"), '{"kind":"af');
	await replace(await openDiskWorkspace({ root, runId: "r", stateDir }), "a.py", "third\n");
	expect(await undo(stateDir, root)).toMatchObject({ restored: ["a.py"] });
	expect(readFileSync(join(root, "a.py"), "utf8")).toBe("first\n");
});

test("F55: the cap of one run is said before the write that would pass it, and what was done before can be undone", async () => {
	const root = temporaryWorkspace({ "a.py": "0\n" });
	const stateDir = temporaryWorkspace();
	await replace(await openDiskWorkspace({ root, runId: "r", stateDir }), "a.py", "1\n");
	const weight = join(manifestOf(stateDir, "r"), "../weight");
	writeFileSync(weight, "");
	truncateSync(weight, 100 * 1024 * 1024);
	const again = await openDiskWorkspace({ root, runId: "r", stateDir });
	await expect(replace(again, "a.py", "2\n")).rejects.toMatchObject({
		kind: "storage",
		message: expect.stringContaining("cap of 100 MiB"),
	});
	expect(readFileSync(join(root, "a.py"), "utf8")).toBe("1\n");
	expect(await undo(stateDir, root)).toMatchObject({ restored: ["a.py"], skipped: [] });
	expect(readFileSync(join(root, "a.py"), "utf8")).toBe("0\n");
});

const PATHS = ["a.py", "b.py", "d/c.py", "d/e/f.py"] as const;
const PATH = fc.constantFrom(...PATHS);
const ACTION = fc.oneof(
	fc.record({ who: fc.constantFrom("run", "run", "user"), does: fc.constant("write" as const), path: PATH }),
	fc.record({ who: fc.constantFrom("run", "user"), does: fc.constant("delete" as const), path: PATH }),
);

test("F54: whatever run and user do in turn, undo restores the run's files and nothing that the user changed since", async () => {
	await fc.assert(
		fc.asyncProperty(fc.subarray([...PATHS]), fc.array(ACTION, { maxLength: 14 }), async (present, actions) => {
			const root = temporaryWorkspace(Object.fromEntries(present.map((path) => [path, `original ${path}`])));
			const stateDir = temporaryWorkspace();
			const workspace = await openDiskWorkspace({ root, runId: "r", stateDir });
			const now = new Map<string, string>(present.map((path) => [path, `original ${path}`]));
			const before = new Map<string, string | undefined>();
			const lastOfRun = new Map<string, string | undefined>();
			const changedBetween = new Set<string>();
			for (const [index, { who, does, path }] of actions.entries()) {
				const text = does === "write" ? `${who} ${index}` : undefined;
				if (text === undefined && !now.has(path)) continue;
				if (who === "user") {
					mkdirSync(join(root, path, ".."), { recursive: true });
					if (text === undefined) unlinkSync(join(root, path));
					else writeFileSync(join(root, path), text);
				} else {
					if (!before.has(path)) before.set(path, now.get(path));
					else if (lastOfRun.get(path) !== now.get(path)) changedBetween.add(path);
					lastOfRun.set(path, text);
					if (text === undefined) await remove(workspace, path);
					else if (now.has(path)) await replace(workspace, path, text);
					else await workspace.apply({ kind: "create", path, text }, signal);
				}
				if (text === undefined) now.delete(path);
				else now.set(path, text);
			}
			const result = await undo(stateDir, root);
			const skipped: string[] = [];
			for (const [path, original] of before) {
				if (now.get(path) === original) continue;
				if (now.get(path) !== lastOfRun.get(path) || changedBetween.has(path)) skipped.push(path);
				else if (original === undefined) now.delete(path);
				else now.set(path, original);
			}
			expect(result === null).toBe(before.size === 0);
			expect((result?.skipped ?? []).map(({ path }) => path).sort()).toEqual(skipped.sort());
			for (const path of PATHS)
				expect(existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined).toBe(now.get(path));
			rmSync(root, { recursive: true });
			rmSync(stateDir, { recursive: true });
		}),
		{ numRuns: 60 },
	);
});

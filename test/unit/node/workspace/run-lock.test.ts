/** One run at a time in a workspace: who holds it, and what becomes of the lock of a process that is gone. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { openRun, undoAlone } from "../../../../src/node/workspace/open-run.ts";
import { processStart } from "../../../../src/node/workspace/process-start.ts";
import { isLocked, lockWorkspace } from "../../../../src/node/workspace/run-lock.ts";
import { workspaceStore } from "../../../../src/node/workspace/store-folders.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const { signal } = new AbortController();
const REQUEST = { runId: null, round: null, choose: async () => "keep" as const, unsavedFiles: () => [] };

function rig(): { readonly root: string; readonly stateDir: string; readonly lock: string } {
	const root = temporaryWorkspace({ "a.py": "a\n" });
	const stateDir = temporaryWorkspace();
	mkdirSync(workspaceStore(stateDir, root));
	return { root, stateDir, lock: join(workspaceStore(stateDir, root), "lock.7") };
}

/** What stands in the files of the lock. */
function locks(stateDir: string, root: string): readonly string[] {
	const folder = workspaceStore(stateDir, root);
	return readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
}

function sleeper(): ChildProcess {
	const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
	onTestFinished(() => {
		child.kill("SIGKILL");
	});
	return child;
}

function lockText(holder: {
	readonly pid: number | undefined;
	readonly start: string;
	readonly host?: string;
}): string {
	return JSON.stringify({ version: 1, host: hostname(), work: "run", since: "2026-01-01T00:00:00.000Z", ...holder });
}

test("F38: a second run and an undo are refused in words while one is at work, and not after it", async () => {
	const { root, stateDir } = rig();
	const first = await openRun({ stateDir, root }, "one");
	await expect(openRun({ stateDir, root }, "two")).rejects.toMatchObject({ kind: "workspace-busy" });
	await expect(openRun({ stateDir, root }, "two")).rejects.toThrow(`process ${process.pid}`);
	await expect(undoAlone({ stateDir, root }, REQUEST, signal)).rejects.toThrow("A run of Jetbox is at work");
	const elsewhere = await openRun({ stateDir, root: temporaryWorkspace() }, "three");
	await elsewhere.dispose();
	await first.dispose();
	expect(await undoAlone({ stateDir, root }, REQUEST, signal)).toBeNull();
	await (await openRun({ stateDir, root }, "two")).dispose();
	expect(locks(stateDir, root)).toEqual(["free"]);
});

test("F38: the lock of a living process holds; that of a dead one, or of an earlier one with its id, is taken over", async () => {
	const { root, stateDir, lock } = rig();
	const child = sleeper();
	const start = await processStart(child.pid ?? 0);
	expect(start).not.toBe("");
	writeFileSync(lock, lockText({ pid: child.pid, start }));
	expect(await isLocked(stateDir, root)).toBe(true);
	await expect(lockWorkspace(stateDir, root, "run")).rejects.toThrow(`process ${child.pid}`);

	writeFileSync(lock, lockText({ pid: child.pid, start: `${start}1` }));
	expect(await isLocked(stateDir, root)).toBe(false);
	await (await lockWorkspace(stateDir, root, "run")).release();

	writeFileSync(lock, lockText({ pid: child.pid, start }));
	child.kill("SIGKILL");
	await once(child, "close");
	const taken = await lockWorkspace(stateDir, root, "run");
	expect(taken.notice).toBeNull();
	expect(locks(stateDir, root)).toEqual([expect.stringContaining(`"pid":${process.pid},`)]);
	await taken.release();
	expect(locks(stateDir, root)).toEqual(["free"]);
});

test("F38: of a process on another machine nothing is known, so its lock holds, and the way out is said", async () => {
	const { root, stateDir, lock } = rig();
	writeFileSync(lock, lockText({ pid: 1, start: "", host: "elsewhere" }));
	await expect(lockWorkspace(stateDir, root, "run")).rejects.toMatchObject({
		kind: "workspace-busy",
		fix: expect.stringContaining(`remove ${lock}`),
	});
});

test("F57: a lock that is garbage, cut or of another version is taken anew, and that is said", async () => {
	const { root, stateDir, lock } = rig();
	const whole = lockText({ pid: process.pid, start: await processStart(process.pid) });
	const garbage = fc.oneof(
		fc.string().filter((text) => text !== "free"),
		fc.json(),
		fc.nat(whole.length - 1).map((length) => whole.slice(0, length)),
		fc.constantFrom('{"__proto__":{"version":1}}', whole.replace('"version":1', '"version":2'), "\0".repeat(64)),
	);
	await fc.assert(
		fc.asyncProperty(garbage, async (text) => {
			writeFileSync(lock, text);
			const taken = await lockWorkspace(stateDir, root, "run");
			expect(taken.notice).toContain("damaged");
			await taken.release();
			expect(locks(stateDir, root)).toEqual(["free"]);
			rmSync(workspaceStore(stateDir, root), { recursive: true });
			mkdirSync(workspaceStore(stateDir, root));
		}),
		{ numRuns: 100 },
	);
});

test("F38: of many that take one stale lock at once, one has it", async () => {
	const { root, stateDir, lock } = rig();
	for (let turn = 0; turn < 30; turn += 1) {
		writeFileSync(
			join(lock, "..", `lock.${7 + 2 * turn}`),
			lockText({ pid: process.pid, start: "of an earlier process" }),
		);
		const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockWorkspace(stateDir, root, "run")));
		const won = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
		expect(won).toHaveLength(1);
		await won[0]?.release();
	}
});

/** How much is kept of runs, for how long, and what is never taken from one that is at work. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDiskWorkspace } from "../../../../src/node/workspace/disk-workspace.ts";
import { openRun } from "../../../../src/node/workspace/open-run.ts";
import { manifestOf, replace, undo } from "../../../fixtures/undo.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

test("F55: only touched files are stored, readable by their owner alone, and the last twenty runs are kept", async () => {
	const root = temporaryWorkspace({ "a.py": "0\n", "untouched.bin": "x".repeat(100_000) });
	const stateDir = temporaryWorkspace();
	for (let run = 1; run <= 23; run += 1)
		await replace(await openDiskWorkspace({ root, runId: `run-${run}`, stateDir }), "a.py", `${run}\n`);
	const journals = readdirSync(join(manifestOf(stateDir, "run-23"), "../.."));
	expect(journals.filter((name) => name.startsWith("run-"))).toHaveLength(20);
	const folder = join(manifestOf(stateDir, "run-23"), "..");
	expect(statSync(folder).mode & 0o77).toBe(0);
	expect(readdirSync(folder)).toHaveLength(3);
	for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o77).toBe(0);
});

test("F55: journals are bounded in size, and the run at work keeps its own", async () => {
	const root = temporaryWorkspace({ "a.py": "0\n" });
	const stateDir = temporaryWorkspace();
	for (const run of ["old", "big"]) await replace(await openDiskWorkspace({ root, runId: run, stateDir }), "a.py", run);
	writeFileSync(join(manifestOf(stateDir, "big"), "../weight"), "");
	execFileSync("truncate", ["-s", "201M", join(manifestOf(stateDir, "big"), "../weight")]);
	await replace(await openDiskWorkspace({ root, runId: "new", stateDir }), "a.py", "new");
	expect(() => manifestOf(stateDir, "old")).toThrow();
	expect(() => manifestOf(stateDir, "big")).toThrow();
	expect(await undo(stateDir, root)).toMatchObject({ runId: "new", restored: ["a.py"] });
});

test("F55: runs of any workspace go after thirty days; what is younger stays", async () => {
	const stateDir = temporaryWorkspace();
	const roots = ["gone", "kept", "at work"].map((name) => temporaryWorkspace({ "a.py": `${name}\n` }));
	const [gone = "", kept = "", atWork = ""] = roots;
	const DAY_S = 24 * 60 * 60;
	for (const [root, days] of [
		[gone, 31],
		[kept, 29],
	] as const) {
		await replace(await openDiskWorkspace({ root, runId: `${days}-days`, stateDir }), "a.py", "run\n");
		const then = Date.now() / 1000 - days * DAY_S;
		utimesSync(join(manifestOf(stateDir, `${days}-days`), ".."), then, then);
	}
	await replace(await openDiskWorkspace({ root: atWork, runId: "new", stateDir }), "a.py", "run\n");
	expect(await undo(stateDir, gone)).toBeNull();
	expect(readFileSync(join(gone, "a.py"), "utf8")).toBe("run\n");
	expect(await undo(stateDir, kept)).toMatchObject({ restored: ["a.py"] });
	expect(await undo(stateDir, atWork)).toMatchObject({ restored: ["a.py"] });
});

test("F55: runs of all workspaces together stay under 1 GiB, and the oldest go", async () => {
	const stateDir = temporaryWorkspace();
	const GIB = 1024 ** 3;
	const HOUR_S = 3_600;
	/** A run of a workspace of its own, made to weigh so much (with a sparse file) and to be so old. */
	const runOf = async (name: string, bytes: number, hours: number) => {
		const root = temporaryWorkspace({ "a.py": `${name}\n` });
		await replace(await openDiskWorkspace({ root, runId: name, stateDir }), "a.py", "run\n");
		const folder = join(manifestOf(stateDir, name), "..");
		const own = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
		writeFileSync(join(folder, "weight"), "");
		truncateSync(join(folder, "weight"), bytes - own);
		utimesSync(folder, Date.now() / 1_000 - hours * HOUR_S, Date.now() / 1_000 - hours * HOUR_S);
		return root;
	};
	const kept = () =>
		["oldest", "old", "young", "new", "newer"].filter((name) => {
			try {
				return manifestOf(stateDir, name) !== "";
			} catch {
				return false;
			}
		});
	const oldest = await runOf("oldest", GIB / 2, 3);
	await runOf("old", GIB / 4, 2);
	await runOf("young", GIB / 4 - 4_096, 1);
	// Just beneath the bound with the new one's few bytes.
	const root = temporaryWorkspace({ "a.py": "0\n" });
	await replace(await openDiskWorkspace({ root, runId: "new", stateDir }), "a.py", "1\n");
	expect(kept()).toEqual(["oldest", "old", "young", "new"]);
	const weight = join(manifestOf(stateDir, "new"), "../weight");
	writeFileSync(weight, "");
	truncateSync(weight, 4_096);
	const other = temporaryWorkspace({ "a.py": "0\n" });
	await replace(await openDiskWorkspace({ root: other, runId: "newer", stateDir }), "a.py", "1\n");
	expect(kept()).toEqual(["old", "young", "new", "newer"]);
	expect(await undo(stateDir, oldest)).toBeNull();
	for (const each of [root, other]) expect(await undo(stateDir, each)).toMatchObject({ restored: ["a.py"] });
});

test("F55: a run that is at work in another workspace keeps its journal, however old and large the store is", async () => {
	const stateDir = temporaryWorkspace();
	const [busy, other] = [temporaryWorkspace({ "a.py": "0\n" }), temporaryWorkspace({ "a.py": "0\n" })];
	const opened = await openRun({ stateDir, root: busy }, "at-work");
	await replace(opened.workspace, "a.py", "1\n");
	const folder = join(manifestOf(stateDir, "at-work"), "..");
	writeFileSync(join(folder, "weight"), "");
	truncateSync(join(folder, "weight"), 2 * 1024 ** 3);
	utimesSync(folder, 1, 1);
	await replace(await openDiskWorkspace({ root: other, runId: "new", stateDir }), "a.py", "1\n");
	expect(manifestOf(stateDir, "at-work")).not.toBe("");
	await opened.dispose();
	// Its work over, it is one like the others.
	await replace(await openDiskWorkspace({ root: other, runId: "newer", stateDir }), "a.py", "2\n");
	expect(() => manifestOf(stateDir, "at-work")).toThrow();
});

/** A run that was cut off, as the machine finds it: never while somebody holds it, with its files, and kept when that is chosen. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { OpenedRun } from "../../../../src/core/machine.ts";
import { isAtWork, keepRun, openRun, resumableRun, undoAlone } from "../../../../src/node/workspace/open-run.ts";
import type { UndoPlace } from "../../../../src/node/workspace/undo.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const signal = new AbortController().signal;
const RUN = "11111111-2222";

/** A run that has changed a.py in round 1 and makes b.py in round 2. */
async function begun(place: UndoPlace): Promise<OpenedRun> {
	const opened = await openRun(place, RUN);
	const { record, workspace } = opened;
	const start = { runId: RUN, task: "Change two files", mode: "edit", root: place.root, model: "none" } as const;
	await record.keep({ kind: "run", version: 1, ...start });
	workspace.beginRound(1);
	const { hash } = await workspace.read("a.py", signal);
	await workspace.apply({ kind: "replace", path: "a.py", text: "a = 1\n", expectedHash: hash }, signal);
	workspace.beginRound(2);
	await workspace.apply({ kind: "create", path: "b.py", text: "b = 1\n" }, signal);
	return opened;
}

async function cutOff(place: UndoPlace): Promise<void> {
	const opened = await begun(place);
	opened.leaveOpen();
	await opened.record.keep({ kind: "end", end: "cancelled" });
	await opened.dispose();
}

function newPlace(): UndoPlace {
	return { stateDir: temporaryWorkspace(), root: temporaryWorkspace({ "a.py": "a = 0\n" }) };
}

async function undo(place: UndoPlace, round: number | null): Promise<void> {
	await undoAlone(place, { runId: RUN, round, choose: async () => "keep", unsavedFiles: () => [] }, signal);
}

test("F38 F56: a run that somebody holds is not found, and cannot be ended from elsewhere", async () => {
	const place = newPlace();
	const opened = await begun(place);
	expect(await resumableRun(place, null)).toBeNull();
	expect(await isAtWork(place)).toBe(true);
	await expect(keepRun(place, RUN)).rejects.toMatchObject({ kind: "workspace-busy" });
	await opened.dispose();
	expect(await isAtWork(place)).toBe(false);
	expect((await resumableRun(place, null))?.run.end).toBeNull();
});

test("F56: one that was cut off is found with the files that it touched, but for undone rounds", async () => {
	const place = newPlace();
	await cutOff(place);
	expect(await resumableRun(place, null)).toMatchObject({
		run: { runId: RUN, end: null },
		touchedFiles: ["a.py", "b.py"],
	});
	await undo(place, 2);
	expect((await resumableRun(place, null))?.touchedFiles).toEqual(["a.py"]);
});

test("F56: what is kept stands, can go on when it is asked for, and can be undone", async () => {
	const place = newPlace();
	await cutOff(place);
	await keepRun(place, RUN);
	expect((await resumableRun(place, null))?.run.end).toBe("kept");
	expect(readFileSync(join(place.root, "a.py"), "utf8")).toBe("a = 1\n");
	await undo(place, null);
	expect(readFileSync(join(place.root, "a.py"), "utf8")).toBe("a = 0\n");
	expect(await resumableRun(place, RUN)).toBeNull();
});

test("a run that ended meanwhile, or of which nothing is known, is left as it is", async () => {
	const place = newPlace();
	const opened = await begun(place);
	await opened.record.keep({ kind: "end", end: "stopped" });
	await opened.dispose();
	await keepRun(place, RUN);
	await keepRun(place, "no-such-run");
	expect((await resumableRun(place, null))?.run.end).toBe("stopped");
});

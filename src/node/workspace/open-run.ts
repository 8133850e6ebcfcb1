/** A run's own: the workspace held by its lock, the journal that undo reads, and the record that resume reads. */
import { realpath, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "../../core/errors.ts";
import type { OpenedRun, ResumableRun, UndoRequest, UndoResult } from "../../core/machine.ts";
import { openDiskWorkspace } from "./disk-workspace.ts";
import { readJournal } from "./journal.ts";
import type { JournalState, Step } from "./journal-state.ts";
import { isLocked, lockWorkspace } from "./run-lock.ts";
import { endRecord, openRecord, readRecord } from "./run-record.ts";
import { listRuns, runFolder } from "./run-store.ts";
import { runsFolder } from "./store-folders.ts";
import { type UndoPlace, undoRun } from "./undo.ts";

/**
 * Opens the workspace for a run, new or going on.
 * @throws UserError `workspace-busy`, `no-workspace`, `storage`
 */
export async function openRun({ stateDir, root }: UndoPlace, runId: string): Promise<OpenedRun> {
	const place = await realPlace(stateDir, root);
	const lock = await lockWorkspace(place.stateDir, place.root, "run");
	try {
		const allRuns = runsFolder(place.stateDir, place.root);
		const record = openRecord(allRuns, runId);
		const workspace = await openDiskWorkspace({ ...place, runId });
		return {
			workspace,
			record,
			notices: lock.notice === null ? [] : [lock.notice],
			leaveOpen: () => record.leaveOpen(),
			async dispose() {
				// Neither to undo nor to go on with; it would crowd out runs that are.
				if (record.end === "green" && (await readJournal(allRuns, runId)) === null)
					await rm(runFolder(allRuns, runId), { recursive: true, force: true }).catch(() => undefined);
				await lock.release();
			},
		};
	} catch (error) {
		await lock.release();
		throw error;
	}
}

/**
 * The run that can go on: the last, unless it ended green or was undone; or the named one, unless it was undone.
 * @throws UserError `storage` where its record cannot be read
 */
export async function resumableRun({ stateDir, root }: UndoPlace, runId: string | null): Promise<ResumableRun | null> {
	const place = await realPlace(stateDir, root);
	if (await isLocked(place.stateDir, place.root)) return null;
	const allRuns = runsFolder(place.stateDir, place.root);
	const runs = await listRuns(allRuns);
	const wanted = runId === null ? runs.at(-1) : runs.find((id) => id === runId);
	if (wanted === undefined) return null;
	const { run, setAside } = await readRecord(allRuns, wanted);
	if (setAside !== null) {
		throw new UserError(
			"storage",
			`The record of run ${wanted} is damaged or of another version of Jetbox, so that run cannot go on. It can still be undone.`,
			`It is kept aside in ${setAside}. Run the task anew.`,
		);
	}
	if (run === null || run.end === "undone") return null;
	if (runId === null && run.end === "green") return null;
	const journal = await readJournal(allRuns, wanted);
	if (journal?.undone) return null;
	const undoneRounds = journal?.undoneRounds ?? new Set();
	return { run, undoneRounds, touchedFiles: journal === null ? [] : touchedFiles(journal) };
}

function touchedFiles({ files, undoneRounds }: JournalState): readonly string[] {
	const isTouched = (steps: readonly Step[]) => steps.some(({ round }) => round !== null && !undoneRounds.has(round));
	return [...files].flatMap(([path, steps]) => (isTouched(steps) ? [path] : [])).sort();
}

/** Whether a run or an undo holds the workspace. @throws UserError `no-workspace` */
export async function isAtWork({ stateDir, root }: UndoPlace): Promise<boolean> {
	const place = await realPlace(stateDir, root);
	return isLocked(place.stateDir, place.root);
}

/** Ends the record of a run that was cut off. @throws UserError `workspace-busy`, `no-workspace`, `storage` */
export async function keepRun({ stateDir, root }: UndoPlace, runId: string): Promise<void> {
	const place = await realPlace(stateDir, root);
	const lock = await lockWorkspace(place.stateDir, place.root, "run");
	try {
		const allRuns = runsFolder(place.stateDir, place.root);
		const { run } = await readRecord(allRuns, runId);
		// It may have gone on and ended since somebody looked.
		if (run?.end === null) await endRecord(allRuns, runId, "kept");
	} finally {
		await lock.release();
	}
}

/** Like `undoRun`, while nobody else is at work there. @throws UserError `workspace-busy` and what `undoRun` throws */
export async function undoAlone(
	{ stateDir, root }: UndoPlace,
	request: UndoRequest,
	signal: AbortSignal,
): Promise<UndoResult | null> {
	const place = await realPlace(stateDir, root);
	const lock = await lockWorkspace(place.stateDir, place.root, "undo");
	try {
		const result = await undoRun(place, request, signal);
		if (result !== null && result.round === null)
			await endRecord(runsFolder(place.stateDir, place.root), result.runId, "undone");
		return result;
	} finally {
		await lock.release();
	}
}

async function realPlace(stateDir: string, root: string): Promise<UndoPlace> {
	const realRoot = await realpath(root).catch((error: unknown) => {
		throw new UserError("no-workspace", `${root} cannot be opened.`, "Open an existing folder.", { cause: error });
	});
	return { stateDir: await realpath(stateDir).catch(() => resolve(stateDir)), root: realRoot };
}

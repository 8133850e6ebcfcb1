/** Puts back exactly what a run touched; files that were changed since are left and listed. Never uses git. */
import { rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { UndoResult } from "../../core/machine.ts";
import { WorkspaceError } from "../../core/ports.ts";
import { writeAtomically } from "./atomic-write.ts";
import { type FileBytes, placeOf, readConfined, withFolder } from "./confined-files.ts";
import { type JournalEntry, journaledRuns, markUndone, readBlob, readJournal, runsFolder, sha256 } from "./journal.ts";

/**
 * Undoes one run.
 * @param runId null: the last that changed something and was not undone
 * @returns null where there is no such run
 */
export async function undoRun(
	stateDir: string,
	root: string,
	runId: string | null,
	signal: AbortSignal,
): Promise<UndoResult | null> {
	const allRuns = runsFolder(stateDir, root);
	const runs = await journaledRuns(allRuns);
	for (const id of runId === null ? runs.toReversed() : runs.filter((known) => known === runId)) {
		const journal = await readJournal(allRuns, id);
		if (journal.undone) continue;
		const restored: string[] = [];
		const skipped: { path: string; reason: string }[] = [];
		for (const entry of [...journal.entries.values()].toReversed()) {
			signal.throwIfAborted();
			try {
				if (await restore(allRuns, id, root, entry, journal.after.get(entry.path))) restored.push(entry.path);
			} catch (error) {
				skipped.push({ path: entry.path, reason: error instanceof Error ? error.message : String(error) });
			}
		}
		if (skipped.length === 0) await markUndone(allRuns, id);
		return { runId: id, restored, skipped };
	}
	return null;
}

async function restore(
	allRuns: string,
	runId: string,
	root: string,
	entry: JournalEntry,
	after: string | null | undefined,
): Promise<boolean> {
	const place = await placeOf(root, entry.path);
	const now = await presentBytes(place);
	const hash = now === null ? null : sha256(now.bytes);
	if (hash === entry.before && (now === null || now.mode === entry.mode)) return false;
	// A crash between the two journal lines leaves no "after": then only an untouched file is safe to judge, and that was above.
	if (after === undefined || hash !== after) throw new Error("it was changed after the run");
	if (entry.before === null) {
		await withFolder(place.folder, (folder) => unlink(`${folder}/${place.name}`));
		for (const folder of entry.madeFolders.toReversed()) await rmdir(join(root, folder)).catch(() => undefined);
		return true;
	}
	await writeAtomically(place.folder, place.name, await readBlob(allRuns, runId, entry.before), entry.mode);
	return true;
}

async function presentBytes(place: Parameters<typeof readConfined>[0]): Promise<FileBytes | null> {
	try {
		return await readConfined(place);
	} catch (error) {
		if (error instanceof WorkspaceError && error.code === "missing") return null;
		throw error;
	}
}

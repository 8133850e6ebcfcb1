/** Puts back exactly what a run touched; files that were changed since are left and listed. Never uses git. */
import { realpath, unlink } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../core/errors.ts";
import type { UndoResult } from "../../core/machine.ts";
import { syncFolder, writeAtomically } from "./atomic-write.ts";
import { makeFolders, placeOf, readPresent, removeEmptyFolders, withFolder } from "./confined-files.ts";
import { type JournalState, journaledRuns, markUndone, readBlob, readJournal, runsFolder, sha256 } from "./journal.ts";
import type { JournalEntry } from "./journal-lines.ts";

/**
 * Undoes one run.
 * @param runId null: the last that changed something and was not undone; an undone one can be named to try its skipped files again
 * @returns null where there is no such run
 * @throws UserError `no-workspace`; AbortError, after which undo can be called again
 */
export async function undoRun(
	stateDir: string,
	root: string,
	runId: string | null,
	signal: AbortSignal,
): Promise<UndoResult | null> {
	signal.throwIfAborted();
	const realRoot = await realpath(root).catch((error: unknown) => {
		throw new UserError("no-workspace", `${root} cannot be opened.`, "Open an existing folder.", { cause: error });
	});
	const allRuns = runsFolder(await realpath(stateDir).catch(() => stateDir), realRoot);
	for (const id of (await journaledRuns(allRuns)).toReversed()) {
		if (runId !== null && runId !== id) continue;
		const journal = await readJournal(allRuns, id);
		if (runId === null && journal.undone) continue;
		return undoJournal({ allRuns, id, root: realRoot }, journal, signal);
	}
	return null;
}

interface UndoneRun {
	readonly allRuns: string;
	readonly id: string;
	readonly root: string;
}

async function undoJournal(run: UndoneRun, journal: JournalState, signal: AbortSignal): Promise<UndoResult> {
	const restored: string[] = [];
	const skipped: { path: string; reason: string }[] = [];
	const entries = [...journal.entries.values()].toReversed();
	for (const entry of entries) {
		signal.throwIfAborted();
		try {
			if (await restore(run, entry, journal.after.get(entry.path) ?? [])) restored.push(entry.path);
		} catch (error) {
			skipped.push({ path: entry.path, reason: error instanceof Error ? error.message : String(error) });
		}
	}
	const made = entries.flatMap(({ madeFolders }) => madeFolders);
	await removeEmptyFolders([...new Set(made)].map((folder) => join(run.root, folder)));
	await markUndone(run.allRuns, run.id);
	return { runId: run.id, restored, skipped };
}

/** @returns false where the file is already as it was */
async function restore(run: UndoneRun, entry: JournalEntry, written: readonly (string | null)[]): Promise<boolean> {
	const place = await placeOf(run.root, entry.path);
	if (place.path !== entry.path) throw new Error("a link stands in its place or in that of its folder");
	const now = await readPresent(place);
	const hash = now === null ? null : sha256(now.bytes);
	if (hash === entry.before && (now === null || now.mode === entry.mode)) return false;
	if (!written.includes(hash)) throw new Error("it was changed after the run");
	if (now !== null && now.links > 1) throw new Error("it has other names (hard links) by now");
	if (entry.before === null) {
		await withFolder(place.folder, async (folder) => {
			await unlink(`${folder}/${place.name}`);
			await syncFolder(folder);
		});
		return true;
	}
	const bytes = await readBlob(run.allRuns, run.id, entry.before);
	await makeFolders(place.folder);
	const attributes = entry.mode === null ? null : { mode: entry.mode, owner: now?.owner ?? null };
	await writeAtomically(place.folder, place.name, bytes, attributes);
	return true;
}

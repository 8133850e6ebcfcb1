/** Puts back exactly what a run, or one of its rounds, touched; what somebody else changed since is theirs to choose. Never uses git. */
import { realpath, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../core/errors.ts";
import type { UndoChoice, UndoConflict, UndoRequest, UndoResult } from "../../core/machine.ts";
import { syncFolder, writeAtomically } from "./atomic-write.ts";
import {
	checkUnchanged,
	type FileBytes,
	formerPlace,
	makeFolders,
	type Place,
	readPresent,
	removeEmptyFolders,
	withFolder,
} from "./confined-files.ts";
import { Journal, readBlob, readJournal } from "./journal.ts";
import { type FileState, JOURNAL_VERSION } from "./journal-lines.ts";
import { hashOf, type JournalState, ownHashes, type Step } from "./journal-state.ts";
import { listRuns, runFolder } from "./run-store.ts";
import { sha256 } from "./sha256.ts";
import { listStores, runsFolder } from "./store-folders.ts";
import { takenBack } from "./take-back.ts";

/** Whose runs, in which folder. */
export interface UndoPlace {
	readonly stateDir: string;
	readonly root: string;
}

/**
 * Undoes one run or one round of it. After an abort or a crash it can be called again.
 * @returns null where there is no such run
 * @throws UserError `no-workspace`, `usage` where the run has no such round, `storage` where its journal cannot be read; AbortError
 */
export async function undoRun(
	{ stateDir, root }: UndoPlace,
	request: UndoRequest,
	signal: AbortSignal,
): Promise<UndoResult | null> {
	signal.throwIfAborted();
	const realRoot = await realpath(root).catch((error: unknown) => {
		throw new UserError("no-workspace", `${root} cannot be opened.`, "Open an existing folder.", { cause: error });
	});
	const realState = await realpath(stateDir).catch(() => stateDir);
	const allRuns = runsFolder(realState, realRoot);
	for (const id of (await listRuns(allRuns)).toReversed()) {
		if (request.runId !== null && request.runId !== id) continue;
		const journal = await readJournal(allRuns, id);
		if (journal === null) continue;
		if (journal.version !== JOURNAL_VERSION) await setAside(allRuns, id);
		if (request.runId === null && journal.undone) continue;
		return undoJournal({ allRuns, id, root: realRoot }, journal, request, signal);
	}
	if (request.runId !== null) await throwIfElsewhere(realState, request.runId);
	return null;
}

interface UndoneRun {
	readonly allRuns: string;
	readonly id: string;
	readonly root: string;
}

async function undoJournal(
	run: UndoneRun,
	journal: JournalState,
	{ round, choose, unsavedFiles }: UndoRequest,
	signal: AbortSignal,
): Promise<UndoResult> {
	const own = new Journal(run.allRuns, run.id, run.root, Number.POSITIVE_INFINITY);
	own.beginRound(null);
	const restored: string[] = [];
	const merged: string[] = [];
	const skipped: { path: string; reason: string }[] = [];
	const files = selectFiles(run, journal, round).toReversed();
	for (const file of files) {
		signal.throwIfAborted();
		try {
			if (await isAmong(unsavedFiles(), join(run.root, file.path)))
				throw new Error("it has unsaved changes in the editor; save or revert them first");
			const done = await undoFile(run, own, file, choose, signal);
			if (done === "restored") restored.push(file.path);
			if (done === "merged") merged.push(file.path);
		} catch (error) {
			signal.throwIfAborted();
			skipped.push({ path: file.path, reason: error instanceof Error ? error.message : String(error) });
		}
	}
	const made = files.flatMap(({ taken }) => taken.flatMap(({ madeFolders }) => madeFolders));
	await removeEmptyFolders([...new Set(made)].map((folder) => join(run.root, folder)));
	await own.markUndone(round);
	return { runId: run.id, round, restored, merged, skipped, damagedLines: journal.damagedLines };
}

/** A file and those of its steps that are taken back, oldest first. */
interface UndoneFile {
	readonly path: string;
	readonly taken: readonly [Step, ...Step[]];
	/** All steps up to the last that is taken. */
	readonly upTo: readonly Step[];
	/** Those that came after it. */
	readonly later: readonly Step[];
}

function selectFiles({ id }: UndoneRun, journal: JournalState, round: number | null): readonly UndoneFile[] {
	const selected: UndoneFile[] = [];
	for (const [path, steps] of journal.files) {
		const [first, ...rest] = round === null ? steps : steps.filter((step) => step.round === round);
		if (first === undefined) continue;
		const end = steps.indexOf(rest.at(-1) ?? first) + 1;
		selected.push({ path, taken: [first, ...rest], upTo: steps.slice(0, end), later: steps.slice(end) });
	}
	if (round !== null && selected.length === 0) {
		const rounds = [...new Set([...journal.files.values()].flat().map((step) => step.round))]
			.filter((known) => known !== null)
			.sort((a, b) => a - b);
		throw new UserError(
			"usage",
			`Round ${round} of run ${id} changed no file.`,
			rounds.length === 0 ? "Nothing is to be undone." : `Rounds that did: ${rounds.join(", ")}.`,
		);
	}
	return selected;
}

async function undoFile(
	run: UndoneRun,
	own: Journal,
	file: UndoneFile,
	choose: UndoRequest["choose"],
	signal: AbortSignal,
): Promise<"restored" | "merged" | "as-it-was"> {
	const place = await formerPlace(run.root, file.path);
	if (place.path !== file.path) throw new Error("a link stands in its place or in that of its folder");
	const now = await readPresent(place);
	const target = file.taken[0].before;
	if (isSame(now, target)) return "as-it-was";
	const change = foreignChange(file, now);
	if (change === null) {
		await restore(run, own, place, now, target, "best-effort");
		return "restored";
	}
	const conflict = await conflictOf(run, file, now, change);
	const choice: UndoChoice = await choose(conflict, signal);
	if (choice === "keep") throw new Error(change);
	const still = await readPresent(place);
	if (still === null ? now !== null : now === null || !still.bytes.equals(now.bytes) || still.mode !== now.mode)
		throw new Error("it was changed while you were asked; undo again");
	if (choice === "restore") {
		await restore(run, own, place, now, target, "required");
		return "restored";
	}
	if (conflict.merged === null || now === null) throw new Error(`${change}, and the two cannot be merged`);
	await write(own, place, now, { bytes: Buffer.from(conflict.merged), mode: now.mode, owner: now.owner }, "required");
	return "merged";
}

/** @param path real */
async function isAmong(files: readonly string[], path: string): Promise<boolean> {
	for (const file of files) if ((await realpath(file).catch(() => file)) === path) return true;
	return false;
}

function isSame(now: FileBytes | null, target: FileState): boolean {
	if (now === null || target.kind === "absent") return now === null && target.kind === "absent";
	return sha256(now.bytes) === target.hash && now.mode === target.mode;
}

/** Why what stands there is not just what the steps left, in words; null where it is. */
function foreignChange({ taken, upTo, later }: UndoneFile, now: FileBytes | null): string | null {
	const laterTaken = taken.slice(1).map((step) => ({ step, earlier: upTo.slice(0, upTo.indexOf(step)) }));
	const hash = now === null ? null : sha256(now.bytes);
	if (!ownHashes(upTo).includes(hash)) {
		const newer = later.at(-1);
		const byLater = newer !== undefined && ownHashes([...upTo, ...later]).includes(hash);
		return byLater && newer.round !== null ? `round ${newer.round} changed it again` : "it was changed after the run";
	}
	if (laterTaken.some(({ step, earlier }) => !ownHashes(earlier).includes(hashOf(step.before))))
		return "it was changed between the rounds of the run";
	if (laterTaken.some(({ step, earlier }) => isOtherMode(step.before, earlier.at(-1)?.mode ?? null)))
		return "its mode was changed between the rounds of the run";
	const mode = upTo.at(-1)?.mode ?? null;
	if (now !== null && mode !== null && now.mode !== mode) return "its mode was changed after the run";
	return now !== null && now.links > 1 ? "it has other names (hard links) by now" : null;
}

/** @param mode null where it is not known */
function isOtherMode(state: FileState, mode: number | null): boolean {
	return state.kind === "file" && mode !== null && state.mode !== mode;
}

async function conflictOf(
	run: UndoneRun,
	{ path, taken }: UndoneFile,
	now: FileBytes | null,
	reason: string,
): Promise<UndoConflict> {
	const textAt = async (hash: string | null) =>
		hash === null ? null : await readBlob(run.allRuns, run.id, hash).then(textOf, () => null);
	const before = await textAt(hashOf(taken[0].before));
	const present = now === null ? null : textOf(now.bytes);
	let merged: string | null = present;
	for (const step of taken.toReversed()) {
		const [stepAfter, stepBefore] = [await textAt(step.after.at(-1) ?? null), await textAt(hashOf(step.before))];
		if (merged === null || stepAfter === null || stepBefore === null) {
			merged = null;
			break;
		}
		merged = takenBack({ now: merged, after: stepAfter, before: stepBefore });
	}
	return { path, reason, now: present, before, merged };
}

/** Null for what is no UTF-8 text, BOM and all. */
function textOf(bytes: Uint8Array): string | null {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return null;
	}
}

type Recording = "best-effort" | "required";

async function restore(
	run: UndoneRun,
	own: Journal,
	place: Place,
	now: FileBytes | null,
	target: FileState,
	recording: Recording,
): Promise<void> {
	if (target.kind === "absent") return write(own, place, now, null, recording);
	const bytes = await readBlob(run.allRuns, run.id, target.hash);
	await write(own, place, now, { bytes, mode: target.mode, owner: target.owner }, recording);
}

/** @param recording what an undo overwrites of somebody else's must be kept first; what it only takes back need not be */
async function write(
	own: Journal,
	place: Place,
	now: FileBytes | null,
	file: Pick<FileBytes, "bytes" | "mode" | "owner"> | null,
	recording: Recording,
): Promise<void> {
	const after = file?.bytes ?? null;
	await own.record({ path: place.path, old: now, madeFolders: [], after }).catch((error: unknown) => {
		if (recording === "required") throw error;
	});
	if (file === null) {
		await withFolder(place.folder, async (folder) => {
			await checkUnchanged(place, now);
			await unlink(`${folder}/${place.name}`);
			await syncFolder(folder);
		});
	} else {
		await makeFolders(place.folder);
		await writeAtomically(place.folder, place.name, file.bytes, file, () => checkUnchanged(place, now));
	}
	await own.confirm(place.path, file?.mode ?? null);
}

/** Out of the way, so that the next undo finds the run before; pruned by age like the others. */
async function setAside(allRuns: string, id: string): Promise<never> {
	const aside = `${runFolder(allRuns, id)}.aside`;
	await rename(runFolder(allRuns, id), aside).catch(() => undefined);
	throw new UserError(
		"storage",
		`The journal of run ${id} is damaged or of another version of Jetbox, so that run cannot be undone. No file was touched.`,
		`It is kept aside in ${aside}. Undo again for the run before it.`,
	);
}

async function throwIfElsewhere(stateDir: string, runId: string): Promise<void> {
	for (const runs of await listStores(stateDir)) {
		if (!(await listRuns(runs)).includes(runId)) continue;
		const journal = await readJournal(runs, runId);
		if (journal === null || journal.root === "") continue;
		throw new UserError(
			"usage",
			`Run ${runId} was made in ${journal.root}, and runs are kept by their folder's path.`,
			"Name that folder with --workspace; if it was moved or renamed since, move it back first.",
		);
	}
}

/** A workspace folder on disk: confined, journaled, written atomically. */
import { lstat, realpath, stat, unlink } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { UserError } from "../../core/errors.ts";
import type { JournaledWorkspace } from "../../core/machine.ts";
import { protectionOf } from "../../core/policy/protected.ts";
import { type TextFile, type WorkspaceChange, WorkspaceError } from "../../core/ports.ts";
import { sweepTemporaries, syncFolder, writeAtomically } from "./atomic-write.ts";
import {
	asWorkspaceError,
	checkUnchanged,
	codeOf,
	type FileBytes,
	makeFolders,
	type Place,
	placeOf,
	readPresent,
	removeEmptyFolders,
	withFolder,
} from "./confined-files.ts";
import { listFiles, searchFiles } from "./file-walk.ts";
import { Journal, journaledFolders } from "./journal.ts";
import { sha256 } from "./sha256.ts";
import { asStoreError, asWriteError } from "./storage-errors.ts";
import { runsFolder } from "./store-folders.ts";
import { encodeText } from "./text-encoding.ts";
import { readTextAt } from "./text-file.ts";

/**
 * Opens the folder for one run, and removes what a killed run may have left half-written.
 * @param stateDir where journals stand, outside the workspace
 * @throws UserError `no-workspace`
 */
export async function openDiskWorkspace(parts: {
	readonly root: string;
	readonly runId: string;
	readonly stateDir: string;
}): Promise<JournaledWorkspace> {
	const root = await realFolder(parts.root);
	const stateDir = await realpath(parts.stateDir).catch(() => resolve(parts.stateDir));
	const allRuns = runsFolder(stateDir, root);
	const journal = new Journal(allRuns, parts.runId, root);
	for (const folder of await journaledFolders(allRuns)) await sweepTemporaries(join(root, folder));

	/** The one way from a path to a place, for reading and writing alike. */
	async function locate(path: string): Promise<Place> {
		const place = await placeOf(root, path);
		const real = join(place.folder, place.name);
		if (real === stateDir || real.startsWith(stateDir + sep))
			throw new WorkspaceError("protected", `${place.path} is Jetbox's own.`);
		return place;
	}

	async function read(path: string, signal: AbortSignal): Promise<TextFile> {
		signal.throwIfAborted();
		return orGone(locate(path).then(readTextAt));
	}

	async function applyWith(
		change: WorkspaceChange,
		write: (() => Promise<void>) | null,
		signal: AbortSignal,
	): Promise<void> {
		signal.throwIfAborted();
		await orGone(stat(root));
		const place = await locate(change.path);
		checkPlace(change, place);
		const old = await readPresent(place);
		checkExpected(change, old, place.path);
		const bytes = change.kind === "delete" ? null : encodeText(change.text, old?.bytes ?? null, place.path);
		const madeFolders = old === null ? await missingFolders(root, place.folder) : [];
		await kept(journal.record({ path: place.path, old, madeFolders, after: bytes }));
		if (write === null) {
			await writeChange(place, bytes, old, madeFolders);
		} else {
			await write();
			// The editor may have formatted the text on its way to the disk.
			const now = await readPresent(place);
			if (now === null ? bytes !== null : bytes === null || !now.bytes.equals(bytes))
				await kept(journal.amend(place.path, now?.bytes ?? null));
		}
		await journal.confirm(place.path, await modeOf(place));
	}

	async function kept(recording: Promise<void>): Promise<void> {
		await recording.catch((error: unknown) => {
			throw asStoreError(error, stateDir);
		});
	}

	async function writeChange(
		place: Place,
		bytes: Uint8Array | null,
		old: FileBytes | null,
		madeFolders: readonly string[],
	): Promise<void> {
		if (bytes === null) {
			await withFolder(place.folder, async (folder) => {
				await checkUnchanged(place, old);
				await unlink(`${folder}/${place.name}`);
				await syncFolder(folder);
			}).catch((error: unknown) => {
				throw asWriteError(error, place.path);
			});
			return;
		}
		try {
			if (madeFolders.length > 0) await makeFolders(place.folder);
			await writeAtomically(place.folder, place.name, bytes, old, () => checkUnchanged(place, old));
		} catch (error) {
			await removeEmptyFolders(madeFolders.map((folder) => join(root, folder)));
			throw asWriteError(error, place.path);
		}
	}

	return {
		root,
		beginRound: (round) => journal.beginRound(round),
		read,
		async list(folder, limit, signal) {
			const { path } = await orGone(locate(folder));
			return orGone(listFiles(root, path, limit, signal));
		},
		async search(text, folder, limit, signal) {
			const { path } = await orGone(locate(folder));
			return orGone(searchFiles(root, path, text, limit, signal));
		},
		apply: (change, signal) => applyWith(change, null, signal),
		applyWith,
	};

	/** A missing file is the model's mistake; a missing workspace ends the run. */
	async function orGone<T>(work: Promise<T>): Promise<T> {
		try {
			return await work;
		} catch (error) {
			const gone = await stat(root).then(
				(found) => !found.isDirectory(),
				() => true,
			);
			if (gone)
				throw new UserError(
					"workspace-gone",
					`The workspace folder ${root} was removed or renamed during the run.`,
					"Open the folder again and run the task anew.",
					{ cause: error },
				);
			throw error instanceof WorkspaceError ? error : codeOf(error) === "" ? error : asWorkspaceError(error, root);
		}
	}
}

async function realFolder(path: string): Promise<string> {
	const fail = (cause?: unknown) =>
		new UserError("no-workspace", `${path} cannot be opened as a folder.`, "Open an existing folder.", { cause });
	try {
		const root = await realpath(path);
		if ((await stat(root)).isDirectory()) return root;
	} catch (error) {
		throw fail(error);
	}
	throw fail();
}

/** What was judged and approved is a path, so the change must be of the file which that path names by its real name (threats A04). */
function checkPlace(change: WorkspaceChange, place: Place): void {
	if (protectionOf(place.path) === "never") {
		throw new WorkspaceError(
			"protected",
			`${place.path} belongs to version control or the environment and is never changed.`,
		);
	}
	if (change.path !== place.path)
		throw new WorkspaceError("bad-path", `${change.path} is really ${place.path}. Use that path.`);
}

function checkExpected(change: WorkspaceChange, old: FileBytes | null, path: string): void {
	if (change.kind === "create") {
		if (old !== null) throw new WorkspaceError("changed", `${path} exists by now. Read it first.`);
		return;
	}
	if (old === null) throw new WorkspaceError("missing", `${path} does not exist any more.`);
	if (sha256(old.bytes) !== change.expectedHash)
		throw new WorkspaceError("changed", `${path} was changed by somebody else meanwhile. Read it again.`);
	if (old.links > 1)
		throw new WorkspaceError("denied", `${path} has other names (hard links), which a change would part from it.`);
	if ((old.mode & 0o200) === 0)
		throw new WorkspaceError("denied", `${path} is read-only. Ask the user to make it writable.`);
}

/** Permission bits; null where they are not to be had, or nothing stands there. */
async function modeOf(place: Place): Promise<number | null> {
	return withFolder(place.folder, async (folder) => {
		const { mode } = await lstat(`${folder}/${place.name}`);
		return mode & 0o7777;
	}).catch(() => null);
}

/** Workspace-relative, outermost first. */
async function missingFolders(root: string, folder: string): Promise<readonly string[]> {
	const missing: string[] = [];
	for (let at = folder; at.length > root.length; at = dirname(at)) {
		const exists = await stat(at).then(
			() => true,
			() => false,
		);
		if (exists) break;
		missing.unshift(at.slice(root.length + 1));
	}
	return missing;
}

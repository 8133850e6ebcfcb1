/** A workspace folder on disk: confined, journaled, written atomically. */
import { mkdir, realpath, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../core/errors.ts";
import type { JournaledWorkspace } from "../../core/machine.ts";
import { protectionOf } from "../../core/policy/protected.ts";
import { type TextFile, type WorkspaceChange, WorkspaceError } from "../../core/ports.ts";
import { syncFolder, writeAtomically } from "./atomic-write.ts";
import {
	asWorkspaceError,
	codeOf,
	type FileBytes,
	type Place,
	placeOf,
	readConfined,
	withFolder,
} from "./confined-files.ts";
import { listFiles, searchFiles } from "./file-walk.ts";
import { Journal, runsFolder, sha256 } from "./journal.ts";
import { decodeText, encodeText } from "./text-encoding.ts";

/**
 * Opens the folder for one run.
 * @param stateDir where journals stand, outside the workspace
 * @throws UserError `no-workspace`
 */
export async function openDiskWorkspace(parts: {
	readonly root: string;
	readonly runId: string;
	readonly stateDir: string;
}): Promise<JournaledWorkspace> {
	const root = await realpath(parts.root).catch((error: unknown) => {
		throw new UserError("no-workspace", `${parts.root} cannot be opened.`, "Open an existing folder.", {
			cause: error,
		});
	});
	const journal = new Journal(runsFolder(parts.stateDir, root), parts.runId);

	async function read(path: string, signal: AbortSignal): Promise<TextFile> {
		signal.throwIfAborted();
		const place = await placeOf(root, path);
		const { bytes } = await orGone(readConfined(place));
		return { path: place.path, text: decodeText(bytes, place.path), hash: sha256(bytes), sizeBytes: bytes.length };
	}

	async function applyWith(
		change: WorkspaceChange,
		write: (() => Promise<void>) | null,
		signal: AbortSignal,
	): Promise<void> {
		signal.throwIfAborted();
		await orGone(stat(root));
		const place = await placeOf(root, change.path);
		if (protectionOf(place.path) === "never") {
			throw new WorkspaceError(
				"protected",
				`${place.path} belongs to version control or the environment and is never changed.`,
			);
		}
		const old = await presentBytes(place);
		checkExpected(change, old, place.path);
		const bytes = change.kind === "delete" ? null : encodeText(change.text, old?.bytes ?? null, place.path);
		const madeFolders = old === null ? await missingFolders(root, place.folder) : [];
		await journal.keepBefore(place.path, old, madeFolders).catch((error: unknown) => {
			throw new WorkspaceError("io", `Nothing was changed: what undo needs could not be kept (${String(error)}).`, {
				cause: error,
			});
		});
		if (write !== null) {
			await write();
		} else if (bytes === null) {
			await withFolder(place.folder, async (folder) => {
				await unlink(`${folder}/${place.name}`);
				await syncFolder(folder);
			});
		} else {
			if (madeFolders.length > 0) {
				await mkdir(place.folder, { recursive: true }).catch((error: unknown) => {
					throw asWorkspaceError(error, place.path);
				});
				if ((await placeOf(root, change.path)).folder !== place.folder)
					throw new WorkspaceError("outside", "A folder became a link meanwhile.");
			}
			await writeAtomically(place.folder, place.name, bytes, old?.mode ?? null);
		}
		const now = await presentBytes(place);
		await journal.recordAfter(place.path, now === null ? null : sha256(now.bytes));
	}

	return {
		root,
		read,
		async list(folder, limit, signal) {
			const { path } = await orGone(placeOf(root, folder));
			return orGone(listFiles(root, path, limit, signal));
		},
		async search(text, folder, limit, signal) {
			const { path } = await orGone(placeOf(root, folder));
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

function checkExpected(change: WorkspaceChange, old: FileBytes | null, path: string): void {
	if (change.kind === "create") {
		if (old !== null) throw new WorkspaceError("changed", `${path} exists by now. Read it first.`);
		return;
	}
	if (old === null) throw new WorkspaceError("missing", `${path} does not exist any more.`);
	if (sha256(old.bytes) !== change.expectedHash) {
		throw new WorkspaceError("changed", `${path} was changed by somebody else meanwhile. Read it again.`);
	}
}

async function presentBytes(place: Place): Promise<FileBytes | null> {
	try {
		return await readConfined(place);
	} catch (error) {
		if (error instanceof WorkspaceError && error.code === "missing") return null;
		throw error;
	}
}

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
	return missing.map((path) => join(path));
}

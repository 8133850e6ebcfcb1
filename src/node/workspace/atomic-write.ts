/** A write that leaves the old file or the new one, whatever happens in between: temporary file, fsync, rename, fsync of the folder. */
import { randomBytes } from "node:crypto";
import { constants, type FileHandle, lstat, open, readdir, rename, unlink } from "node:fs/promises";
import { WorkspaceError } from "../../core/ports.ts";
import { codeOf, withFolder } from "./confined-files.ts";
import { asWriteError } from "./storage-errors.ts";

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_DIRECTORY } = constants;
const NEW_FILE_MODE = 0o666;
const TEMPORARY = /^\.jetbox-(\d+)-[0-9a-f]{12}\.tmp$/;
/** Younger temporary files may belong to a process whose id means nothing here (a container on the same folder). */
const STALE_MS = 60_000;

/** What a replaced file had besides its bytes. */
export interface FileAttributes {
	/** Permission bits. */
	readonly mode: number;
	/** Null: that of this process. */
	readonly owner: { readonly uid: number; readonly gid: number } | null;
}

/**
 * Replaces or creates `name` in `folder`.
 * @param attributes of the file that is replaced; null for a new file, whose mode the umask decides
 * @param lastLook whether it may still be done, asked when only the rename is left
 * @throws WorkspaceError, or UserError `storage` for a full or broken disk; the old file then stands and no temporary file is left
 */
export async function writeAtomically(
	folder: string,
	name: string,
	bytes: Uint8Array,
	attributes: FileAttributes | null,
	lastLook: () => Promise<void> = async () => undefined,
): Promise<void> {
	await withFolder(folder, async (safeFolder) => {
		const temporary = `${safeFolder}/.jetbox-${process.pid}-${randomBytes(6).toString("hex")}.tmp`;
		try {
			const mode = attributes?.mode ?? NEW_FILE_MODE;
			const handle = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
			try {
				await handle.writeFile(bytes);
				if (attributes !== null) await keepAttributes(handle, attributes, name);
				await handle.sync();
			} finally {
				await handle.close();
			}
			await lastLook();
			await rename(temporary, `${safeFolder}/${name}`);
		} catch (error) {
			await unlink(temporary).catch(() => undefined);
			throw asWriteError(error, name);
		}
		await syncFolder(safeFolder);
	});
}

async function keepAttributes(handle: FileHandle, { mode, owner }: FileAttributes, name: string): Promise<void> {
	const own = await handle.stat();
	if (owner !== null && (own.uid !== owner.uid || own.gid !== owner.gid)) {
		await handle.chown(owner.uid, owner.gid).catch((error: unknown) => {
			throw new WorkspaceError("denied", `${name} belongs to another user, which a change would not keep.`, {
				cause: error,
			});
		});
	}
	// After chown, which clears some bits.
	await handle.chmod(mode);
}

/** Makes a rename or an unlink durable; systems that cannot sync a folder are left to their own ways. */
export async function syncFolder(folder: string): Promise<void> {
	try {
		const handle = await open(folder, O_RDONLY | O_DIRECTORY);
		await handle.sync().finally(() => handle.close());
	} catch {
		// Windows cannot open a folder; the rename itself is atomic there.
	}
}

/** Removes temporary files that a killed process left in a folder (threats F42). Never fails. */
export async function sweepTemporaries(folder: string): Promise<void> {
	await withFolder(folder, async (safeFolder) => {
		for (const name of await readdir(safeFolder)) {
			const pid = Number(TEMPORARY.exec(name)?.[1] ?? 0);
			if (pid === 0 || isAlive(pid)) continue;
			const { mtimeMs } = await lstat(`${safeFolder}/${name}`);
			if (Date.now() - mtimeMs > STALE_MS) await unlink(`${safeFolder}/${name}`);
		}
	}).catch(() => undefined);
}

/** Whether a file's name is one of ours that will not stay. */
export function isTemporaryName(name: string): boolean {
	return TEMPORARY.test(name);
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return codeOf(error) !== "ESRCH";
	}
}

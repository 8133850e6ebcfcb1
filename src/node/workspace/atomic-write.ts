/** A write that leaves the old file or the new one, whatever happens in between: temporary file, fsync, rename, fsync of the folder. */
import { randomBytes } from "node:crypto";
import { constants, open, rename, unlink } from "node:fs/promises";
import { asWorkspaceError, withFolder } from "./confined-files.ts";

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_DIRECTORY } = constants;
const NEW_FILE_MODE = 0o666;

/**
 * Replaces or creates `name` in `folder`.
 * @param mode permission bits of the file that is replaced; null for a new file, which the umask decides
 * @throws WorkspaceError; the old file then stands and no temporary file is left
 */
export async function writeAtomically(
	folder: string,
	name: string,
	bytes: Uint8Array,
	mode: number | null,
): Promise<void> {
	await withFolder(folder, async (safeFolder) => {
		const temporary = `${safeFolder}/.${name.slice(0, 100)}.${randomBytes(6).toString("hex")}.jetbox`;
		try {
			const handle = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode ?? NEW_FILE_MODE);
			try {
				await handle.writeFile(bytes);
				if (mode !== null) await handle.chmod(mode);
				await handle.sync();
			} finally {
				await handle.close();
			}
			await rename(temporary, `${safeFolder}/${name}`);
		} catch (error) {
			await unlink(temporary).catch(() => undefined);
			throw asWorkspaceError(error, name);
		}
		await syncFolder(safeFolder);
	});
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

/** The only way to a file of the workspace: opened beneath the root, component by component, never through a link that leads out. */
import { constants, type FileHandle, lstat, mkdir, open, readdir, readlink, realpath, rmdir } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { checkPath } from "../../core/policy/paths.ts";
import { WorkspaceError } from "../../core/ports.ts";

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;
const MAX_FILE_BYTES = 1024 * 1024;
/** Where the kernel lets a folder's handle stand for the folder, a folder swapped for a link after the check cannot be followed (threats.md 4.5). */
const HANDLE_PATHS = process.platform === "linux";

/** A file's place after its links: the folder's real path, and the relative path from the root. */
export interface Place {
	/** Workspace-relative, forward slashes. */
	readonly path: string;
	readonly folder: string;
	readonly name: string;
}

/**
 * Resolves a path that a model gave: composed Unicode (NFC). Where no file has that name to the letter, the one that has it in another
 * normalisation form stands for it, as macOS writes it.
 * @throws WorkspaceError `outside` or `bad-path`
 */
export async function placeOf(root: string, given: string): Promise<Place> {
	return resolved(root, checkedPath(root, given), entryAlike);
}

/**
 * Resolves a path that a place had before, to the letter: also where nothing is there now.
 * @throws WorkspaceError `outside` or `bad-path`
 */
export async function formerPlace(root: string, path: string): Promise<Place> {
	const checked = checkedPath(root, path);
	return resolved(root, path.normalize("NFC") === checked ? path : checked, noEntry);
}

function checkedPath(root: string, given: string): string {
	const checked = checkPath(given, root.split(sep).join("/"));
	if (!checked.ok) throw new WorkspaceError(checked.code, `${given.slice(0, 200)}: ${checked.why}.`);
	return checked.path;
}

/** A name in a folder that stands for one that is not there. */
type EntryFor = (root: string, folder: string, name: string) => Promise<string | null>;

const noEntry: EntryFor = async () => null;

async function resolved(root: string, relative: string, entryFor: EntryFor): Promise<Place> {
	const wanted = join(root, relative);
	const real = await realpath(wanted).catch((error: unknown) => missingPlace(root, wanted, entryFor, error));
	if (real !== root && !real.startsWith(root + sep)) {
		throw new WorkspaceError("outside", `${relative} is a link that leads out of the workspace (to ${real}).`);
	}
	const path = real
		.slice(root.length + 1)
		.split(sep)
		.join("/");
	return { path: path === "" ? "." : path, folder: dirname(real), name: real.slice(dirname(real).length + 1) };
}

/** For a file that is not there yet: the real path of its nearest existing folder, and the rest as given. */
async function missingPlace(root: string, wanted: string, entryFor: EntryFor, error: unknown): Promise<string> {
	const code = codeOf(error);
	if (code === "ELOOP") throw new WorkspaceError("outside", "The path is a loop of links.");
	if (code === "ENOTDIR") throw new WorkspaceError("not-a-file", "A part of the path is a file, not a folder.");
	if (code !== "ENOENT") throw asWorkspaceError(error, wanted);
	const target = await readlink(wanted).catch(() => null);
	if (target !== null) throw new WorkspaceError("outside", `The path is a link to nothing (${target}).`);
	const parent = dirname(wanted);
	if (parent.length < root.length) throw new WorkspaceError("outside", "The workspace folder is gone.");
	const realParent = await realpath(parent).catch((inner: unknown) => missingPlace(root, parent, entryFor, inner));
	const name = wanted.slice(parent.length + 1);
	const alike = await entryFor(root, realParent, name);
	if (alike === null) return join(realParent, name);
	const found = join(realParent, alike);
	return realpath(found).catch((inner: unknown) => missingPlace(root, found, entryFor, inner));
}

/** The one entry of a folder of the workspace that has the name in another normalisation form; null where none or several have. */
const entryAlike: EntryFor = async (root, folder, name) => {
	const isWithin = folder === root || folder.startsWith(root + sep);
	if (!isWithin || /^[\x20-\x7e]*$/.test(name)) return null;
	const entries = await readdir(folder).catch((): readonly string[] => []);
	const [first, second] = entries.filter((entry) => entry !== name && entry.normalize("NFC") === name.normalize("NFC"));
	return first === undefined || second !== undefined ? null : first;
};

/**
 * Runs `use` with a path of the folder that no later swap of the folder can redirect; where the system has no such path, a swap
 * is found afterwards.
 */
export async function withFolder<T>(folder: string, use: (safeFolder: string) => Promise<T>): Promise<T> {
	if (!HANDLE_PATHS) {
		await checkUnmoved(folder, folder);
		const result = await use(folder);
		await checkUnmoved(folder, folder);
		return result;
	}
	const handle = await open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch((error: unknown) => {
		throw asWorkspaceError(error, folder);
	});
	try {
		const handlePath = `/proc/self/fd/${handle.fd}`;
		await checkUnmoved(handlePath, folder);
		return await use(handlePath);
	} finally {
		await handle.close();
	}
}

async function checkUnmoved(path: string, folder: string): Promise<void> {
	const real = await realpath(path).catch((error: unknown) => {
		throw asWorkspaceError(error, folder);
	});
	if (real !== folder) throw new WorkspaceError("changed", "The folder was moved or swapped meanwhile. Try again.");
}

/** Makes a folder, one name after the other, each beneath the handle of the one before. @param folder real path beneath an existing one */
export async function makeFolders(folder: string): Promise<void> {
	const exists = await lstat(folder).then(
		(stat) => stat.isDirectory(),
		() => false,
	);
	if (exists) return;
	await makeFolders(dirname(folder));
	await withFolder(dirname(folder), (parent) => mkdir(join(parent, basename(folder)))).catch((error: unknown) => {
		if (codeOf(error) !== "EEXIST") throw asWorkspaceError(error, folder);
	});
}

/** Removes those of the folders that are empty, innermost first. Never fails: what is in use stays. */
export async function removeEmptyFolders(folders: readonly string[]): Promise<void> {
	for (const folder of folders.toSorted((a, b) => b.length - a.length))
		await withFolder(dirname(folder), (parent) => rmdir(join(parent, basename(folder)))).catch(() => undefined);
}

export interface FileBytes {
	readonly bytes: Buffer;
	/** Permission bits. */
	readonly mode: number;
	readonly owner: { readonly uid: number; readonly gid: number };
	/** Names that the file has. */
	readonly links: number;
}

/** Like readConfined; null where there is no such file. @throws WorkspaceError */
export async function readPresent(place: Place): Promise<FileBytes | null> {
	try {
		return await readConfined(place);
	} catch (error) {
		if (error instanceof WorkspaceError && error.code === "missing") return null;
		throw error;
	}
}

/**
 * The last look before a change: keeping what undo needs takes a disk its time, in which somebody may have saved.
 * @throws WorkspaceError `changed` where it is not `old` that stands there
 */
export async function checkUnchanged(place: Place, old: FileBytes | null): Promise<void> {
	const now = await readPresent(place);
	const same = now === null || old === null ? now === old : now.bytes.equals(old.bytes) && now.mode === old.mode;
	if (!same)
		throw new WorkspaceError("changed", `${place.path} was changed by somebody else meanwhile. Read it again.`);
}

/**
 * Reads a regular file of at most 1 MiB; a FIFO, a device or a link never blocks it.
 * @throws WorkspaceError
 */
export async function readConfined({ folder, name, path }: Place): Promise<FileBytes> {
	if (path === ".") throw new WorkspaceError("not-a-file", "That is the project's folder. Use list_files.");
	return withFolder(folder, async (safeFolder) => {
		let handle: FileHandle;
		try {
			handle = await open(`${safeFolder}/${name}`, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
		} catch (error) {
			throw asWorkspaceError(error, path);
		}
		try {
			const stat = await handle.stat();
			if (!stat.isFile())
				throw new WorkspaceError("not-a-file", `${path} is not a regular file. Use list_files for folders.`);
			if (stat.size > MAX_FILE_BYTES) {
				throw new WorkspaceError(
					"too-large",
					`${path} has ${stat.size} bytes; files up to ${MAX_FILE_BYTES} can be read. Use search.`,
				);
			}
			const bytes = await handle.readFile().catch((error: unknown) => {
				throw asWorkspaceError(error, path);
			});
			return {
				bytes,
				mode: stat.mode & 0o7777,
				owner: { uid: stat.uid, gid: stat.gid },
				links: stat.nlink,
			};
		} finally {
			await handle.close();
		}
	});
}

export function codeOf(error: unknown): string {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** What the operating system refused, as a result for the model. */
export function asWorkspaceError(error: unknown, path: string): WorkspaceError {
	if (error instanceof WorkspaceError) return error;
	switch (codeOf(error)) {
		case "ENOENT":
			return new WorkspaceError("missing", `${path} does not exist. Use list_files or search to find it.`, {
				cause: error,
			});
		case "EACCES":
		case "EPERM":
		case "EROFS":
			return new WorkspaceError("denied", `The system does not allow access to ${path}.`, { cause: error });
		case "ELOOP":
			return new WorkspaceError("outside", `${path} is a link.`, { cause: error });
		case "EISDIR":
		case "ENOTDIR":
		case "ENXIO":
			return new WorkspaceError("not-a-file", `${path} is not a regular file.`, { cause: error });
		default:
			return new WorkspaceError("io", `${path}: ${error instanceof Error ? error.message : String(error)}.`, {
				cause: error,
			});
	}
}

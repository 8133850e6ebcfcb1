/** The only way to a file of the workspace: opened beneath the root, component by component, never through a link that leads out. */
import { constants, type FileHandle, lstat, open, readlink, realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
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
 * Resolves a path that a model gave.
 * @throws WorkspaceError `outside` or `bad-path`
 */
export async function placeOf(root: string, given: string): Promise<Place> {
	const checked = checkPath(given, root.split(sep).join("/"));
	if (!checked.ok) throw new WorkspaceError(checked.code, `${given.slice(0, 200)}: ${checked.why}.`);
	const wanted = join(root, checked.path);
	const real = await realpath(wanted).catch((error: unknown) => missingPlace(root, wanted, error));
	if (real !== root && !real.startsWith(root + sep)) {
		throw new WorkspaceError("outside", `${checked.path} is a link that leads out of the workspace (to ${real}).`);
	}
	const path = real
		.slice(root.length + 1)
		.split(sep)
		.join("/");
	return { path: path === "" ? "." : path, folder: dirname(real), name: real.slice(dirname(real).length + 1) };
}

/** For a file that is not there yet: the real path of its nearest existing folder, and the rest as given. */
async function missingPlace(root: string, wanted: string, error: unknown): Promise<string> {
	const code = codeOf(error);
	if (code === "ELOOP") throw new WorkspaceError("outside", "The path is a loop of links.");
	if (code === "ENOTDIR") throw new WorkspaceError("not-a-file", "A part of the path is a file, not a folder.");
	if (code !== "ENOENT") throw asWorkspaceError(error, wanted);
	if (
		await lstat(wanted).then(
			(stat) => stat.isSymbolicLink(),
			() => false,
		)
	) {
		throw new WorkspaceError("outside", `The path is a link to nothing (${await readlink(wanted)}).`);
	}
	const parent = dirname(wanted);
	if (parent.length < root.length) throw new WorkspaceError("outside", "The workspace folder is gone.");
	const realParent = await realpath(parent).catch((inner: unknown) => missingPlace(root, parent, inner));
	return join(realParent, wanted.slice(parent.length + 1));
}

/** Runs `use` with a path of the folder that no later swap of the folder can redirect. */
export async function withFolder<T>(folder: string, use: (safeFolder: string) => Promise<T>): Promise<T> {
	const handle = await open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch((error: unknown) => {
		throw asWorkspaceError(error, folder);
	});
	try {
		if (!HANDLE_PATHS) return await use(folder);
		const handlePath = `/proc/self/fd/${handle.fd}`;
		if ((await realpath(handlePath)) !== folder) {
			throw new WorkspaceError("changed", "The folder was moved or swapped meanwhile. Try again.");
		}
		return await use(handlePath);
	} finally {
		await handle.close();
	}
}

export interface FileBytes {
	readonly bytes: Buffer;
	readonly mode: number;
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
			return { bytes: await handle.readFile(), mode: stat.mode & 0o7777 };
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

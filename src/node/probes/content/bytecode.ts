/** Python trusts a .pyc by its source's mtime in whole seconds and its size: two quick edits of one size run the older text. */
import { closeSync, constants, openSync, readdirSync, readlinkSync, realpathSync, statSync, unlinkSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { isPythonSource } from "../../../core/probes/inputs.ts";

/** Bytecode made this shortly after its source may be of another text. */
const SUSPECT_MS = 2_000;

/** Removes the bytecode of changed files. @param root absolute and real @param files workspace-relative */
export function removeBytecode(root: string, files: Iterable<string>): void {
	forBytecodeOf(root, files, remove);
}

/** Removes bytecode that may be stale, where nothing is known of what happened before. */
export function removeSuspectBytecode(root: string, files: Iterable<string>): void {
	forBytecodeOf(root, files, (path, source) => {
		const written = statSync(join(root, source), { throwIfNoEntry: false })?.mtimeMs ?? 0;
		const compiled = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
		if (compiled - written < SUSPECT_MS) remove(path);
	});
}

function remove(path: string): void {
	try {
		unlinkSync(path);
	} catch {
		// It is gone. Where its folder is closed to us, the tests cannot have written it either; plain pytest loads it, too.
	}
}

/** Calls for each .pyc of these sources that lies in the workspace itself, whatever a test made a link of its folder. */
function forBytecodeOf(root: string, files: Iterable<string>, act: (path: string, source: string) => void): void {
	for (const [folder, sources] of byFolder(files)) {
		inOwnFolder(root, join(root, folder, "__pycache__"), (cache) => {
			for (const name of readdirSync(cache)) {
				const source = sourceOf(name, sources);
				if (source !== null) act(join(cache, name), source);
			}
		});
	}
}

/** Folder -> stem of a source in it -> that source: a folder of many modules is listed once, not once a module. */
function byFolder(files: Iterable<string>): ReadonlyMap<string, ReadonlyMap<string, string>> {
	const folders = new Map<string, Map<string, string>>();
	for (const file of files) {
		if (!isPythonSource(file) || file.endsWith(".pyi")) continue;
		const sources = folders.get(dirname(file)) ?? new Map<string, string>();
		sources.set(basename(file, ".py"), file);
		folders.set(dirname(file), sources);
	}
	return folders;
}

/** The source of `stem.cpython-312.pyc`, `stem.cpython-312.opt-1.pyc` and the like (PEP 3147); a stem may have dots of its own. */
function sourceOf(name: string, sources: ReadonlyMap<string, string>): string | null {
	if (!name.endsWith(".pyc")) return null;
	for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
		const source = sources.get(name.slice(0, dot));
		if (source !== undefined) return source;
	}
	return null;
}

/**
 * Calls with a way to a folder that is no link and lies beneath the root; not at all for another one. On Linux the way is by its
 * handle, so that a folder that is swapped meanwhile is not followed.
 */
function inOwnFolder(root: string, path: string, act: (folder: string) => void): void {
	let handle: number | null = null;
	try {
		if (process.platform === "linux") handle = openSync(path, constants.O_DIRECTORY | constants.O_NOFOLLOW);
		const folder = handle === null ? path : `/proc/self/fd/${handle}`;
		const place = handle === null ? realpathSync(path) : readlinkSync(folder);
		const isLink = handle === null && place !== join(realpathSync(dirname(path)), basename(path));
		if (!isLink && place.startsWith(root.endsWith(sep) ? root : root + sep)) act(folder);
	} catch {
		// There is none, or it is a link.
	} finally {
		if (handle !== null) closeSync(handle);
	}
}

/** Python trusts a .pyc by its source's mtime in whole seconds and its size: two quick edits of one size run the older text. */
import { closeSync, constants, openSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isPythonSource } from "../../core/probes/inputs.ts";
import { isInside } from "./program-paths.ts";

/** Bytecode made this shortly after its source may be of another text. */
const SUSPECT_MS = 2_000;

/** Removes the bytecode of changed files. @param files workspace-relative */
export function removeBytecode(root: string, files: Iterable<string>): void {
	for (const file of files) {
		if (isPythonSource(file)) forBytecodeOf(root, file, remove);
	}
}

/** Removes bytecode that may be stale, where nothing is known of what happened before. */
export function removeSuspectBytecode(root: string, files: Iterable<string>): void {
	for (const file of files) {
		if (!isPythonSource(file)) continue;
		forBytecodeOf(root, file, (path) => {
			const written = statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
			const compiled = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
			if (compiled - written < SUSPECT_MS) remove(path);
		});
	}
}

function remove(path: string): void {
	try {
		rmSync(path, { force: true });
	} catch {
		// Where its folder is closed to us, the tests cannot have written it either; plain pytest loads it, too.
	}
}

/** Calls for each .pyc of a source that lies in the workspace itself, whatever a test made a link of its folder. */
function forBytecodeOf(root: string, file: string, act: (path: string) => void): void {
	const stem = basename(file).replace(/\.pyi?$/, "");
	inOwnFolder(root, join(root, dirname(file), "__pycache__"), (folder) => {
		for (const name of readdirSync(folder))
			if (name.startsWith(`${stem}.`) && name.endsWith(".pyc")) act(join(folder, name));
	});
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
		if (handle !== null || realpathSync(path) === join(realpathSync(dirname(path)), basename(path)))
			if (isInside(root, folder)) act(folder);
	} catch {
		// There is none, or it is a link.
	} finally {
		if (handle !== null) closeSync(handle);
	}
}

/** What a process that stands ready has taken from the workspace, and which changes make that old. Sooner too many than one too few. */
import { protectionOf } from "../../../../core/policy/protected.ts";
import type { FileChange } from "../../../../core/probes/affected.ts";
import { isPythonSource, isTestFile } from "../../../../core/probes/inputs.ts";

export interface Taken {
	/** Workspace files that it opened, or looked for. */
	readonly loaded: ReadonlySet<string>;
	/** Modules that it loaded, or asked for in vain. */
	readonly names: ReadonlySet<string>;
	/** Folders whose entries code of the workspace listed; each ends with a slash, the workspace's own is `./`. */
	readonly listed: ReadonlySet<string>;
}

/** Whether what was taken is no longer so after this change. */
export function isOutdated({ loaded, names, listed }: Taken, { path, kind }: FileChange): boolean {
	if (loaded.has(path)) return true;
	if (kind === "modified") return false;
	// Whether code looked for a file that is not there leaves no trace; a test file is nothing that it would look for.
	if (!isTestFile(path) && [...loaded].some(isCode)) return true;
	if (listed.has("./") || foldersOf(path).some((folder) => listed.has(`${folder}/`))) return true;
	return kind === "created" && providedNames(path, loaded).some((name) => names.has(name));
}

/** Configuration, conftest.py, and whatever else the sandbox keeps read-only: mounts of the old file are gone with it. */
export function decidesHowTestsRun(path: string): boolean {
	return protectionOf(path) !== "none";
}

/** First names of all modules that a file can be part of, wherever `sys.path` leads. */
export function topNames(path: string): ReadonlySet<string> {
	return new Set(partsOf(path));
}

function isCode(path: string): boolean {
	return isPythonSource(path) || !decidesHowTestsRun(path);
}

/**
 * Names of the modules that come with a file: its own, and those of folders that may be new; each in as many forms as `sys.path`
 * can have entries above it. A folder out of which something was loaded is not new.
 */
function providedNames(path: string, loaded: ReadonlySet<string>): readonly string[] {
	const known = new Set([...loaded].flatMap(foldersOf));
	const newFolders = foldersOf(path).filter((folder) => !known.has(folder));
	return [partsOf(path), ...newFolders.map((folder) => folder.split("/"))].flatMap((parts) =>
		parts.map((_, index) => parts.slice(index).join(".")),
	);
}

/** The parts of a module's full name, beginning at the workspace. */
function partsOf(path: string): readonly string[] {
	const parts = path.split("/");
	const stem = parts.pop()?.split(".", 1)[0] ?? "";
	return stem === "__init__" ? parts : [...parts, stem];
}

/** Folders above a path, the nearest last; without the workspace itself. */
function foldersOf(path: string): readonly string[] {
	const parts = path.split("/").slice(0, -1);
	return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

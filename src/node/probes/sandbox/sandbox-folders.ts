/** Which folders outside the workspace a sandboxed program may read: those that its interpreter and programs load from, and no wider. */
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { isInside, isWorkspaceProgram } from "../tools/program-paths.ts";

export interface Interpreter {
	readonly path: string;
	/** Folders that it says it loads from. */
	readonly prefixes: readonly string[];
}

/**
 * Folders (or, where the folder is too wide, files) to mount. An interpreter of the workspace is not believed: what it names, or
 * links to, is mounted only where a Python installation really stands.
 * @param programs absolute paths
 */
export function foldersToRead(
	root: string,
	python: Interpreter | null,
	programs: readonly string[],
): readonly string[] {
	return [
		...(python === null ? [] : interpreterFolders(root, python)),
		...programs.flatMap((program) => programFolders(root, program)),
	];
}

function interpreterFolders(root: string, { path, prefixes }: Interpreter): readonly string[] {
	const named = prefixes.filter((prefix) => !isTooWide(root, prefix));
	if (!isWorkspaceProgram(root, path)) return [...named, ...programFolders(root, path)];
	return [...named.filter(isInstallation), ...programFolders(root, path)];
}

function programFolders(root: string, program: string): readonly string[] {
	const target = realOr(program);
	if (isWorkspaceProgram(root, program)) {
		const installation = dirname(dirname(target));
		return isInstallation(installation) && !isTooWide(root, installation) ? [installation] : [];
	}
	return [program, target].map((path) => (isTooWide(root, dirname(path)) ? path : dirname(path)));
}

/** A Python installation has its library beside its programs. */
function isInstallation(prefix: string): boolean {
	try {
		return readdirSync(join(prefix, "lib")).some(
			(name) => /^python3\.\d+t?$/.test(name) && existsSync(join(prefix, "lib", name, "os.py")),
		);
	} catch {
		return false;
	}
}

/** Whether a folder holds the home folder or the workspace, and so much more than a program. */
function isTooWide(root: string, folder: string): boolean {
	return isInside(folder, homedir()) || isInside(folder, root);
}

function realOr(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return path;
	}
}

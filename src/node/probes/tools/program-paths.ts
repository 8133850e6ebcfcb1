/** Where programs lie, as far as it decides who chose them: the person's machine, or the workspace. */
import { realpathSync } from "node:fs";
import { delimiter, dirname, isAbsolute, relative, sep } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** Absolute folders of PATH outside the workspace: a program that lies in the workspace is the repository's choice. */
export function pathFolders(env: Env, root: string): readonly string[] {
	return (env["PATH"] ?? env["Path"] ?? "")
		.split(delimiter)
		.filter((folder) => isAbsolute(folder) && !isInside(root, folder));
}

/** Whether a path, after its links, is the folder or beneath it. */
export function isInside(folder: string, path: string): boolean {
	const way = relative(real(folder), real(path));
	return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Whether a program lies in the workspace by its name, wherever a link leads from there. */
export function isWorkspaceProgram(root: string, program: string): boolean {
	return program.startsWith(root + sep) || isInside(root, dirname(program));
}

function real(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return path;
	}
}

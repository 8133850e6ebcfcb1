/** What a permission for a folder is bound to: the folder by its real path, and the programs in it that would run. */
import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** Programs of the workspace that a probe would start (threats A22). */
const OWN_PROGRAMS = [".venv/bin/python", "venv/bin/python", ".venv/bin/ruff", "venv/bin/ruff"];

/**
 * A name for the folder and its own programs as they are now: another folder under the same path, or another program in it, is
 * another one, so that a yes to the first is none to the second.
 */
export function folderIdentity(folder: string): string {
	const root = realOr(folder);
	const programs = OWN_PROGRAMS.map((name) => join(root, name)).map((path) => `${realOr(path)} ${hashOf(path)}`);
	const own = createHash("sha256").update(programs.join("\n")).digest("hex").slice(0, 16);
	return `${root} ${own}`;
}

/** Whether a folder is one of those, whatever links lead to it. */
export function isOneOf(folders: readonly string[], folder: string): boolean {
	const root = realOr(folder);
	return folders.some((candidate) => realOr(candidate) === root);
}

function realOr(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return path;
	}
}

function hashOf(path: string): string {
	try {
		return createHash("sha256").update(readFileSync(path)).digest("hex");
	} catch {
		return "-";
	}
}

/** Python trusts a .pyc by its source's mtime in whole seconds and its size: two quick edits of one size run the older text. */
import { readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isPythonSource } from "../../core/probes/inputs.ts";

/** Bytecode made this shortly after its source may be of another text. */
const SUSPECT_MS = 2_000;

/** Removes the bytecode of changed files. @param files workspace-relative */
export function removeBytecode(root: string, files: Iterable<string>): void {
	for (const file of files) {
		if (isPythonSource(file)) for (const path of bytecodeOf(join(root, file))) remove(path);
	}
}

/** Removes bytecode that may be stale, where nothing is known of what happened before. */
export function removeSuspectBytecode(root: string, files: Iterable<string>): void {
	for (const file of files) {
		if (!isPythonSource(file)) continue;
		const source = join(root, file);
		const written = statSync(source, { throwIfNoEntry: false })?.mtimeMs ?? 0;
		for (const path of bytecodeOf(source)) {
			const compiled = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
			if (compiled - written < SUSPECT_MS) remove(path);
		}
	}
}

function remove(path: string): void {
	try {
		rmSync(path, { force: true });
	} catch {
		// Where its folder is closed to us, the tests cannot have written it either; plain pytest loads it, too.
	}
}

function bytecodeOf(source: string): readonly string[] {
	const folder = join(dirname(source), "__pycache__");
	const stem = basename(source).replace(/\.pyi?$/, "");
	try {
		return readdirSync(folder)
			.filter((name) => name.startsWith(`${stem}.`) && name.endsWith(".pyc"))
			.map((name) => join(folder, name));
	} catch {
		return [];
	}
}

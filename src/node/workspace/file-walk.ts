/** Listing and searching: bounded in files, bytes and matches, without hidden and generated folders, never through links. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkPath } from "../../core/policy/paths.ts";
import { type SearchMatch, WorkspaceError } from "../../core/ports.ts";
import { asWorkspaceError, placeOf, readConfined, withFolder } from "./confined-files.ts";

const SKIPPED = new Set(["node_modules", "__pycache__", "venv", "site-packages", "build", "dist", "htmlcov"]);
const MAX_ENTRIES = 20_000;
const MAX_SEARCHED_BYTES = 32 * 1024 * 1024;
const MAX_SEARCH_MS = 5_000;

interface Walk {
	/** Set where the walk ended before it had seen everything. */
	cut: boolean;
}

/** Files beneath a folder, sorted by path; `truncated` where the limit cut them. */
export async function listFiles(
	root: string,
	folder: string,
	limit: number,
	signal: AbortSignal,
): Promise<{ files: readonly string[]; truncated: boolean }> {
	const files: string[] = [];
	const state: Walk = { cut: false };
	for await (const file of walk(root, folder, state, signal)) {
		if (files.length === limit) {
			state.cut = true;
			break;
		}
		files.push(file);
	}
	return { files: files.sort(), truncated: state.cut };
}

/** Lines that hold a text, without regard to case. @param folder or one file */
export async function searchFiles(
	root: string,
	folder: string,
	text: string,
	limit: number,
	signal: AbortSignal,
): Promise<{ matches: readonly SearchMatch[]; truncated: boolean }> {
	const wanted = text.toLowerCase();
	const matches: SearchMatch[] = [];
	let bytesLeft = MAX_SEARCHED_BYTES;
	const state: Walk = { cut: false };
	const startedAt = performance.now();
	for await (const file of walk(root, folder, state, signal)) {
		if (performance.now() - startedAt > MAX_SEARCH_MS) return { matches, truncated: true };
		const bytes = await readable(root, file);
		if (bytes === null) continue;
		bytesLeft -= bytes.length;
		if (bytesLeft < 0) return { matches, truncated: true };
		for (const [index, line] of bytes
			.toString("utf8")
			.split(/\r\n|\n/)
			.entries()) {
			if (!line.toLowerCase().includes(wanted)) continue;
			if (matches.length === limit) return { matches, truncated: true };
			matches.push({ path: file, line: index + 1, text: line.trim() });
		}
	}
	return { matches, truncated: state.cut };
}

async function* walk(root: string, folder: string, state: Walk, signal: AbortSignal): AsyncGenerator<string> {
	if (await isFile(join(root, folder))) {
		yield folder;
		return;
	}
	let entriesLeft = MAX_ENTRIES;
	const pending = [folder];
	for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
		signal.throwIfAborted();
		const here = next;
		// Tests may run meanwhile, and swap a folder that was seen for a link to one outside.
		const entries = await withFolder(join(root, here), (real) => readdir(real, { withFileTypes: true })).catch(
			(error: unknown) => {
				if (here === folder) throw asWorkspaceError(error, here);
				return [];
			},
		);
		entries.sort((a, b) => (a.name < b.name ? -1 : 1));
		const folders: string[] = [];
		for (const entry of entries) {
			entriesLeft -= 1;
			if (entriesLeft < 0) {
				state.cut = true;
				return;
			}
			if (entry.name.startsWith(".") || SKIPPED.has(entry.name)) continue;
			// A name that no tool would take back, such as one with a line break, is not shown either (threats A54).
			if (!checkPath(entry.name, root).ok) continue;
			const path = here === "." ? entry.name : `${here}/${entry.name}`;
			if (entry.isDirectory()) folders.push(path);
			else if (entry.isFile()) yield path;
		}
		pending.unshift(...folders);
	}
}

async function isFile(path: string): Promise<boolean> {
	return stat(path).then(
		(found) => found.isFile(),
		() => false,
	);
}

async function readable(root: string, file: string): Promise<Buffer | null> {
	try {
		const { bytes } = await readConfined(await placeOf(root, file));
		return bytes.includes(0) ? null : bytes;
	} catch (error) {
		if (error instanceof WorkspaceError) return null;
		throw error;
	}
}

/** One look at every file beneath a root: an lstat each, and a hash of what moved. The content decides, not the watcher. */
import { createHash } from "node:crypto";
import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../core/errors.ts";
import { isIgnoredFile, isIgnoredFolder } from "../../core/probes/inputs.ts";

/** Larger files are told apart by size and times, not by content. */
const MAX_HASHED_BYTES = 8n * 1024n * 1024n;
/** A file that was written this shortly before it was hashed may change again without its times moving. */
const RACY_MS = 50;

/** Workspace-relative paths with forward slashes -> hash of the content. */
export type Content = ReadonlyMap<string, string>;

interface Known {
	readonly stamp: string;
	readonly hash: string;
	readonly racy: boolean;
}

export interface Sweep {
	/**
	 * What is on disk now.
	 * @throws UserError `workspace-gone`
	 */
	look(): Content;
}

export function createSweep(root: string): Sweep {
	let known: ReadonlyMap<string, Known> = new Map();
	return {
		look() {
			if (!isFolder(root)) {
				throw new UserError("workspace-gone", `The folder ${root} is gone.`, "Open the folder again where it is now.");
			}
			const found = new Map<string, Known>();
			visit(root, "", (path, absolute) => {
				const entry = identify(absolute, known.get(path));
				if (entry !== null) found.set(path, entry);
			});
			known = found;
			return new Map([...found].map(([path, { hash }]) => [path, hash]));
		},
	};
}

/** Paths that differ between two contents, sorted. */
export function changesBetween(before: Content, after: Content): readonly string[] {
	const changed = [...after].filter(([path, hash]) => before.get(path) !== hash).map(([path]) => path);
	const gone = [...before.keys()].filter((path) => !after.has(path));
	return [...changed, ...gone].sort();
}

function visit(folder: string, prefix: string, onFile: (path: string, absolute: string) => void): void {
	for (const entry of entriesOf(folder)) {
		const absolute = join(folder, entry.name);
		const path = `${prefix}${entry.name}`;
		if (entry.isDirectory()) {
			if (!isIgnoredFolder(entry.name) && !isEnvironment(absolute)) visit(absolute, `${path}/`, onFile);
		} else if ((entry.isFile() || entry.isSymbolicLink()) && !isIgnoredFile(entry.name)) {
			onFile(path, absolute);
		}
	}
}

function entriesOf(folder: string) {
	try {
		return readdirSync(folder, { withFileTypes: true });
	} catch {
		// Removed or closed to us between two steps: it holds nothing we could judge.
		return [];
	}
}

function isFolder(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isEnvironment(folder: string): boolean {
	return lstatSync(join(folder, "pyvenv.cfg"), { throwIfNoEntry: false }) !== undefined;
}

function identify(path: string, before: Known | undefined): Known | null {
	try {
		const own = lstatSync(path, { bigint: true });
		const link = own.isSymbolicLink() ? `${readlinkSync(path)}\0` : "";
		const target = own.isSymbolicLink() ? statSync(path, { bigint: true, throwIfNoEntry: false }) : own;
		// A link to a folder, to nothing, or to a pipe: where it points is all of it.
		if (target === undefined || !target.isFile()) return { stamp: "", hash: `link:${link}`, racy: false };
		const stamp = `${link}${stampOf(target)}`;
		if (before !== undefined && before.stamp === stamp && !before.racy) return before;
		if (target.size > MAX_HASHED_BYTES) return { stamp, hash: `large:${stamp}`, racy: false };
		const racy = Date.now() - Number(target.ctimeMs) < RACY_MS;
		return { stamp, hash: createHash("sha256").update(link).update(readFileSync(path)).digest("hex"), racy };
	} catch {
		return null;
	}
}

function stampOf({ mtimeNs, ctimeNs, size, ino }: BigIntStats): string {
	return `${mtimeNs}.${ctimeNs}.${size}.${ino}`;
}

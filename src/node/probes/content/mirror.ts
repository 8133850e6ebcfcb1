/**
 * The content mirror: every file beneath a root with its hash. One look is one lstat for each known file and folder; a folder is
 * listed again only where its own time moved, a file read again only where its stamp did. The content decides, not the watcher.
 */
import { type Dirent, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import { UserError } from "../../../core/errors.ts";
import { isIgnoredFile, isIgnoredFolder } from "../../../core/probes/inputs.ts";
import type { KeptDifferences, KeptFile } from "../../../core/probes/kept-answers.ts";
import { createLintBases, type LintBases } from "../lint/lint-bases.ts";
import { lintReachOf, tellLintReach } from "../lint/lint-reach.ts";
import { type Content, changesBetween, withDifferences } from "./content.ts";
import { carryDigests } from "./content-digest.ts";
import { isOfKernel, isReadByRuff } from "./endless-file.ts";
import {
	dataBudget,
	identifyFile,
	isRacy,
	isSameStamp,
	type KnownFile,
	keptFile,
	knownFile,
	type Stamp,
	stampOf,
} from "./file-identity.ts";
import { createFolderFiles, type FolderFiles } from "./folder-files.ts";
import { identifyUndecoded, isUndecoded } from "./undecoded-names.ts";

/** Marks a folder as a Python environment: the interpreter's fingerprint stands for what is in it. */
const ENVIRONMENT_MARK = "pyvenv.cfg";
/** Folders that a link leads to lie outside of the workspace; one that is this large is data. */
const MAX_LINKED_FILES = 5_000;

export interface Mirror {
	/**
	 * What is on disk now; the same object as before where nothing moved.
	 * @throws UserError `workspace-gone`
	 */
	look(): Content;
	/**
	 * What is on disk now of some files, where all others are as the last look saw them: what a change of one file is known by
	 * before a thousand others are looked at. Whether it is so, the next look tells.
	 * @param files workspace-relative
	 * @returns null where nothing of them moved
	 */
	glance(files: Iterable<string>): Content | null;
	/** Folders (workspace-relative) that were found to be Python environments, and are passed by. */
	environments(): readonly string[];
	/** What the last look saw, for a later session. */
	keep(): readonly KeptFile[];
}

interface KnownFolder {
	readonly name: string;
	readonly path: string;
	readonly absolute: string;
	/** Null where the folder must be listed at the next look. */
	readonly stamp: Stamp | null;
	readonly files: FolderFiles;
	readonly folders: KnownFolder[];
}

/**
 * @param root absolute and real
 * @param kept files as an earlier session saw them: what did not move since need not be read again
 * @param env that ruff is given: its configuration may name files by it
 */
export function createMirror(
	root: string,
	kept: readonly KeptFile[] = [],
	env: Readonly<Record<string, string>> = {},
): Mirror {
	const earlier = new Map(kept.map((file) => [file.path, file]));
	let top: KnownFolder = emptyFolder("", "", root);
	let content: Content = new Map();
	/** Of the look that is taken: files whose content is another, and whether files or folders may have come or gone. */
	let moved: KeptDifferences[number][] = [];
	let isListedAnew = false;
	let budget = dataBudget();
	const environments = new Set<string>();

	const before = (path: string): KnownFile | undefined => {
		const file = earlier.get(path);
		return file === undefined ? undefined : (knownFile(root, file) ?? undefined);
	};
	const bases = createLintBases(root, env, before);
	const visit = (folder: KnownFolder): KnownFolder | null => {
		const stamp = folderStamp(folder);
		if (stamp === null) return null;
		if (folder.stamp === null || !isSameStamp(folder.stamp, stamp)) return list(folder, stamp);
		moved.push(...folder.files.look(budget));
		visitFolders(folder.folders);
		return folder;
	};
	const visitFolders = (folders: KnownFolder[]) => {
		for (let index = folders.length - 1; index >= 0; index--) {
			const before = folders[index];
			if (before === undefined) continue;
			const now = visit(before);
			if (now === null) {
				folders.splice(index, 1);
				isListedAnew = true;
			} else folders[index] = now;
		}
	};
	const list = (folder: KnownFolder, stamp: Stamp): KnownFolder => {
		const entries = entriesOf(folder.absolute);
		isListedAnew = true;
		const hasUndecoded = entries.some(({ name }) => isUndecoded(name));
		const isLasting = !isRacy(stamp) && !hasUndecoded;
		const found: KnownFile[] = [];
		const folders: KnownFolder[] = [];
		const listed = (): KnownFolder => ({
			...{ name: folder.name, path: folder.path, absolute: folder.absolute, stamp: isLasting ? stamp : null },
			...{ files: createFolderFiles(found), folders },
		});
		environments.delete(folder.path);
		if (folder !== top && entries.some(({ name }) => name === ENVIRONMENT_MARK)) {
			environments.add(folder.path);
			return listed();
		}
		const filesBefore = new Map(folder.files.all().map((file) => [file.name, file]));
		const foldersBefore = new Map(folder.folders.map((below) => [below.name, below]));
		for (const entry of entries) {
			const { name } = entry;
			if (isUndecoded(name)) continue;
			const path = folder.path === "" ? name : `${folder.path}/${name}`;
			const absolute = join(folder.absolute, name);
			if (entry.isDirectory() || (entry.isSymbolicLink() && leadsOutside(root, absolute))) {
				if (isIgnoredFolder(name)) continue;
				const below = visit(foldersBefore.get(name) ?? emptyFolder(name, path, absolute));
				if (below !== null) folders.push(below);
			} else if (isInput(entry) && !isIgnoredFile(name)) {
				const file = identifyFile(name, path, absolute, filesBefore.get(name) ?? before(path), budget);
				if (file !== null) found.push(file);
			}
		}
		if (hasUndecoded) found.push(...undecodedFiles(folder, stamp));
		return listed();
	};
	/** The same as before where a folder that was listed again holds what it held. */
	const followed = (): Content => {
		const now = isListedAnew ? contentOf(top, bases) : withDifferences(content, moved);
		const changed = changesBetween(content, now);
		if (changed.length === 0) return content;
		const reach = bases.follow(now, changed);
		const whole = reach === lintReachOf(content) ? now : contentOf(top, bases);
		tellLintReach(whole, reach);
		carryDigests(content, whole);
		return whole;
	};
	return {
		look() {
			moved = [];
			isListedAnew = false;
			budget = dataBudget();
			const now = isFolder(root) ? visit(top) : null;
			if (now === null) {
				throw new UserError("workspace-gone", `The folder ${root} is gone.`, "Open the folder again where it is now.");
			}
			top = now;
			if (bases.look()) isListedAnew = true;
			if (isListedAnew || moved.length > 0) content = followed();
			earlier.clear();
			return content;
		},
		glance(files) {
			isListedAnew = false;
			budget = dataBudget();
			moved = [...files].flatMap(
				(path) => folderAt(top, posix.dirname(path))?.files.lookAt(posix.basename(path), budget) ?? [],
			);
			if (moved.length === 0) return null;
			content = followed();
			return content;
		},
		environments: () => [...environments],
		keep: () => filesOf(top, bases).map(keptFile),
	};
}

/** Null where it is not known. @param path workspace-relative, `.` for the top */
function folderAt(top: KnownFolder, path: string): KnownFolder | null {
	let folder: KnownFolder | undefined = top;
	for (const name of path === "." ? [] : path.split("/")) folder = folder?.folders.find((below) => below.name === name);
	return folder ?? null;
}

function emptyFolder(name: string, path: string, absolute: string): KnownFolder {
	return { name, path, absolute, stamp: null, files: createFolderFiles([]), folders: [] };
}

/** Racy, so that each look and each session reads them again. */
function undecodedFiles({ path, absolute }: KnownFolder, { mtimeMs, ctimeMs, size, ino }: Stamp): readonly KnownFile[] {
	return [...identifyUndecoded(absolute)].map(([name, hash]) => ({
		...{ name, hash, absolute: join(absolute, name), path: path === "" ? name : `${path}/${name}` },
		...{ stamp: { mtimeMs, ctimeMs, size, ino }, target: null, isLink: false, racy: true },
	}));
}

function contentOf(top: KnownFolder, bases: LintBases): Content {
	return new Map(filesOf(top, bases).map(({ path, hash }) => [path, hash]));
}

function filesOf(top: KnownFolder, bases: LintBases): readonly KnownFile[] {
	const files = [...bases.files()];
	const add = (folder: KnownFolder) => {
		files.push(...folder.files.all());
		for (const below of folder.folders) add(below);
	};
	add(top);
	return files;
}

/** A link's own stamp says nothing of the folder that it leads to. */
function folderStamp({ absolute }: KnownFolder): Stamp | null {
	const own = stampOf(absolute);
	if (own === null || own.isDirectory()) return own;
	if (!own.isSymbolicLink()) return null;
	try {
		const target = statSync(absolute, { throwIfNoEntry: false });
		return target?.isDirectory() === true ? target : null;
	} catch {
		return null;
	}
}

/**
 * Whether a link leads to a folder outside of the workspace, whose files are inputs like all others. Links within show files
 * that are seen in their own place; a link to a parent would show everything again, and a large folder is no source.
 */
function leadsOutside(root: string, link: string): boolean {
	try {
		if (statSync(link, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
		const target = realpathSync(link);
		// A link in a linked folder may lead round in a circle.
		if (realpathSync(dirname(link)) !== dirname(link)) return false;
		const isWithin = target === root || target.startsWith(root + sep);
		const isAround = root.startsWith(target.endsWith(sep) ? target : target + sep);
		return !isWithin && !isAround && !isOfKernel(target) && !holdsMoreThan(MAX_LINKED_FILES, target);
	} catch {
		return false;
	}
}

function holdsMoreThan(limit: number, folder: string): boolean {
	let left = limit;
	const count = (path: string): void => {
		for (const entry of entriesOf(path)) {
			left -= 1;
			if (left < 0) return;
			if (entry.isDirectory() && !isIgnoredFolder(entry.name)) count(join(path, entry.name));
		}
	};
	count(folder);
	return left < 0;
}

/** A pipe is none, but where ruff would wait at it. */
function isInput(entry: Dirent): boolean {
	return entry.isFile() || entry.isSymbolicLink() || (entry.isFIFO() && isReadByRuff(entry.name));
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

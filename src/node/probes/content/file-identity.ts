/** What tells one state of a file from another: cheap stamps off the file system, and a hash where a stamp moved. */
import { createHash } from "node:crypto";
import { lstatSync, readlinkSync, realpathSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { isLintConfig, isPythonSource } from "../../../core/probes/inputs.ts";
import type { KeptFile } from "../../../core/probes/kept-answers.ts";
import { endlessHash, isEndless, isEndlessHash, isOfKernel, isReadByRuff } from "./endless-file.ts";
import { readPlainFile } from "./plain-file.ts";

/** Larger files are told apart by their stamps, not by content. */
const MAX_SOURCE_BYTES = 64 * 1024 * 1024;
const MAX_DATA_BYTES = 1024 * 1024;
/** Of data in one look: thousands of pictures would hold up everything for minutes, which their stamps tell apart as well. */
const MAX_DATA_BYTES_A_LOOK = 256 * 1024 * 1024;
/** What was written this shortly before it was looked at may change again without its times moving. */
const RACY_MS = 50;

/** Times to a quarter of a microsecond, which a float holds: exact to the nanosecond, a look takes a third longer. */
export interface Stamp {
	readonly mtimeMs: number;
	readonly ctimeMs: number;
	readonly size: number;
	readonly ino: number;
}

export interface KnownFile {
	readonly name: string;
	/** Workspace-relative, forward slashes. */
	readonly path: string;
	readonly absolute: string;
	/** Of the file itself, where it is a link: of the link. */
	readonly stamp: Stamp;
	/** Of what a link leads to; null for a plain file, a broken link, or a link to no file. */
	readonly target: Stamp | null;
	readonly isLink: boolean;
	readonly hash: string;
	readonly racy: boolean;
}

/** What a look may still read of files that are no source. */
export interface DataBudget {
	bytes: number;
}

export function dataBudget(): DataBudget {
	return { bytes: MAX_DATA_BYTES_A_LOOK };
}

/** @returns null where there is nothing any more */
export function stampOf(path: string): Stats | null {
	try {
		return lstatSync(path, { throwIfNoEntry: false }) ?? null;
	} catch {
		return null;
	}
}

export function isSameStamp(one: Stamp, other: Stamp): boolean {
	return (
		one.mtimeMs === other.mtimeMs && one.ctimeMs === other.ctimeMs && one.size === other.size && one.ino === other.ino
	);
}

/** Also true where the clock was set back behind the file's own time. */
export function isRacy({ ctimeMs, mtimeMs }: Stamp): boolean {
	return Date.now() - Math.max(ctimeMs, mtimeMs) < RACY_MS;
}

/**
 * A file as it is now; the very `before` where nothing about it moved.
 * @returns null where there is no file any more, or where it became a folder
 */
export function identifyFile(
	name: string,
	path: string,
	absolute: string,
	before: KnownFile | undefined,
	budget: DataBudget = dataBudget(),
): KnownFile | null {
	const own = stampOf(absolute);
	if (own === null || own.isDirectory()) return null;
	const isLink = own.isSymbolicLink();
	const target = isLink ? targetOf(absolute) : null;
	// What a link leads to can become a pipe while the link stays as it is.
	const isWithoutEnd = !own.isFile() && isReadByRuff(path) && isEndless(absolute, own);
	if (
		before !== undefined &&
		!before.racy &&
		isSameStamp(before.stamp, own) &&
		isSameTarget(before.target, target) &&
		isEndlessHash(before.hash) === isWithoutEnd
	) {
		return before;
	}
	const read = target ?? own;
	const racy = isRacy(read);
	const known = { name, path, absolute, stamp: plain(own), target: target === null ? null : plain(target), isLink };
	const hash = isWithoutEnd
		? endlessHash(absolute, isLink)
		: hashOf({ path, absolute, isLink, hasNoTarget: target === null, read, racy, budget });
	return { ...known, hash, racy };
}

function hashOf({
	path,
	absolute,
	isLink,
	hasNoTarget,
	read,
	racy,
	budget,
}: Pick<KnownFile, "path" | "absolute" | "isLink" | "racy"> & {
	readonly hasNoTarget: boolean;
	/** Of what is read. */
	readonly read: Stamp;
	readonly budget: DataBudget;
}): string {
	try {
		const link = isLink ? `${readlinkSync(absolute)}\0` : "";
		// A link to a folder, to nothing, or to a pipe: where it points is all of it.
		if (isLink && hasNoTarget) return `link:${link}`;
		const isText = isPythonSource(path) || isLintConfig(path);
		const limit = isText ? MAX_SOURCE_BYTES : Math.min(MAX_DATA_BYTES, budget.bytes);
		const large = `large:${link}${wordsOf(read)}${racy ? `.${performance.now()}` : ""}`;
		if (read.size > limit) return large;
		if (!isText) budget.bytes -= read.size;
		const bytes = readPlainFile(absolute, limit);
		return bytes === null ? large : createHash("sha256").update(link).update(bytes).digest("hex");
	} catch {
		return `unreadable:${wordsOf(read)}`;
	}
}

function targetOf(absolute: string): Stats | null {
	try {
		const found = statSync(absolute, { throwIfNoEntry: false });
		return found?.isFile() === true && !isOfKernel(realpathSync(absolute)) ? found : null;
	} catch {
		// A circle of links.
		return null;
	}
}

function isSameTarget(one: Stamp | null, other: Stamp | null): boolean {
	return one === null || other === null ? one === other : isSameStamp(one, other);
}

/** Without the rest of a Stats object: thousands of them are kept. */
function plain({ mtimeMs, ctimeMs, size, ino }: Stamp): Stamp {
	return { mtimeMs, ctimeMs, size, ino };
}

/** One that may have changed again without a trace is kept without a stamp, and so read again. */
export function keptFile({ path, stamp, target, isLink, hash, racy }: KnownFile): KeptFile {
	const words = racy ? "" : wordsOf(stamp);
	return { path, stamp: words, target: target === null ? null : wordsOf(target), isLink, hash };
}

/** @returns null where it must be read again */
export function knownFile(root: string, { path, stamp, target, isLink, hash }: KeptFile): KnownFile | null {
	const [own, led] = [parseStamp(stamp), target === null ? null : parseStamp(target)];
	if (own === null || (target !== null && led === null)) return null;
	const name = path.slice(path.lastIndexOf("/") + 1);
	return { name, path, absolute: join(root, path), stamp: own, target: led, isLink, hash, racy: false };
}

function parseStamp(words: string): Stamp | null {
	const [mtimeMs, ctimeMs, size, ino, ...rest] = words === "" ? [] : words.split(" ").map(Number);
	if (mtimeMs === undefined || ctimeMs === undefined || size === undefined || ino === undefined) return null;
	const isWhole = rest.length === 0 && [mtimeMs, ctimeMs, size, ino].every(Number.isFinite);
	return isWhole ? { mtimeMs, ctimeMs, size, ino } : null;
}

function wordsOf({ mtimeMs, ctimeMs, size, ino }: Stamp): string {
	return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
}

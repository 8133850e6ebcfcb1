/** Names whose reading may never end: pipes, which wait for a writer, and links into the kernel's file systems. */
import { lstatSync, readlinkSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isLintConfig, isLintSource } from "../../../core/probes/inputs.ts";
import type { Content } from "./content.ts";

/** Before the identity of each of them that ruff would read. */
const ENDLESS = "endless:";
/** As many as the system itself follows (path_resolution(7)). */
const MAX_LINKS = 40;
/** Ends at once, and masks other files by custom. */
const EMPTY = "/dev/null";

/** Whether ruff would read what has such a name, wherever it lies. */
export function isReadByRuff(path: string): boolean {
	return isLintSource(path) || isLintConfig(path);
}

/** The first file of a content at which ruff would wait, or read, for ever; null where there is none. */
export function endlessForRuff(content: Content): string | null {
	const known = found.get(content);
	if (known !== undefined) return known;
	const first = firstEndless(content);
	found.set(content, first);
	return first;
}

function firstEndless(content: Content): string | null {
	for (const [path, hash] of content) if (isEndlessHash(hash)) return path;
	return null;
}

const found = new WeakMap<Content, string | null>();

export function isEndlessHash(hash: string): boolean {
	return hash.startsWith(ENDLESS);
}

/** Stands for its content: where a link points is all of it. */
export function endlessHash(path: string, isLink: boolean): string {
	try {
		return `${ENDLESS}${isLink ? readlinkSync(path) : ""}`;
	} catch {
		// Gone meanwhile; the next look sees it.
		return ENDLESS;
	}
}

/** @param own of the path itself, not of what it leads to */
export function isEndless(path: string, own: Stats): boolean {
	if (own.isFIFO()) return true;
	if (!own.isSymbolicLink()) return false;
	try {
		return statSync(path, { throwIfNoEntry: false })?.isFIFO() === true || leadsToKernel(path);
	} catch {
		return leadsToKernel(path);
	}
}

/** Step by step: what lies behind a name there (`/dev/stdout`) depends on who asks. */
function leadsToKernel(link: string): boolean {
	let path = link;
	for (let links = 0; links < MAX_LINKS; links += 1) {
		try {
			const target = resolve(dirname(path), readlinkSync(path));
			if (target === EMPTY) return false;
			path = isOfKernel(target) ? target : join(realpathSync(dirname(target)), basename(target));
			if (isOfKernel(path)) return true;
			if (!lstatSync(path).isSymbolicLink()) return false;
		} catch {
			return false;
		}
	}
	return false;
}

/** Files of the kernel look like plain ones, and may hold terabytes or wait for ever: none of them is an input. @param path real */
export function isOfKernel(path: string): boolean {
	return /^\/(proc|sys|dev)(\/|$)/.test(path);
}

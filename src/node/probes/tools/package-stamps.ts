/** Whether the packages of an interpreter are those that they were, off the file system's stamps. */
import { readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { isIgnoredFolder } from "../../../core/probes/inputs.ts";
import { isInside } from "./program-paths.ts";
import type { QueriedPython } from "./python-query.ts";

/** A folder that holds more is no package that somebody works on. */
const MAX_ENTRIES = 5_000;
const LOADED = /\.(py|so|pyd)$/;
const INSTALLED = /[\\/](site|dist)-packages([\\/]|$)/;

/** What tells one set of packages from another. */
export interface PackagePlaces {
	/** An installation moves the folder itself. */
	readonly installed: readonly string[];
	/** What is loaded from in place is edited file by file. */
	readonly inPlace: readonly string[];
}

/** Where an interpreter has its packages. What lies in the workspace is looked at there. */
export function packagePlaces(root: string, { sites, editable, prefixes }: QueriedPython): PackagePlaces {
	const isInstalled = (folder: string) => INSTALLED.test(folder) || prefixes.includes(folder);
	const inPlace = [...editable, ...sites.filter((folder) => !isInstalled(folder))];
	return {
		installed: sites.filter(isInstalled),
		inPlace: [...new Set(inPlace)].filter((folder) => !isInside(root, folder) && !isInside(folder, root)),
	};
}

/** Changes where a package comes, goes or is edited. */
export function packagesStamp({ installed, inPlace }: PackagePlaces): string {
	return [...installed.map(stampOf), ...inPlace.map(stampBelow)].join("\n");
}

/** Changes where what lies at a path does. */
export function stampOf(path: string): string {
	const found = statOf(path);
	return found === null ? `${path} -` : `${path} ${found.mtimeMs} ${found.size} ${found.ino} ${found.mode}`;
}

/** Null where there is nothing, or nothing that this user may look at. */
export function statOf(path: string): Stats | null {
	try {
		return statSync(path, { throwIfNoEntry: false }) ?? null;
	} catch {
		return null;
	}
}

function stampBelow(folder: string): string {
	const stamps: string[] = [];
	let left = MAX_ENTRIES;
	const add = (path: string): void => {
		for (const entry of entriesOf(path)) {
			left -= 1;
			if (left < 0) return;
			const below = join(path, entry.name);
			if (entry.isDirectory() && !isIgnoredFolder(entry.name)) add(below);
			else if (LOADED.test(entry.name)) stamps.push(stampOf(below));
		}
	};
	add(folder);
	return left < 0 ? stampOf(folder) : stamps.sort().join("\n");
}

function entriesOf(folder: string) {
	try {
		return readdirSync(folder, { withFileTypes: true });
	} catch {
		return [];
	}
}

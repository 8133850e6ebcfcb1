/** What lies under names that are no UTF-8: paths as text do not lead there, so that it is read by the names' bytes. */
import { createHash, type Hash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { isIgnoredFile, isIgnoredFolder } from "../../../core/probes/inputs.ts";

/** Stands in a name for what could not be decoded, or for itself. */
const REPLACEMENT = "\ufffd";
const SEPARATOR = Buffer.from("/");
/** Larger files are told apart by their stamps. */
const MAX_BYTES = 1024 * 1024;

/** Whether a name may be another one on disk. */
export function isUndecoded(name: string): boolean {
	return name.includes(REPLACEMENT);
}

/** Name as text -> identity of all that goes by it in a folder, with what lies beneath; names that look the same share one. */
export function identifyUndecoded(folder: string): ReadonlyMap<string, string> {
	const hashes = new Map<string, Hash>();
	for (const bytes of namesIn(Buffer.from(folder))) {
		const name = bytes.toString();
		if (!isUndecoded(name)) continue;
		const hash = hashes.get(name) ?? createHash("sha256");
		hashes.set(name, hash);
		addTo(hash, Buffer.from(folder), bytes);
	}
	return new Map([...hashes].map(([name, hash]) => [name, hash.digest("hex")]));
}

function addTo(hash: Hash, folder: Buffer, name: Buffer): void {
	const path = Buffer.concat([folder, SEPARATOR, name]);
	hash.update(name).update("\0");
	try {
		const found = lstatSync(path);
		hash.update(`${found.mode} ${found.size}\0`);
		if (found.isDirectory()) for (const below of namesIn(path)) addTo(hash, path, below);
		else if (found.isSymbolicLink()) hash.update(readlinkSync(path, "buffer"));
		else if (found.isFile() && found.size <= MAX_BYTES) hash.update(readFileSync(path));
		else hash.update(`${found.mtimeMs} ${found.ctimeMs} ${found.ino}`);
	} catch {
		// Gone meanwhile, or closed to us.
		hash.update("unreadable");
	}
}

function isWanted(bytes: Buffer): boolean {
	const name = bytes.toString();
	return !isIgnoredFolder(name) && !isIgnoredFile(name);
}

function namesIn(folder: Buffer): readonly Buffer[] {
	try {
		return readdirSync(folder, "buffer").filter(isWanted).sort(Buffer.compare);
	} catch {
		return [];
	}
}

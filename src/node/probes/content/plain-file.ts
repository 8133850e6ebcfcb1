/** Files of the workspace that the engine reads itself, outside the sandbox: only plain ones, and never more than they say they hold. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** Reading a pipe would wait for a writer for ever (threats A12); Windows has neither. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The bytes of a plain file, or of the one that a link leads to.
 * @returns null for what is no plain file, holds more than `maxBytes`, or goes on beyond its size, as files of the kernel do
 * @throws NodeJS.ErrnoException where it cannot be opened or read
 */
export function readPlainFile(path: string, maxBytes: number): Buffer | null {
	const file = openSync(path, FLAGS);
	try {
		const found = fstatSync(file);
		if (!found.isFile() || found.size > maxBytes) return null;
		const bytes = Buffer.allocUnsafe(found.size + 1);
		let length = 0;
		while (length < bytes.length) {
			const read = readSync(file, bytes, length, bytes.length - length, null);
			if (read === 0) return bytes.subarray(0, length);
			length += read;
		}
		return null;
	} finally {
		closeSync(file);
	}
}

/** Its text; null also where it cannot be read. */
export function readPlainText(path: string, maxBytes: number): string | null {
	try {
		return readPlainFile(path, maxBytes)?.toString("utf8") ?? null;
	} catch {
		return null;
	}
}

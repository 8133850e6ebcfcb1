/** Small files of answers that permit something: read as they were written, or not at all. */
import { createHash, randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../core/errors.ts";
import type { Guard } from "../core/record/guards.ts";

/** Of what is written; another one is not read. */
const FORMAT = "jetbox-answers-1";
const MAX_BYTES = 1024 * 1024;

export type Sealed<T> =
	| { readonly kind: "whole"; readonly value: T }
	| { readonly kind: "none" }
	/** There is something, but nothing that can be believed. */
	| { readonly kind: "damaged" };

export function readSealed<T>(path: string, isValue: Guard<T>): Sealed<T> {
	const found = statOf(path);
	if (found === undefined) return { kind: "none" };
	if (found === null || !found.isFile() || found.size > MAX_BYTES) return { kind: "damaged" };
	try {
		const text = readFileSync(path, "utf8");
		const end = text.indexOf("\n");
		const body = text.slice(end + 1);
		if (end < 0 || text.slice(0, end) !== seal(body)) return { kind: "damaged" };
		const value: unknown = JSON.parse(body);
		return isValue(value) ? { kind: "whole", value } : { kind: "damaged" };
	} catch {
		return { kind: "damaged" };
	}
}

/**
 * Replaces the file as a whole; readable for its owner alone.
 * @throws UserError `storage`
 */
export function writeSealed(path: string, value: unknown): void {
	const body = JSON.stringify(value);
	const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
	try {
		mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
		writeFileSync(temporary, `${seal(body)}\n${body}`, { mode: 0o600, flag: "wx" });
		renameSync(temporary, path);
	} catch (error) {
		rmSync(temporary, { force: true });
		throw new UserError(
			"storage",
			`Your answer cannot be kept in ${path}: ${error instanceof Error ? error.message : String(error)}.`,
			"Make that folder writable for you, or move the file away.",
			{ cause: error },
		);
	}
}

function seal(body: string): string {
	return `${FORMAT} ${createHash("sha256").update(body).digest("hex")}`;
}

/** Undefined: nothing is there; null: it cannot be looked at. */
function statOf(path: string) {
	try {
		return lstatSync(path, { throwIfNoEntry: false });
	} catch {
		return null;
	}
}

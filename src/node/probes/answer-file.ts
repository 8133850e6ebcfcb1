/** The file in which an engine's answers outlast a session, outside of every workspace. What is not whole and its own is nothing. */
import { createHash, randomBytes } from "node:crypto";
import {
	closeSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isKeptAnswers, type KeptAnswers } from "../../core/probes/kept-answers.ts";

/** Of what is written; an older or a newer one is discarded. */
const FORMAT = 2;
/** A larger project begins each session anew. */
const MAX_BYTES = 32 * 1024 * 1024;
/** Of all workspaces together. */
const MAX_STORE_BYTES = 256 * 1024 * 1024;
const MAX_FILES = 200;

export interface AnswerFile {
	/** Null where there is nothing, or nothing that can be trusted. */
	read(): KeptAnswers | null;
	/** Replaces the file as a whole. Answers that cannot be kept are only lost. */
	write(answers: KeptAnswers): void;
}

/**
 * @param folder for the files of all workspaces
 * @param bindings whatever the answers are bound to besides content and tools: workspace, program version, settings, environment
 */
export function createAnswerFile(folder: string, bindings: readonly unknown[]): AnswerFile {
	const bound = sha256(JSON.stringify([FORMAT, ...bindings]));
	const name = `${bound.slice(0, 32)}.json`;
	const path = join(folder, name);
	return {
		read() {
			try {
				if (statSync(path).size > MAX_BYTES) return null;
				return parseKept(readFileSync(path, "utf8"), bound);
			} catch {
				return null;
			}
		},
		write(answers) {
			const temporary = join(folder, `${name}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
			try {
				const text = keptText(answers, bound);
				if (Buffer.byteLength(text) > MAX_BYTES) return;
				mkdirSync(folder, { recursive: true, mode: 0o700 });
				writeDurably(temporary, text);
				renameSync(temporary, path);
				prune(folder);
			} catch {
				// A full disk, a folder that is closed to us, more than one text can hold: the next session begins anew.
				removeIfThere(temporary);
			}
		},
	};
}

/** First line: what it is bound to and the hash of the rest. */
export function keptText(answers: KeptAnswers, bound: string): string {
	const body = JSON.stringify(answers);
	return `${bound} ${sha256(body)}\n${body}`;
}

/** @returns null for a text that was cut, damaged, bound to something else, or of another shape */
export function parseKept(text: string, bound: string): KeptAnswers | null {
	const end = text.indexOf("\n");
	const body = text.slice(end + 1);
	if (end < 0 || text.slice(0, end) !== `${bound} ${sha256(body)}`) return null;
	try {
		const value: unknown = JSON.parse(body);
		return isKeptAnswers(value) ? value : null;
	} catch {
		return null;
	}
}

function removeIfThere(path: string): void {
	try {
		rmSync(path, { force: true });
	} catch {
		// Where nothing can be looked at, nothing was written.
	}
}

function writeDurably(path: string, text: string): void {
	const file = openSync(path, "wx", 0o600);
	try {
		writeFileSync(file, text);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
}

/** Removes the oldest files beyond the bounds; a temporary one that a killed engine left is a file like the others. */
function prune(folder: string): void {
	const newestFirst = readdirSync(folder)
		.map((name) => ({ path: join(folder, name), found: statSync(join(folder, name), { throwIfNoEntry: false }) }))
		.sort((one, other) => (other.found?.mtimeMs ?? 0) - (one.found?.mtimeMs ?? 0));
	let bytes = 0;
	for (const [index, { path, found }] of newestFirst.entries()) {
		bytes += found?.size ?? 0;
		if (index >= MAX_FILES || bytes > MAX_STORE_BYTES) rmSync(path, { force: true });
	}
}

function sha256(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}

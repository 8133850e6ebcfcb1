/** The record of a run beside its journal: what it needs to go on after a crash, readable for its owner alone. */
import { readFile, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { RecordEnd, RunEntry, RunRecord } from "../../core/record/entries.ts";
import { foldRecord, type KeptRun } from "../../core/record/kept-run.ts";
import { appendDurably, appendQuickly, createRunFolder, dropTornLine, runFolder } from "./run-store.ts";
import { asStoreError } from "./storage-errors.ts";

const RECORD = "record.jsonl";
/** Of one run; beyond it, it goes on without being resumable past this point. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/** Results of calls that changed nothing need not outlast the machine's crash: such a call may be made again. */
function mustLast(entry: RunEntry): boolean {
	return entry.kind !== "result" || entry.files.length > 0;
}

export interface OpenRecord extends RunRecord {
	/** How the run ended; null: it did not, or not by the person's wish. */
	readonly end: RecordEnd | null;
	/** What ends the run from now on is not the person's wish. */
	leaveOpen(): void;
}

/**
 * The record of a run that begins or goes on.
 * @param maxBytes for tests
 */
export function openRecord(allRuns: string, runId: string, maxBytes = MAX_RECORD_BYTES): OpenRecord {
	const path = join(runFolder(allRuns, runId), RECORD);
	let left = maxBytes;
	let begun = false;
	let open = false;
	let end: RecordEnd | null = null;

	async function begin(): Promise<void> {
		if (begun) return;
		await createRunFolder(allRuns, runId);
		await dropTornLine(path);
		begun = true;
	}

	return {
		get end() {
			return end;
		},
		leaveOpen() {
			open = true;
		},
		async keep(entry) {
			if (open && entry.kind === "end") return;
			const line = `${JSON.stringify(entry)}\n`;
			left -= Buffer.byteLength(line);
			if (left < 0 && entry.kind !== "end") return;
			try {
				await begin();
				await (mustLast(entry) ? appendDurably(path, line) : appendQuickly(path, line));
			} catch (error) {
				throw asStoreError(error, dirname(path));
			}
			if (entry.kind === "end") end = entry.end;
		},
	};
}

export interface ReadRecord {
	/** Null: there is no record, or none that can be read. */
	readonly run: KeptRun | null;
	/** Where a record that cannot be read was put; null: none was. */
	readonly setAside: string | null;
}

/** Reads a run's record; one that cannot be read is put aside, so that it is said once. */
export async function readRecord(allRuns: string, runId: string): Promise<ReadRecord> {
	const path = join(runFolder(allRuns, runId), RECORD);
	const text = await readFile(path, "utf8").catch(() => null);
	if (text === null) return { run: null, setAside: null };
	const { run, damagedLines } = foldRecord(text);
	// A record with a hole does not tell which calls were done.
	if (run !== null && damagedLines === 0) return { run, setAside: null };
	// A start that a kill has cut is nobody's loss.
	if (run === null && !text.includes("\n")) return { run: null, setAside: null };
	const aside = `${path}.aside`;
	await rename(path, aside).catch(() => undefined);
	return { run: null, setAside: aside };
}

/** Adds how a run ended that is not at work; one without a record stays without. */
export async function endRecord(allRuns: string, runId: string, end: RecordEnd): Promise<void> {
	const path = join(runFolder(allRuns, runId), RECORD);
	try {
		if (!(await stat(path).catch(() => null))?.isFile()) return;
		await dropTornLine(path);
		await appendDurably(path, `${JSON.stringify({ kind: "end", end } satisfies RunEntry)}\n`);
	} catch (error) {
		throw asStoreError(error, dirname(path));
	}
}

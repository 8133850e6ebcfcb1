/** Where the runs of a workspace are kept, outside of it: one folder a run, bounded in number, bytes and age. */
import { appendFile, mkdir, open, readdir, readFile, rename, rm, stat, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "./atomic-write.ts";
import { isStoreLocked } from "./run-lock.ts";
import { listStores } from "./store-folders.ts";

export const KEPT_RUNS = 20;
const KEPT_BYTES = 200 * 1024 * 1024;
const KEPT_DAYS = 30;
/** Of all workspaces together. */
const KEPT_STORE_BYTES = 1024 * 1024 * 1024;
const MS_PER_DAY = 24 * 60 * 60 * 1000;
const ORDER = "order";
const LINE_FEED = 0x0a;

/** One run's folder. @param runId of any origin: only letters, digits and dashes of it count */
export function runFolder(allRuns: string, runId: string): string {
	return join(allRuns, safeName(runId));
}

/** Makes a run's folder, durably, as the newest of its workspace, and removes what is beyond the bounds. */
export async function createRunFolder(allRuns: string, runId: string): Promise<string> {
	const folder = runFolder(allRuns, runId);
	const known = (await listRuns(allRuns)).includes(safeName(runId));
	await mkdir(folder, { recursive: true, mode: 0o700 });
	if (!known) {
		await dropTornLine(join(allRuns, ORDER));
		await appendDurably(join(allRuns, ORDER), `${safeName(runId)}\n`);
		for (const made of [allRuns, dirname(allRuns), dirname(dirname(allRuns))]) await syncFolder(made);
		await prune(dirname(dirname(allRuns)), allRuns);
	}
	return folder;
}

/** The ids of the runs that are kept, oldest first. */
export async function listRuns(allRuns: string): Promise<readonly string[]> {
	const text = await readFile(join(allRuns, ORDER), "utf8").catch(() => "");
	const present = new Set(await readdir(allRuns).catch(() => []));
	// A run that is named twice (its folder was pruned and made anew) counts as of its last time.
	const newestFirst = text.split("\n").toReversed();
	return [...new Set(newestFirst)].filter((id) => id === safeName(id) && id !== ORDER && present.has(id)).toReversed();
}

/** Removes a last line that a kill has cut; nothing was done after it. A file that is not there stays so. */
export async function dropTornLine(path: string): Promise<void> {
	const bytes = await readFile(path).catch(() => null);
	if (bytes === null || bytes.length === 0 || bytes.at(-1) === LINE_FEED) return;
	await truncate(path, bytes.lastIndexOf(LINE_FEED) + 1);
}

/** Adds to a file; what resolves is on the disk. */
export async function appendDurably(path: string, text: string): Promise<void> {
	const handle = await open(path, "a", 0o600);
	try {
		await handle.appendFile(text);
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** Adds to a file what a crash of this process cannot lose, though one of the machine can. */
export async function appendQuickly(path: string, text: string): Promise<void> {
	await appendFile(path, text, { mode: 0o600 });
}

/** A whole file or none: a copy of the same bytes that stands there already is not cut by a kill. */
export async function writeBlob(path: string, bytes: Uint8Array, durable: boolean): Promise<void> {
	const temporary = `${path}.tmp`;
	try {
		const handle = await open(temporary, "w", 0o600);
		try {
			await handle.writeFile(bytes);
			if (durable) await handle.sync();
		} finally {
			await handle.close();
		}
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => undefined);
		throw error;
	}
}

/** Bytes of a run's own files; it has no folders within. */
export async function folderBytes(folder: string): Promise<number> {
	const names = await readdir(folder).catch(() => []);
	const sizes = await Promise.all(
		names.map((name) =>
			stat(join(folder, name)).then(
				({ size }) => size,
				() => 0,
			),
		),
	);
	return sizes.reduce((sum, size) => sum + size, 0);
}

interface KeptRun {
	readonly folder: string;
	readonly bytes: number;
	/** When it was last written to; ms since the epoch. */
	readonly at: number;
}

/** Keeps the newest runs, as far as number, bytes and age allow; one that is at work, here or elsewhere, in any case. */
async function prune(stateDir: string, allRuns: string): Promise<void> {
	const own = (await listRuns(allRuns)).toReversed();
	await shortenOrder(allRuns, own);
	let bytes = 0;
	for (const [index, id] of own.entries()) {
		bytes += await folderBytes(join(allRuns, id));
		if (index > 0 && (index >= KEPT_RUNS || bytes > KEPT_BYTES)) await remove(join(allRuns, id));
	}
	const newest = join(allRuns, own[0] ?? "");
	const others = (await allKept(stateDir)).filter(({ folder }) => folder !== newest).sort((a, b) => b.at - a.at);
	let total = await folderBytes(newest);
	for (const { folder, bytes: size, at } of others) {
		total += size;
		if (total > KEPT_STORE_BYTES || Date.now() - at > KEPT_DAYS * MS_PER_DAY) await remove(folder);
	}
}

/** Names of runs that were removed since, in the order file, up to which it is not written anew. */
const MAX_STALE_NAMES = 200;

/** @param kept newest first */
async function shortenOrder(allRuns: string, kept: readonly string[]): Promise<void> {
	const path = join(allRuns, ORDER);
	const lines = (await readFile(path, "utf8")).split("\n").length;
	if (lines - kept.length > MAX_STALE_NAMES)
		await writeBlob(
			path,
			Buffer.from(
				kept
					.toReversed()
					.map((id) => `${id}\n`)
					.join(""),
			),
			true,
		);
}

/** What may go: a run at work needs its journal, and is none of these. */
async function allKept(stateDir: string): Promise<readonly KeptRun[]> {
	const kept: KeptRun[] = [];
	for (const runs of await listStores(stateDir)) {
		const atWork = (await isStoreLocked(dirname(runs))) ? (await listRuns(runs)).at(-1) : undefined;
		for (const name of await readdir(runs).catch(() => [])) {
			if (name === atWork) continue;
			const folder = join(runs, name);
			const found = await stat(folder).catch(() => null);
			if (found?.isDirectory()) kept.push({ folder, bytes: await folderBytes(folder), at: found.mtimeMs });
		}
	}
	return kept;
}

async function remove(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true });
}

function safeName(runId: string): string {
	return runId.replaceAll(/[^A-Za-z0-9-]/g, "").slice(0, 64);
}

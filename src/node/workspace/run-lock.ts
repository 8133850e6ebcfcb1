/**
 * One run at a time in a workspace, also over two windows, or an editor and a terminal (threats F38).
 *
 * A lock is a numbered file, and the highest number counts. Who takes it makes the next number, which the system lets only one
 * do, and the highest is never removed: so a stale lock need not be taken away first, and two can never hold it.
 */
import { randomBytes } from "node:crypto";
import { link, lstat, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { UserError } from "../../core/errors.ts";
import { isCount, isOneOf, isShaped, isText } from "../../core/record/guards.ts";
import { codeOf } from "./confined-files.ts";
import { processStart } from "./process-start.ts";
import { asStoreError } from "./storage-errors.ts";
import { workspaceStore } from "./store-folders.ts";

const NUMBERED = /^lock\.(\d{1,15})$/;
const LOCK_VERSION = 1;
/** Of a lock that was let go. */
const FREE = "free";
/** Others that take the same lock at the same moment are over after this many tries. */
const MAX_TRIES = 10;
const STALE_MS = 60_000;

interface Holder {
	readonly version: typeof LOCK_VERSION;
	readonly pid: number;
	/** What tells the process from a later one of the same id; empty where the system does not say. */
	readonly start: string;
	readonly host: string;
	/** For people: `run`, `undo`. */
	readonly work: string;
	/** ISO 8601. */
	readonly since: string;
}

const isHolder = isShaped<Holder>({
	version: isOneOf(LOCK_VERSION),
	pid: isCount,
	start: isText,
	host: isText,
	work: isText,
	since: isText,
});

export interface RunLock {
	/** What was found, for people; null: nothing. */
	readonly notice: string | null;
	/** Never fails. */
	release(): Promise<void>;
}

/**
 * Takes the workspace for this process. The lock of a process that is gone is taken over.
 * @param root real path
 * @throws UserError `workspace-busy` with who holds it, `storage`
 */
export async function lockWorkspace(stateDir: string, root: string, work: "run" | "undo"): Promise<RunLock> {
	const folder = workspaceStore(stateDir, root);
	const own = JSON.stringify(await ownHolder(work));
	let notice: string | null = null;
	try {
		await mkdir(folder, { recursive: true, mode: 0o700 });
		for (let tried = 0; tried < MAX_TRIES; tried += 1) {
			const { number, text } = await newestLock(folder);
			const holder = parseHolder(text);
			if (holder !== null && (await mayLive(holder))) throw busy(root, holder, lockPath(folder, number));
			if (holder === null && text !== FREE) notice = "The lock of this workspace was damaged and is taken anew.";
			if (!(await create(folder, number + 1, own))) continue;
			// A number may be free because higher ones came and its file went since it was read.
			if ((await newestLock(folder)).number === number + 1) {
				await sweep(folder, number + 1);
				return { notice, release: () => release(folder, number + 1) };
			}
			await rm(lockPath(folder, number + 1), { force: true });
		}
	} catch (error) {
		throw asStoreError(error, folder);
	}
	throw new UserError("workspace-busy", `Another Jetbox is just beginning to work in ${root}.`, "Try again.");
}

/** Whether somebody is at work in the workspace. Never fails. */
export async function isLocked(stateDir: string, root: string): Promise<boolean> {
	return isStoreLocked(workspaceStore(stateDir, root));
}

/** The same, by the folder that the lock is in. Never fails. */
export async function isStoreLocked(store: string): Promise<boolean> {
	const holder = parseHolder((await newestLock(store)).text);
	return holder !== null && mayLive(holder);
}

/** Number 0, free, where there is none. */
async function newestLock(folder: string): Promise<{ readonly number: number; readonly text: string }> {
	const names = await readdir(folder).catch(() => []);
	const number = Math.max(0, ...names.map((name) => Number(NUMBERED.exec(name)?.[1] ?? 0)));
	const text = number === 0 ? FREE : await readFile(lockPath(folder, number), "utf8").catch(() => FREE);
	return { number, text };
}

function lockPath(folder: string, number: number): string {
	return join(folder, `lock.${number}`);
}

async function ownHolder(work: string): Promise<Holder> {
	return {
		version: LOCK_VERSION,
		pid: process.pid,
		start: await processStart(process.pid),
		host: hostname(),
		work,
		since: new Date().toISOString(),
	};
}

function parseHolder(text: string): Holder | null {
	try {
		const value: unknown = JSON.parse(text);
		return isHolder(value) ? value : null;
	} catch {
		return null;
	}
}

/** Of another machine (a home folder on the net) nothing is known, so it may. */
async function mayLive({ pid, start, host }: Holder): Promise<boolean> {
	if (host !== hostname()) return true;
	try {
		process.kill(pid, 0);
	} catch (error) {
		if (codeOf(error) === "ESRCH") return false;
	}
	return start === "" || start === (await processStart(pid));
}

function busy(root: string, { pid, host, work, since }: Holder, path: string): UserError {
	const where = host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
	const fix =
		host === hostname()
			? "Wait for its end, or stop it there."
			: `Wait for its end; if that machine is gone, remove ${path}.`;
	const what = work === "undo" ? "An undo" : "A run";
	return new UserError("workspace-busy", `${what} of Jetbox is at work in ${root} (${where}, since ${since}).`, fix);
}

/** Makes the lock whole or not at all: a reader never sees half of it. @returns false where it is there already */
async function create(folder: string, number: number, text: string): Promise<boolean> {
	const temporary = await writeTemporary(folder, text);
	try {
		await link(temporary, lockPath(folder, number));
		return true;
	} catch (error) {
		if (codeOf(error) === "EEXIST") return false;
		throw error;
	} finally {
		await rm(temporary, { force: true }).catch(() => undefined);
	}
}

async function release(folder: string, number: number): Promise<void> {
	try {
		await rename(await writeTemporary(folder, FREE), lockPath(folder, number));
	} catch {
		// Where nothing can be written, the end of this process frees it.
	}
}

async function writeTemporary(folder: string, text: string): Promise<string> {
	const temporary = join(folder, `lock-${randomBytes(6).toString("hex")}.tmp`);
	const handle = await open(temporary, "wx", 0o600);
	await handle.writeFile(text).finally(() => handle.close());
	return temporary;
}

/** Removes earlier locks, and what killed takers left. Never fails. */
async function sweep(folder: string, own: number): Promise<void> {
	for (const name of await readdir(folder).catch(() => [])) {
		const path = join(folder, name);
		const isEarlier = Number(NUMBERED.exec(name)?.[1] ?? own) < own;
		const isLeft = /^lock-[0-9a-f]{12}\.tmp$/.test(name) && Date.now() - (await mtimeOf(path)) > STALE_MS;
		if (isEarlier || isLeft) await rm(path, { force: true }).catch(() => undefined);
	}
}

async function mtimeOf(path: string): Promise<number> {
	return lstat(path).then(
		({ mtimeMs }) => mtimeMs,
		() => Date.now(),
	);
}

/** Folders for the temporary files of test processes, outside the workspace; a name tells whose they are. */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "jetbox-tests-";
/** Younger ones are left alone: their owner may be one that cannot be seen from here, as in another container. */
const ABANDONED_MS = 60 * 60 * 1000;

/** Makes one; where none can be had, says why. */
export function makePrivateFolder(): { readonly path: string } | { readonly problem: string } {
	try {
		return { path: mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`)) };
	} catch (error) {
		const [cause] = String(error instanceof Error ? error.message : error).split(", ");
		return { problem: `no temporary folder could be made in ${tmpdir()} (${cause})` };
	}
}

const REMOVAL = { recursive: true, force: true, maxRetries: 2 } as const;

/** Beside what else there is to do. What cannot be removed, because a test closed it or a process is still busy there, stays for the next sweep. */
export async function removeFolder(folder: string): Promise<void> {
	await rm(folder, REMOVAL).catch(() => undefined);
}

/** The same at once, for the end of the process. */
export function removeFolderNow(folder: string): void {
	try {
		rmSync(folder, REMOVAL);
	} catch {
		// The sweep comes back to it.
	}
}

/** Removes what processes that were killed have left. */
export function sweepPrivateFolders(): void {
	for (const name of namesIn(tmpdir())) {
		const owner = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
		if (Number.isNaN(owner) || isAlive(owner)) continue;
		const folder = join(tmpdir(), name);
		if (isAbandoned(folder)) removeFolderNow(folder);
	}
}

/** None where the folder is gone, or closed to listing. */
function namesIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

function isAbandoned(folder: string): boolean {
	try {
		return Date.now() - statSync(folder).mtimeMs > ABANDONED_MS;
	} catch {
		// Gone meanwhile, or another user's.
		return false;
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}

/** What undo needs: before a run first touches a file, its bytes and mode stand in the run's private folder, outside the workspace. */
import { createHash } from "node:crypto";
import { appendFile, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../core/errors.ts";
import { syncFolder } from "./atomic-write.ts";
import { type JournalEntry, type JournalLine, parseLine } from "./journal-lines.ts";

const KEPT_RUNS = 20;
const KEPT_BYTES = 200 * 1024 * 1024;
/** Runs that may have been killed lately. */
const SWEPT_RUNS = 3;
const MANIFEST = "manifest.jsonl";
const ORDER = "order";

export interface JournalState {
	/** As each file was before the run first touched it, in the order of the touches. */
	readonly entries: ReadonlyMap<string, JournalEntry>;
	/**
	 * sha256 of what the run wrote (null: it deleted), by path. It is recorded ahead of the write: where that failed or was killed,
	 * both what was announced and what was written before it are the run's.
	 */
	readonly after: ReadonlyMap<string, readonly (string | null)[]>;
	readonly undone: boolean;
}

export interface JournaledChange {
	readonly path: string;
	/** What stands there now; null: nothing. */
	readonly old: { readonly bytes: Uint8Array; readonly mode: number } | null;
	/** Folders that must be made for it, outermost first, workspace-relative. */
	readonly madeFolders: readonly string[];
	/** sha256 of what will stand there; null: nothing. */
	readonly after: string | null;
}

/** The folder of all runs of a workspace. @param root its real path */
export function runsFolder(stateDir: string, root: string): string {
	return join(stateDir, sha256(Buffer.from(root)).slice(0, 32), "runs");
}

/** One run's journal; its folder is made at the first change. */
export class Journal {
	private readonly folder: string;
	private readonly seen = new Set<string>();

	constructor(
		private readonly allRuns: string,
		private readonly runId: string,
	) {
		this.folder = join(allRuns, safeName(runId));
	}

	/** Keeps what stands there now, once a run, and what will. Durable before it resolves; call it before the change. */
	async record({ path, old, madeFolders, after }: JournaledChange): Promise<void> {
		if (this.seen.size === 0) await this.begin();
		const lines: JournalLine[] = [{ kind: "after", path, after }];
		if (!this.seen.has(path)) {
			const before = old === null ? null : sha256(old.bytes);
			if (old !== null && before !== null) await writeDurably(join(this.folder, before), old.bytes);
			lines.unshift({ kind: "before", path, before, mode: old?.mode ?? null, madeFolders });
		}
		await appendLines(join(this.folder, MANIFEST), lines);
		await syncFolder(this.folder);
		this.seen.add(path);
	}

	/** The change stands. Never fails: without this line undo knows a little less, and stays safe. */
	async confirm(path: string): Promise<void> {
		await appendFile(
			join(this.folder, MANIFEST),
			`${JSON.stringify({ kind: "done", path } satisfies JournalLine)}\n`,
		).catch(() => undefined);
	}

	private async begin(): Promise<void> {
		await mkdir(this.folder, { recursive: true, mode: 0o700 });
		// Ends a line that a kill may have cut, in a journal that is taken up again.
		await appendFile(join(this.folder, MANIFEST), "\n", { mode: 0o600 });
		await appendFile(join(this.allRuns, ORDER), `${safeName(this.runId)}\n`, { mode: 0o600 });
		await prune(this.allRuns);
	}
}

/** The ids of the runs that changed something, oldest first. */
export async function journaledRuns(allRuns: string): Promise<readonly string[]> {
	const text = await readFile(join(allRuns, ORDER), "utf8").catch(() => "");
	const present = new Set(await readdir(allRuns).catch(() => []));
	return [...new Set(text.split("\n"))].filter((id) => id !== "" && id !== ORDER && present.has(id));
}

/** Workspace-relative folders that the newest runs wrote to. Never fails. */
export async function journaledFolders(allRuns: string): Promise<ReadonlySet<string>> {
	const folders = new Set<string>();
	for (const id of (await journaledRuns(allRuns)).slice(-SWEPT_RUNS)) {
		const journal = await readJournal(allRuns, id).catch(() => null);
		for (const path of journal?.entries.keys() ?? []) folders.add(dirname(path));
	}
	return folders;
}

/** @throws UserError where the run has no journal; a line that a crash has torn is passed over */
export async function readJournal(allRuns: string, runId: string): Promise<JournalState> {
	const text = await readFile(join(allRuns, safeName(runId), MANIFEST), "utf8").catch((error: unknown) => {
		throw new UserError("usage", `There is no journal of run ${runId}.`, "Only the last runs are kept.", {
			cause: error,
		});
	});
	const entries = new Map<string, JournalEntry>();
	const after = new Map<string, readonly (string | null)[]>();
	let undone = false;
	for (const line of text.split("\n").map(parseLine)) {
		if (line === null) continue;
		if (line.kind === "undone") undone = true;
		else if (line.kind === "after") after.set(line.path, [...(after.get(line.path) ?? []), line.after]);
		else if (line.kind === "done") after.set(line.path, (after.get(line.path) ?? []).slice(-1));
		else if (!entries.has(line.path)) entries.set(line.path, line);
	}
	return { entries, after, undone };
}

/** The bytes that a file had before. @throws Error where the copy is missing or damaged */
export async function readBlob(allRuns: string, runId: string, hash: string): Promise<Buffer> {
	const bytes = await readFile(join(allRuns, safeName(runId), hash));
	if (sha256(bytes) !== hash) throw new Error("the kept copy is damaged");
	return bytes;
}

export async function markUndone(allRuns: string, runId: string): Promise<void> {
	await appendLines(join(allRuns, safeName(runId), MANIFEST), [{ kind: "undone" }]);
}

export function sha256(bytes: Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex");
}

/** Keeps the newest runs, as far as number and size allow; the newest in any case. */
async function prune(allRuns: string): Promise<void> {
	const newestFirst = (await journaledRuns(allRuns)).toReversed();
	let bytes = 0;
	for (const [index, id] of newestFirst.entries()) {
		bytes += await folderBytes(join(allRuns, id));
		if (index > 0 && (index >= KEPT_RUNS || bytes > KEPT_BYTES))
			await rm(join(allRuns, id), { recursive: true, force: true });
	}
}

async function folderBytes(folder: string): Promise<number> {
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

async function appendLines(path: string, lines: readonly JournalLine[]): Promise<void> {
	const handle = await open(path, "a", 0o600);
	try {
		await handle.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
		await handle.sync();
	} finally {
		await handle.close();
	}
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
	// Not in place: a copy of the same bytes may stand there already, and must not be cut by a kill.
	const temporary = `${path}.tmp`;
	const handle = await open(temporary, "w", 0o600);
	try {
		await handle.writeFile(bytes);
		await handle.sync();
	} finally {
		await handle.close();
	}
	await rename(temporary, path);
}

function safeName(runId: string): string {
	return runId.replaceAll(/[^A-Za-z0-9-]/g, "").slice(0, 64);
}

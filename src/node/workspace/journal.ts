/** What undo needs: before a run first touches a file, its bytes and mode stand in the run's private folder, outside the workspace. */
import { createHash } from "node:crypto";
import { appendFile, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../core/errors.ts";

const KEPT_RUNS = 20;
const MANIFEST = "manifest.jsonl";

/** `null` stands for "no such file". */
export interface JournalEntry {
	readonly path: string;
	/** sha256 of the bytes before the run, the name of the blob that holds them. */
	readonly before: string | null;
	readonly mode: number | null;
	/** Folders that the run made for this file, outermost first, workspace-relative. */
	readonly madeFolders: readonly string[];
}

export interface JournalState {
	readonly entries: ReadonlyMap<string, JournalEntry>;
	/** sha256 of what the run last wrote, by path; null: deleted. */
	readonly after: ReadonlyMap<string, string | null>;
	readonly undone: boolean;
}

type Line =
	| ({ readonly kind: "before" } & JournalEntry)
	| { readonly kind: "after"; readonly path: string; readonly after: string | null }
	| { readonly kind: "undone" };

/** The folder of all runs of a workspace. */
export function runsFolder(stateDir: string, root: string): string {
	return join(stateDir, "runs", createHash("sha256").update(root).digest("hex").slice(0, 32));
}

/** One run's journal; its folder is made at the first change. */
export class Journal {
	private readonly folder: string;
	private readonly seen = new Set<string>();

	constructor(
		private readonly allRuns: string,
		readonly runId: string,
	) {
		this.folder = join(allRuns, safeName(runId));
	}

	/** Keeps what stands at `path` now, once a run. Durable before it resolves. */
	async keepBefore(
		path: string,
		old: { readonly bytes: Uint8Array; readonly mode: number } | null,
		madeFolders: readonly string[],
	): Promise<void> {
		if (this.seen.has(path)) return;
		if (this.seen.size === 0) await this.begin();
		const before = old === null ? null : sha256(old.bytes);
		if (old !== null && before !== null) await writeDurably(join(this.folder, before), old.bytes);
		await this.append({ kind: "before", path, before, mode: old?.mode ?? null, madeFolders });
		this.seen.add(path);
	}

	async recordAfter(path: string, after: string | null): Promise<void> {
		await this.append({ kind: "after", path, after });
	}

	private async begin(): Promise<void> {
		await mkdir(this.folder, { recursive: true, mode: 0o700 });
		await appendFile(join(this.allRuns, "order"), `${safeName(this.runId)}\n`, { mode: 0o600 });
		await prune(this.allRuns);
	}

	private async append(line: Line): Promise<void> {
		const handle = await open(join(this.folder, MANIFEST), "a", 0o600);
		try {
			await handle.appendFile(`${JSON.stringify(line)}\n`);
			await handle.sync();
		} finally {
			await handle.close();
		}
	}
}

/** The ids of the runs that changed something, oldest first. */
export async function journaledRuns(allRuns: string): Promise<readonly string[]> {
	const text = await readFile(join(allRuns, "order"), "utf8").catch(() => "");
	const present = new Set(await readdir(allRuns).catch(() => []));
	return [...new Set(text.split("\n"))].filter((id) => id !== "" && present.has(id));
}

/** @throws UserError where the run has no journal; a torn last line, as a crash leaves it, is passed over */
export async function readJournal(allRuns: string, runId: string): Promise<JournalState> {
	const text = await readFile(join(allRuns, safeName(runId), MANIFEST), "utf8").catch((error: unknown) => {
		throw new UserError("usage", `There is no journal of run ${runId}.`, "Only the last runs are kept.", {
			cause: error,
		});
	});
	const entries = new Map<string, JournalEntry>();
	const after = new Map<string, string | null>();
	let undone = false;
	for (const line of text.split("\n").map(parseLine)) {
		if (line === null) continue;
		if (line.kind === "before") entries.set(line.path, line);
		else if (line.kind === "after") after.set(line.path, line.after);
		else undone = true;
	}
	return { entries, after, undone };
}

export async function readBlob(allRuns: string, runId: string, hash: string): Promise<Buffer> {
	const bytes = await readFile(join(allRuns, safeName(runId), hash));
	if (sha256(bytes) !== hash) throw new Error("the kept copy is damaged");
	return bytes;
}

export async function markUndone(allRuns: string, runId: string): Promise<void> {
	await appendFile(join(allRuns, safeName(runId), MANIFEST), `${JSON.stringify({ kind: "undone" } satisfies Line)}\n`);
}

export function sha256(bytes: Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex");
}

async function prune(allRuns: string): Promise<void> {
	const runs = await journaledRuns(allRuns);
	for (const old of runs.slice(0, Math.max(0, runs.length - KEPT_RUNS)))
		await rm(join(allRuns, old), { recursive: true, force: true });
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
	const handle = await open(path, "w", 0o600);
	try {
		await handle.writeFile(bytes);
		await handle.sync();
	} finally {
		await handle.close();
	}
}

function safeName(runId: string): string {
	return runId.replaceAll(/[^A-Za-z0-9-]/g, "").slice(0, 64);
}

function parseLine(line: string): Line | null {
	try {
		const value: unknown = JSON.parse(line);
		if (typeof value !== "object" || value === null || !("kind" in value)) return null;
		if (value.kind === "undone") return { kind: "undone" };
		if (!("path" in value) || typeof value.path !== "string") return null;
		if (value.kind === "after" && "after" in value && isHash(value.after))
			return { kind: "after", path: value.path, after: value.after };
		if (value.kind !== "before" || !("before" in value) || !isHash(value.before) || !("mode" in value)) return null;
		const folders = "madeFolders" in value && Array.isArray(value.madeFolders) ? value.madeFolders : [];
		return {
			kind: "before",
			path: value.path,
			before: value.before,
			mode: typeof value.mode === "number" ? value.mode : null,
			madeFolders: folders.filter((folder): folder is string => typeof folder === "string"),
		};
	} catch {
		return null;
	}
}

function isHash(value: unknown): value is string | null {
	return value === null || (typeof value === "string" && /^[0-9a-f]{64}$/.test(value));
}

/** What undo needs: before a round first touches a file, its bytes, mode and kind stand in the run's private folder. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../core/errors.ts";
import { syncFolder } from "./atomic-write.ts";
import type { FileBytes } from "./confined-files.ts";
import { type FileState, JOURNAL_VERSION, type JournalLine } from "./journal-lines.ts";
import { foldJournal, hashOf, type JournalState } from "./journal-state.ts";
import {
	appendDurably,
	appendQuickly,
	createRunFolder,
	dropTornLine,
	folderBytes,
	listRuns,
	runFolder,
	writeBlob,
} from "./run-store.ts";
import { sha256 } from "./sha256.ts";

/** What one run may keep; said before a change would go beyond. */
const MAX_JOURNAL_BYTES = 100 * 1024 * 1024;
/** Runs that may have been killed lately. */
const SWEPT_RUNS = 3;
const MANIFEST = "manifest.jsonl";
const BYTES_PER_MIB = 1024 * 1024;

export interface JournaledChange {
	readonly path: string;
	/** What stands there now; null: nothing. */
	readonly old: FileBytes | null;
	/** Folders that must be made for it, outermost first, workspace-relative. */
	readonly madeFolders: readonly string[];
	/** What will stand there; null: nothing. */
	readonly after: Uint8Array | null;
}

/** One run's journal; its folder is made at the first change. */
export class Journal {
	private readonly manifest: string;
	private readonly folder: string;
	/** By path, what this round announced last. */
	private readonly announced = new Map<string, Announced>();
	private begun = false;
	private bytes = 0;
	private round: number | null = 0;

	/** @param root real path of the workspace */
	constructor(
		private readonly allRuns: string,
		private readonly runId: string,
		private readonly root: string,
		private readonly maxBytes: number = MAX_JOURNAL_BYTES,
	) {
		this.folder = runFolder(allRuns, runId);
		this.manifest = join(this.folder, MANIFEST);
	}

	/** What is recorded from now on is one undo step. @param round null: of an undo */
	beginRound(round: number | null): void {
		this.round = round;
		this.announced.clear();
	}

	/**
	 * Keeps what stands there now, once a round and after every change of somebody else's, and what will. Durable before it
	 * resolves; call it before the change.
	 * @throws UserError `storage` where the run's cap would be passed; what the system refuses, as it is
	 */
	async record({ path, old, madeFolders, after }: JournaledChange): Promise<void> {
		await this.begin();
		const state = stateOf(old);
		const known = stands(this.announced.get(path), state);
		this.reserve(path, (known ? 0 : (old?.bytes.length ?? 0)) + (after?.length ?? 0));
		if (!known && old !== null) await writeBlob(join(this.folder, sha256(old.bytes)), old.bytes, true);
		await this.announce(path, after, known ? [] : [{ kind: "before", round: this.round, path, state, madeFolders }]);
	}

	/** What stands there is not what was recorded, and is the round's all the same: the editor formatted it on its way to the disk. */
	async amend(path: string, after: Uint8Array | null): Promise<void> {
		await this.announce(path, after, []);
	}

	private async announce(path: string, after: Uint8Array | null, lines: readonly JournalLine[]): Promise<void> {
		const hash = after === null ? null : sha256(after);
		// Only a merge needs these bytes, and it can do without.
		if (after !== null && hash !== null) await writeBlob(join(this.folder, hash), after, false).catch(() => undefined);
		await appendDurably(this.manifest, linesText([...lines, { kind: "after", path, hash }]));
		await syncFolder(this.folder);
		this.announced.set(path, { hash, mode: null });
	}

	/** The change stands. Never fails: without this line undo knows a little less, and stays safe. */
	async confirm(path: string, mode: number | null): Promise<void> {
		const last = this.announced.get(path);
		if (last !== undefined) this.announced.set(path, { ...last, mode });
		await appendQuickly(this.manifest, linesText([{ kind: "done", path, mode }])).catch(() => undefined);
	}

	/** @param round null: the whole run */
	async markUndone(round: number | null): Promise<void> {
		await this.begin();
		await appendDurably(this.manifest, linesText([{ kind: "undone", round }]));
	}

	private async begin(): Promise<void> {
		if (this.begun) return;
		await createRunFolder(this.allRuns, this.runId);
		this.bytes = await folderBytes(this.folder);
		// In a journal that is taken up again.
		await dropTornLine(this.manifest);
		const present = await readFile(this.manifest, "utf8").catch(() => "");
		if (foldJournal(present).version === null) {
			await appendDurably(this.manifest, linesText([headerOf(this.root)]));
			await syncFolder(this.folder);
		}
		this.begun = true;
	}

	private reserve(path: string, bytes: number): void {
		if (this.bytes + bytes > this.maxBytes) {
			throw new UserError(
				"storage",
				`Nothing was changed: with ${path}, what undo keeps of this run would pass its cap of ${Math.round(this.maxBytes / BYTES_PER_MIB)} MiB.`,
				"Look at what the run did, and start a new one for the rest.",
			);
		}
		this.bytes += bytes;
	}
}

interface Announced {
	/** sha256; null: nothing. */
	readonly hash: string | null;
	/** Permission bits; null where they are not known. */
	readonly mode: number | null;
}

/** Whether what stands there is what was announced last, so that nobody else changed it meanwhile. */
function stands(announced: Announced | undefined, state: FileState): boolean {
	if (announced === undefined || announced.hash !== hashOf(state)) return false;
	return state.kind === "absent" || announced.mode === null || announced.mode === state.mode;
}

function stateOf(file: FileBytes | null): FileState {
	return file === null
		? { kind: "absent" }
		: { kind: "file", hash: sha256(file.bytes), mode: file.mode, owner: file.owner };
}

function headerOf(root: string): JournalLine {
	return { kind: "journal", version: JOURNAL_VERSION, root };
}

function linesText(lines: readonly JournalLine[]): string {
	return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** Workspace-relative folders that the newest runs wrote to. Never fails. */
export async function journaledFolders(allRuns: string): Promise<ReadonlySet<string>> {
	const folders = new Set<string>();
	for (const id of (await listRuns(allRuns)).slice(-SWEPT_RUNS)) {
		const journal = await readJournal(allRuns, id);
		for (const path of journal?.files.keys() ?? []) folders.add(dirname(path));
	}
	return folders;
}

/** Null where the run has no journal. A line that a crash has torn is passed over. */
export async function readJournal(allRuns: string, runId: string): Promise<JournalState | null> {
	const text = await readFile(join(runFolder(allRuns, runId), MANIFEST), "utf8").catch(() => null);
	// Killed before its first line was whole, the run had changed nothing.
	return text === null || !text.includes("\n") ? null : foldJournal(text);
}

/** The bytes that a file had. @throws Error where the copy is missing or damaged */
export async function readBlob(allRuns: string, runId: string, hash: string): Promise<Buffer> {
	const bytes = await readFile(join(runFolder(allRuns, runId), hash)).catch((error: unknown) => {
		throw new Error("the kept copy is gone", { cause: error });
	});
	if (sha256(bytes) !== hash) throw new Error("the kept copy is damaged");
	return bytes;
}

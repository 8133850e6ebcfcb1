/** What the last run changed, as texts: each file as every round found and left it. Of this session only; undo has its own journal. */
import { type Disposable, EventEmitter } from "vscode";
import { type TextFile, type Workspace, WorkspaceError } from "../core/ports.ts";

export interface FileChange {
	readonly round: number;
	/** Workspace-relative. */
	readonly path: string;
	/** null: there was no such file. */
	readonly before: string | null;
	/** null: it was deleted. */
	readonly after: string | null;
}

/** Texts kept at most, in UTF-16 units; beyond it the oldest rounds can no longer be shown alone. */
const MAX_CHARS = 50_000_000;

/** Not to be stopped. */
const NEVER = new AbortController().signal;

export class RunChanges implements Disposable {
	private readonly changed = new EventEmitter<void>();
	readonly onChange = this.changed.event;
	private readonly takenBack = new EventEmitter<readonly string[]>();
	/** Files, workspace-relative, that stand as before the run again. */
	readonly onTakenBack = this.takenBack.event;
	private changes: FileChange[] = [];
	private chars = 0;
	private kept = new Set<string>();
	private keptHunks = new Set<string>();
	/** Absolute path of the folder that the run changed. */
	root = "";
	/** Empty before there is one. */
	runId = "";

	begin(root: string, runId: string): void {
		this.root = root;
		this.runId = runId;
		this.changes = [];
		this.chars = 0;
		this.kept = new Set();
		this.keptHunks = new Set();
		this.changed.fire();
	}

	/** Files that the run changed and the person has neither kept nor taken back. */
	get openFiles(): readonly string[] {
		return this.changesOf(null)
			.map(({ path }) => path)
			.filter((path) => !this.kept.has(path));
	}

	/** One change a file: from what the round (null: the run) found to what it left. */
	changesOf(round: number | null): readonly FileChange[] {
		const merged = new Map<string, FileChange>();
		for (const change of this.changes) {
			if (round !== null && change.round !== round) continue;
			const first = merged.get(change.path);
			merged.set(change.path, first === undefined ? change : { ...change, before: first.before });
		}
		return [...merged.values()].filter(({ before, after }) => before !== after);
	}

	/** Nothing more to look at. */
	settle(paths: readonly string[]): void {
		for (const path of paths) this.kept.add(path);
		this.changed.fire();
	}

	/** The files stand as before the run again. */
	takeBack(paths: readonly string[]): void {
		this.settle(paths);
		if (paths.length > 0) this.takenBack.fire(paths);
	}

	/** The person keeps a single change of the file. @param key of hunks.ts */
	keepHunk(path: string, key: string): void {
		this.keptHunks.add(`${path}\0${key}`);
	}

	isHunkKept(path: string, key: string): boolean {
		return this.keptHunks.has(`${path}\0${key}`);
	}

	/** The workspace, with every change noted once it is done. @param round of the change that comes next */
	noting(workspace: Workspace, round: () => number): Workspace {
		return {
			...workspace,
			apply: async (change, signal) => {
				const before = change.kind === "create" ? null : await textOf(workspace.read(change.path, signal));
				await workspace.apply(change, signal);
				// The editor may have formatted the text on its way to the disk. The change stands, so no stop keeps it from being noted.
				const after = change.kind === "delete" ? null : await textOf(workspace.read(change.path, NEVER));
				this.note({ round: round(), path: change.path, before, after });
			},
		};
	}

	dispose(): void {
		this.changed.dispose();
		this.takenBack.dispose();
	}

	private note(change: FileChange): void {
		this.changes.push(change);
		this.chars += charsOf(change);
		while (this.chars > MAX_CHARS && this.changes.length > 1) this.forgetOldest();
		this.kept.delete(change.path);
		this.changed.fire();
	}

	/** The file's next change takes its beginning over, so that what the whole run changed stays true. */
	private forgetOldest(): void {
		const [oldest, ...rest] = this.changes;
		if (oldest === undefined) return;
		const next = rest.findIndex(({ path }) => path === oldest.path);
		this.changes = rest.map((change, index) => (index === next ? { ...change, before: oldest.before } : change));
		this.chars = this.changes.reduce((sum, change) => sum + charsOf(change), 0);
	}
}

function charsOf({ before, after }: FileChange): number {
	return (before?.length ?? 0) + (after?.length ?? 0);
}

async function textOf(reading: Promise<TextFile>): Promise<string | null> {
	try {
		return (await reading).text;
	} catch (error) {
		if (error instanceof WorkspaceError) return null;
		throw error;
	}
}

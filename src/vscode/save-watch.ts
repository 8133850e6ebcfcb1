/** Saves and file changes outside a run: a hint to look again, once things have settled. Hashes decide whether anything changed. */
import { Disposable, RelativePattern, Uri, type WorkspaceFolder, workspace } from "vscode";
import type { Machine } from "../core/machine.ts";
import type { RunController } from "./run-controller.ts";
import { readSettings } from "./settings.ts";

/** Format-on-save and tools that write several files are through by then. */
const SETTLE_MS = 200;
const WATCHED = "**/*.{py,pyi,toml,cfg,ini}";
/** What probes themselves write. */
const OWN_WRITES = /[\\/](?:__pycache__|\.pytest_cache|\.ruff_cache|\.git|node_modules)[\\/]/;

export class SaveWatch implements Disposable {
	/** Paths of the folders in which something may have changed. */
	private readonly changed = new Set<string>();
	private timer: ReturnType<typeof setTimeout> | undefined;
	private readonly subscriptions: Disposable[] = [];
	/** By the folder's path. */
	private readonly watched = new Map<string, Disposable>();

	/**
	 * @param onHint a file may have changed, also while nothing is probed for it
	 * @param onError shown once by the caller
	 */
	constructor(
		private readonly controller: RunController,
		private readonly machine: Machine,
		private readonly onHint: (uri: Uri) => void,
		private readonly onError: (error: unknown) => void,
	) {
		this.subscriptions.push(
			workspace.onDidSaveTextDocument(({ uri }) => this.look(uri)),
			workspace.onDidCreateFiles(({ files }) => this.lookAt(files)),
			workspace.onDidDeleteFiles(({ files }) => this.lookAt(files)),
			workspace.onDidRenameFiles(({ files }) => this.lookAt(files.map(({ newUri }) => newUri))),
			workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
				for (const { uri } of removed) this.leave(uri.fsPath);
				for (const folder of added) this.watch(folder);
			}),
		);
		for (const folder of workspace.workspaceFolders ?? []) this.watch(folder);
	}

	dispose(): void {
		clearTimeout(this.timer);
		for (const subscription of [...this.subscriptions, ...this.watched.values()]) subscription.dispose();
	}

	private watch(folder: WorkspaceFolder): void {
		const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, WATCHED));
		const watchers = [
			watcher,
			watcher.onDidChange((uri) => this.look(uri)),
			watcher.onDidCreate((uri) => this.look(uri)),
			watcher.onDidDelete((uri) => this.look(uri)),
		];
		if (excludesFolders(folder.uri)) watchers.push(this.watchExcluded(folder.uri.fsPath));
		this.watched.set(folder.uri.fsPath, Disposable.from(...watchers));
	}

	private leave(root: string): void {
		this.watched.get(root)?.dispose();
		this.watched.delete(root);
		this.changed.delete(root);
	}

	private lookAt(files: readonly Uri[]): void {
		for (const uri of files) this.look(uri);
	}

	private look(uri: Uri): void {
		const folder = workspace.getWorkspaceFolder(uri);
		if (uri.scheme !== "file" || OWN_WRITES.test(uri.fsPath) || folder === undefined) return;
		this.onHint(uri);
		const root = folder.uri.fsPath;
		// A run probes its own folder; another one's turn comes after it.
		if (this.controller.runRoot === root || !readSettings(root).probeOnSave) return;
		this.changed.add(root);
		clearTimeout(this.timer);
		this.timer = setTimeout(() => void this.probeChanged(), SETTLE_MS);
	}

	private async probeChanged(): Promise<void> {
		const roots = [...this.changed];
		this.changed.clear();
		// One folder's failure, or newer probe, is none of the others'.
		for (const root of roots) await this.controller.probe(root).catch(this.onError);
	}

	/** The editor says nothing about folders in `files.watcherExclude`; there the machine's own watcher looks. */
	private watchExcluded(root: string): Disposable {
		const watching = this.machine.watch(root, (paths) => this.lookAt(paths.map((path) => Uri.file(path))));
		// Without it, saves in the editor are still seen.
		watching.catch(this.onError);
		return new Disposable(() => void watching.then((watcher) => watcher.close()).catch(() => undefined));
	}
}

function excludesFolders(scope: Uri): boolean {
	const inspected = workspace.getConfiguration("files", scope).inspect<Record<string, boolean>>("watcherExclude");
	const own = { ...inspected?.globalValue, ...inspected?.workspaceValue, ...inspected?.workspaceFolderValue };
	return Object.values(own).some((excluded) => excluded);
}

/** Which folder of the workspace a task is for: the only one, or the one that the person chose, once. */
import {
	type Disposable,
	EventEmitter,
	l10n,
	type Memento,
	type Uri,
	type WorkspaceFolder,
	window,
	workspace,
} from "vscode";
import { UserError } from "../core/errors.ts";
import { pathWithin } from "./path-within.ts";
import { taskRunning } from "./user-errors.ts";

const KEY = "jetbox.folder";

export class FolderChoice implements Disposable {
	private readonly changed = new EventEmitter<void>();
	/** Another folder is the chosen one, by choice or because folders came and left. */
	readonly onChange = this.changed.event;
	private readonly subscription = workspace.onDidChangeWorkspaceFolders(() => this.tell());
	private told: string | null;

	/** @param isRunning while a task is, the folder stays */
	constructor(
		private readonly memory: Memento,
		private readonly isRunning: () => boolean,
	) {
		this.told = this.rootOrNull;
	}

	/** Of the folder that tasks and the sidebar are about. @throws UserError `no-workspace` */
	get root(): string {
		return this.folder.uri.fsPath;
	}

	/** Like `root`; null where no folder is open. */
	get rootOrNull(): string | null {
		return localFolders().length === 0 ? null : this.root;
	}

	/** Whether a folder is one of the workspace's. @param root its absolute path */
	isOpen(root: string): boolean {
		return localFolders().some(({ uri }) => uri.fsPath === root);
	}

	/** The folder's name where there are several to choose from, else null. */
	get shownName(): string | null {
		return localFolders().length > 1 ? this.folder.name : null;
	}

	/** The chosen folder; in one of several folders, of which none was chosen yet, the first. */
	private get folder(): WorkspaceFolder {
		const folders = localFolders();
		const folder = folders.find(({ uri }) => uri.toString() === this.memory.get(KEY)) ?? folders[0];
		if (folder === undefined)
			throw new UserError(
				"no-workspace",
				l10n.t("No folder is open."),
				l10n.t("Open the folder of a Python project (File: Open Folder)."),
			);
		return folder;
	}

	/** Asks where there are several folders and none was chosen yet. @returns false when the question was left */
	async ensure(): Promise<boolean> {
		const folders = localFolders();
		const isChosen = folders.some(({ uri }) => uri.toString() === this.memory.get(KEY));
		return folders.length < 2 || isChosen || this.choose();
	}

	/** @returns false when the question was left @throws UserError while a task is running */
	async choose(): Promise<boolean> {
		const chosen = await window.showWorkspaceFolderPick({ placeHolder: l10n.t("Which folder is the task for?") });
		if (chosen === undefined) return false;
		if (chosen.uri.scheme !== "file") {
			void window.showWarningMessage(
				l10n.t("{0} is not a folder of this machine; Jetbox can run programs only there.", chosen.name),
			);
			return false;
		}
		await this.take(chosen.uri);
		return true;
	}

	/** Makes the folder that holds the file the chosen one, where it is one of the workspace's. @throws UserError while a task is running in another */
	async chooseFor(file: Uri): Promise<void> {
		const folder = workspace.getWorkspaceFolder(file);
		if (folder !== undefined && localFolders().length > 1) await this.take(folder.uri);
	}

	/**
	 * Makes a folder of the repository the chosen one: that which holds it, else the chosen one where it lies there, else the first that does.
	 * @throws UserError while a task is running in another
	 */
	async chooseIn(repository: Uri): Promise<void> {
		if (workspace.getWorkspaceFolder(repository) !== undefined) return this.chooseFor(repository);
		const within = localFolders().filter(({ uri }) => pathWithin(repository.fsPath, uri) !== null);
		const folder = within.find(({ uri }) => uri.fsPath === this.rootOrNull) ?? within[0];
		if (folder !== undefined) await this.chooseFor(folder.uri);
	}

	dispose(): void {
		this.subscription.dispose();
		this.changed.dispose();
	}

	private async take(uri: Uri): Promise<void> {
		if (this.memory.get(KEY) === uri.toString()) return;
		// A question may have stood there since before the run.
		if (this.isRunning()) throw taskRunning();
		await this.memory.update(KEY, uri.toString());
		this.tell();
	}

	private tell(): void {
		const root = this.rootOrNull;
		if (root === this.told) return;
		this.told = root;
		this.changed.fire();
	}
}

function localFolders(): readonly WorkspaceFolder[] {
	return (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
}

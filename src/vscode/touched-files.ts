/** Marks in the explorer the files that the last run changed, until they are kept or taken back, and tells the menus of them. */
import {
	commands,
	type Disposable,
	EventEmitter,
	FileDecoration,
	type FileDecorationProvider,
	l10n,
	ThemeColor,
	Uri,
	window,
} from "vscode";
import { CONTEXT_KEYS } from "./ids.ts";
import type { RunChanges } from "./run-changes.ts";

export class TouchedFiles implements FileDecorationProvider, Disposable {
	private readonly changed = new EventEmitter<undefined>();
	readonly onDidChangeFileDecorations = this.changed.event;
	private marked = new Set<string>();
	private readonly subscriptions: readonly Disposable[];

	constructor(private readonly changes: RunChanges) {
		this.subscriptions = [window.registerFileDecorationProvider(this), changes.onChange(() => this.refresh())];
	}

	provideFileDecoration(uri: Uri): FileDecoration | undefined {
		if (uri.scheme !== "file" || !this.marked.has(uri.path)) return undefined;
		return new FileDecoration("J", l10n.t("Changed by the last Jetbox run"), new ThemeColor("charts.blue"));
	}

	dispose(): void {
		for (const subscription of this.subscriptions) subscription.dispose();
		this.changed.dispose();
	}

	private refresh(): void {
		const root = Uri.file(this.changes.root);
		const uris = this.changes.openFiles.map((path) => Uri.joinPath(root, path));
		this.marked = new Set(uris.map(({ path }) => path));
		// Menus compare the resource's own path.
		void commands.executeCommand(
			"setContext",
			CONTEXT_KEYS.touchedFiles,
			uris.map(({ fsPath }) => fsPath),
		);
		void commands.executeCommand("setContext", CONTEXT_KEYS.hasChanges, this.changes.changesOf(null).length > 0);
		this.changed.fire(undefined);
	}
}

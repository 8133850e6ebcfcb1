/** Each change of the last run on its own: kept, or taken back through the editor, above its lines and in the review's diff. */
import {
	CodeLens,
	type CodeLensProvider,
	type Disposable,
	EventEmitter,
	l10n,
	Range,
	type TextDocument,
	type Uri,
	WorkspaceEdit,
	window,
	workspace,
} from "vscode";
import { type CompareLines, type Hunk, hunksOf } from "../core/hunks.ts";
import { plain } from "../core/plain-text.ts";
import { editTo } from "./document-edit.ts";
import { isSameText } from "./file-text.ts";
import { COMMANDS } from "./ids.ts";
import { pathWithin } from "./path-within.ts";
import type { RunChanges } from "./run-changes.ts";

interface HunkReviewParts {
	readonly changes: RunChanges;
	readonly compare: CompareLines;
	readonly isRunning: () => boolean;
}

export class HunkReview implements CodeLensProvider, Disposable {
	private readonly changed = new EventEmitter<void>();
	readonly onDidChangeCodeLenses = this.changed.event;
	private readonly subscription: Disposable;

	constructor(private readonly parts: HunkReviewParts) {
		this.subscription = parts.changes.onChange(() => this.refresh());
	}

	/** A run began or ended, or something was kept. */
	refresh(): void {
		this.changed.fire();
	}

	provideCodeLenses(document: TextDocument): CodeLens[] {
		if (this.parts.isRunning()) return [];
		return this.openHunks(document).flatMap(({ line }) => {
			const place = new Range(line, 0, line, 0);
			const given = [document.uri, line];
			return [
				new CodeLens(place, { title: l10n.t("Undo This Change"), command: COMMANDS.undoHunk, arguments: given }),
				new CodeLens(place, { title: l10n.t("Keep This Change"), command: COMMANDS.keepHunk, arguments: given }),
			];
		});
	}

	/** @param uri and 0-based line of the hunk; undefined: where the cursor is */
	async undo(uri: Uri | undefined, line: number | undefined): Promise<void> {
		const found = await this.hunkAt(uri, line);
		if (found === null) return;
		const { document, hunk } = found;
		const edit = new WorkspaceEdit();
		const { range, text } = editTo(document, hunk.without);
		edit.replace(document.uri, range, text);
		// Unsaved text is the person's to save.
		const savesToo = !document.isDirty;
		if (!(await workspace.applyEdit(edit)) || (savesToo && !(await document.save()))) {
			void window.showWarningMessage(l10n.t("The change could not be taken back. Look at it in the editor."));
			return;
		}
		this.settleWhereDone(document);
	}

	/** @param uri and 0-based line of the hunk; undefined: where the cursor is */
	async keep(uri: Uri | undefined, line: number | undefined): Promise<void> {
		const found = await this.hunkAt(uri, line);
		if (found === null) return;
		this.parts.changes.keepHunk(found.path, found.hunk.key);
		this.settleWhereDone(found.document);
	}

	dispose(): void {
		this.subscription.dispose();
		this.changed.dispose();
	}

	/** Says so where there is none. */
	private async hunkAt(
		uri: Uri | undefined,
		line: number | undefined,
	): Promise<{ readonly document: TextDocument; readonly path: string; readonly hunk: Hunk } | null> {
		const editor = window.activeTextEditor;
		const file = uri ?? editor?.document.uri;
		const at = line ?? editor?.selection.active.line;
		const path = file === undefined ? null : pathWithin(this.parts.changes.root, file);
		if (file === undefined || at === undefined || path === null) return null;
		if (this.parts.isRunning()) {
			void window.showInformationMessage(l10n.t("A task is running. Wait for its end, or stop it first."));
			return null;
		}
		const document = await workspace.openTextDocument(file);
		const hunk = this.openHunks(document).find(
			(known) => known.line <= at && at < known.line + Math.max(1, known.lines),
		);
		if (hunk !== undefined) return { document, path, hunk };
		void window.showInformationMessage(
			l10n.t("{0}: no change of the last run stands in this line, or it was changed since.", plain(path)),
		);
		return null;
	}

	/** Those that are neither kept nor changed since. */
	private openHunks(document: TextDocument): readonly Hunk[] {
		const { changes, compare } = this.parts;
		const path = pathWithin(changes.root, document.uri);
		if (path === null || !changes.openFiles.includes(path)) return [];
		const { before = null, after = null } = changes.changesOf(null).find((change) => change.path === path) ?? {};
		// A file that the run made, or deleted, is kept or taken back as a whole.
		if (before === null || after === null) return [];
		return hunksOf({ before, after, now: document.getText() }, compare).filter(
			({ key }) => !changes.isHunkKept(path, key),
		);
	}

	private settleWhereDone(document: TextDocument): void {
		const { changes } = this.parts;
		const path = pathWithin(changes.root, document.uri);
		if (path !== null && this.openHunks(document).length === 0) {
			const before = changes.changesOf(null).find((change) => change.path === path)?.before ?? null;
			const isBack = before !== null && !document.isDirty && isSameText(document.getText(), before);
			if (isBack) changes.takeBack([path]);
			else changes.settle([path]);
		}
		this.refresh();
	}
}

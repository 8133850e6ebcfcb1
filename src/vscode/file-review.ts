/** Keeps what the last run made of a file, or takes it back through the editor, so that the editor's own undo works on that too. */
import { l10n, Range, Uri, WorkspaceEdit, window, workspace } from "vscode";
import { isSameText } from "./file-text.ts";
import { pathWithin } from "./path-within.ts";
import type { FileChange, RunChanges } from "./run-changes.ts";

/** @param uri of a file; undefined takes the one in the active editor */
export function keepFile(changes: RunChanges, uri: Uri | undefined): void {
	const change = changeOf(changes, uri);
	if (change !== null) changes.settle([change.path]);
}

/** Leaves a file that was changed since, and says so. */
export async function undoFile(changes: RunChanges, uri: Uri | undefined): Promise<void> {
	const change = changeOf(changes, uri);
	if (change === null) {
		void window.showInformationMessage(l10n.t("The last run did not change this file."));
		return;
	}
	const file = Uri.joinPath(Uri.file(changes.root), change.path);
	if (!(await isAsLeft(file, change))) {
		void window.showWarningMessage(
			l10n.t("{0} was changed since the run. Take its blocks back in the diff.", change.path),
		);
		return;
	}
	const edit = new WorkspaceEdit();
	await fillEdit(edit, file, change);
	const isDone = await workspace.applyEdit(edit);
	const document = workspace.textDocuments.find((open) => open.uri.toString() === file.toString());
	if (!isDone || (document?.isDirty === true && !(await document.save()))) {
		void window.showWarningMessage(l10n.t("{0} could not be put back. Look at it in the editor.", change.path));
		return;
	}
	changes.takeBack([change.path]);
}

function changeOf(changes: RunChanges, uri: Uri | undefined): FileChange | null {
	const file = uri ?? window.activeTextEditor?.document.uri;
	const own = file === undefined ? null : pathWithin(changes.root, file);
	return changes.changesOf(null).find(({ path }) => path === own) ?? null;
}

async function isAsLeft(file: Uri, { after }: FileChange): Promise<boolean> {
	try {
		const document = await workspace.openTextDocument(file);
		return !document.isDirty && after !== null && isSameText(document.getText(), after);
	} catch {
		return after === null;
	}
}

async function fillEdit(edit: WorkspaceEdit, file: Uri, { before, after }: FileChange): Promise<void> {
	if (before === null) {
		edit.deleteFile(file);
		return;
	}
	if (after === null) {
		edit.createFile(file, { contents: new TextEncoder().encode(before) });
		return;
	}
	const document = await workspace.openTextDocument(file);
	const whole = new Range(document.positionAt(0), document.positionAt(document.getText().length));
	edit.replace(file, whole, before);
}

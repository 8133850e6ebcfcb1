/** A workspace whose open documents change through the editor, so that the editor's own undo works and unsaved text is never lost. */
import { Range, type TextDocument, Uri, WorkspaceEdit, workspace } from "vscode";
import type { JournaledWorkspace } from "../core/machine.ts";
import { type Workspace, type WorkspaceChange, WorkspaceError } from "../core/ports.ts";

/** @param disk does the checks, the journal and everything that is not open in the editor */
export function createEditorWorkspace(disk: JournaledWorkspace): Workspace {
	return {
		root: disk.root,
		read: (path, signal) => disk.read(path, signal),
		list: (folder, limit, signal) => disk.list(folder, limit, signal),
		search: (text, folder, limit, signal) => disk.search(text, folder, limit, signal),
		async apply(change, signal) {
			const document = openDocument(disk.root, change.path);
			if (document === undefined) return disk.apply(change, signal);
			if (document.isDirty) {
				throw new WorkspaceError(
					"unsaved",
					`${change.path} has unsaved changes in the editor. They are the user's: work on another file, or stop and say so.`,
				);
			}
			if (change.kind !== "replace") return disk.apply(change, signal);
			return disk.applyWith(change, () => replaceInEditor(document, change), signal);
		},
	};
}

function openDocument(root: string, path: string): TextDocument | undefined {
	const wanted = Uri.joinPath(Uri.file(root), path).fsPath;
	return workspace.textDocuments.find(
		({ uri, isClosed }) => uri.scheme === "file" && uri.fsPath === wanted && !isClosed,
	);
}

async function replaceInEditor(
	document: TextDocument,
	{ path, text }: Extract<WorkspaceChange, { kind: "replace" }>,
): Promise<void> {
	const before = document.getText();
	// The document keeps its own line ends; compared as the editor would store them.
	const after = text.replaceAll("\r\n", "\n").replaceAll("\n", before.includes("\r\n") ? "\r\n" : "\n");
	const [start, endBefore, endAfter] = changedRange(before, after);
	const edit = new WorkspaceEdit();
	edit.replace(
		document.uri,
		new Range(document.positionAt(start), document.positionAt(endBefore)),
		after.slice(start, endAfter),
	);
	if (!(await workspace.applyEdit(edit)))
		throw new WorkspaceError("io", `The editor refused the change of ${path}. Nothing was changed.`);
	if (!(await document.save()))
		throw new WorkspaceError("io", `${path} was changed in the editor but could not be saved. Look at it there.`);
}

/** Without the common beginning and end, so that cursors and folds elsewhere stay. */
function changedRange(before: string, after: string): readonly [start: number, endBefore: number, endAfter: number] {
	const shorter = Math.min(before.length, after.length);
	let start = 0;
	while (start < shorter && before[start] === after[start]) start += 1;
	let tail = 0;
	while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
	return [start, before.length - tail, after.length - tail];
}

/** A workspace whose open documents change through the editor, so that the editor's own undo works and unsaved text is never lost. */
import { type TextDocument, Uri, WorkspaceEdit, workspace } from "vscode";
import type { JournaledWorkspace } from "../core/machine.ts";
import { type Workspace, type WorkspaceChange, WorkspaceError } from "../core/ports.ts";
import { editTo } from "./document-edit.ts";

const SAVE_TRIES = 3;

/** How a document changes and reaches the disk. Both may fail, and say so by false or by throwing (threats F52). */
export interface DocumentWriter {
	applyEdit(edit: WorkspaceEdit): Thenable<boolean>;
	save(document: TextDocument): Thenable<boolean>;
}

const EDITOR_WRITER: DocumentWriter = {
	applyEdit: (edit) => workspace.applyEdit(edit),
	save: (document) => document.save(),
};

/**
 * @param disk does the checks, the journal and everything that is not open in the editor
 * @param openedRoot the folder as the editor names it; `disk.root` is the real one, and documents bear the editor's name
 * @param writer the editor itself; tests put one in its place that fails
 */
export function createEditorWorkspace(
	disk: JournaledWorkspace,
	openedRoot: string,
	writer: DocumentWriter = EDITOR_WRITER,
): Workspace {
	const roots = [...new Set([openedRoot, disk.root])];

	return {
		root: disk.root,
		beginRound: (round) => disk.beginRound(round),
		read: (path, signal) => disk.read(path, signal),
		list: (folder, limit, signal) => disk.list(folder, limit, signal),
		search: (text, folder, limit, signal) => disk.search(text, folder, limit, signal),
		async apply(change, signal) {
			const documents = await openDocuments(disk, roots, change.path, signal);
			if (documents.some(({ isDirty }) => isDirty)) throw unsaved(change.path);
			const [document] = documents;
			if (document === undefined || change.kind !== "replace") return disk.apply(change, signal);
			const { version } = document;
			return disk.applyWith(change, () => replaceInEditor(writer, document, version, change), signal);
		},
	};
}

/** The documents of one file: by its own name, and unsaved ones by the name of a link to it (F39). */
async function openDocuments(
	disk: JournaledWorkspace,
	roots: readonly string[],
	path: string,
	signal: AbortSignal,
): Promise<readonly TextDocument[]> {
	const target = await realPath(disk, path, signal);
	const found: TextDocument[] = [];
	for (const document of workspace.textDocuments) {
		const own = document.uri.scheme === "file" && !document.isClosed ? pathWithin(roots, document.uri) : null;
		if (own === null) continue;
		const isTarget = own === target || (document.isDirty && (await realPath(disk, own, signal)) === target);
		if (isTarget) found.push(document);
	}
	return found;
}

function pathWithin(roots: readonly string[], uri: Uri): string | null {
	const root = roots.map((opened) => Uri.file(opened).path).find((opened) => uri.path.startsWith(`${opened}/`));
	return root === undefined ? null : uri.path.slice(root.length + 1);
}

/** After links; as it is named where there is nothing to read. */
async function realPath(disk: JournaledWorkspace, path: string, signal: AbortSignal): Promise<string> {
	try {
		return (await disk.read(path, signal)).path;
	} catch (error) {
		if (error instanceof WorkspaceError) return path;
		throw error;
	}
}

function unsaved(path: string): WorkspaceError {
	return new WorkspaceError(
		"unsaved",
		`${path} has unsaved changes in the editor. They are the user's: work on another file, or stop and say so.`,
	);
}

async function replaceInEditor(
	writer: DocumentWriter,
	document: TextDocument,
	version: number,
	{ path, text }: Extract<WorkspaceChange, { kind: "replace" }>,
): Promise<void> {
	// The person may have typed while the journal was written.
	if (document.isDirty || document.version !== version) throw unsaved(path);
	const edit = new WorkspaceEdit();
	const smallest = editTo(document, text);
	edit.replace(document.uri, smallest.range, smallest.text);
	await orFailure(
		writer.applyEdit(edit),
		(cause) => new WorkspaceError("io", `The editor refused the change of ${path}. Nothing was changed.`, { cause }),
	);
	await orFailure(
		saved(writer, document),
		(cause) =>
			new WorkspaceError(
				"io",
				`${path} was changed in the editor but could not be saved. Work on another file, or stop and say so.`,
				{ cause },
			),
	);
}

/** The editor answers false also where its auto-save was on its way with the same text; then the document is clean, or saves at the next try. */
async function saved(writer: DocumentWriter, document: TextDocument): Promise<boolean> {
	for (let tries = 0; tries < SAVE_TRIES; tries += 1)
		if ((await writer.save(document)) || !document.isDirty) return true;
	return false;
}

/** @throws what `failure` makes of it, where the editor answers false or throws */
async function orFailure(doing: Thenable<boolean>, failure: (cause: unknown) => WorkspaceError): Promise<void> {
	let isDone: boolean;
	try {
		isDone = await doing;
	} catch (error) {
		throw failure(error);
	}
	if (!isDone) throw failure(undefined);
}

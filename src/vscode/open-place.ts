/** Opens a place that a finding or a round names; the file may be gone since. */
import { FileSystemError, l10n, Position, Range, Uri, window, workspace } from "vscode";
import { plain } from "../core/plain-text.ts";

export interface Place {
	/** Relative to the workspace's folder. */
	readonly file: string;
	/** From 1. */
	readonly line: number;
	readonly column: number;
}

/** Opens nothing outside of the folder. @param root its absolute path */
export async function openPlace(root: string, { file, line, column }: Place): Promise<void> {
	const folder = Uri.file(root);
	const uri = Uri.joinPath(folder, file);
	if (!uri.path.startsWith(`${folder.path}/`)) return;
	const at = new Position(line - 1, column - 1);
	try {
		await window.showTextDocument(uri, { selection: new Range(at, at), preview: true });
	} catch (error) {
		if (!(await isGone(uri))) throw error;
		void window.showInformationMessage(plain(l10n.t("{0} is no longer there.", file)));
	}
}

async function isGone(uri: Uri): Promise<boolean> {
	try {
		await workspace.fs.stat(uri);
		return false;
	} catch (error) {
		return error instanceof FileSystemError && error.code === "FileNotFound";
	}
}

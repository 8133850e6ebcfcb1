/** Texts of files, as they are compared: the editor gives a document one kind of line end. */
import { type Uri, workspace } from "vscode";

/** As the editor shows it, unsaved text included. @returns null where it is gone, or no text any more */
export async function shownText(uri: Uri): Promise<string | null> {
	try {
		return withOneLineEnd((await workspace.openTextDocument(uri)).getText());
	} catch {
		return null;
	}
}

/** As it is stored, which an open document may not have heard of yet. @returns null where there is none */
export async function storedText(uri: Uri): Promise<string | null> {
	try {
		return withOneLineEnd(new TextDecoder().decode(await workspace.fs.readFile(uri)));
	} catch {
		return null;
	}
}

export function isSameText(one: string, other: string): boolean {
	return withOneLineEnd(one) === withOneLineEnd(other);
}

export function withOneLineEnd(text: string): string {
	return text.replaceAll("\r\n", "\n");
}

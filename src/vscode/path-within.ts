/** Where a document lies in a folder. */
import { Uri } from "vscode";

/**
 * @param root absolute path of the folder
 * @returns the path relative to it, with forward slashes; null outside of it, and for what is no file
 */
export function pathWithin(root: string, { scheme, path }: Uri): string | null {
	const folder = Uri.file(root).path;
	return scheme === "file" && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
}

/** Where a file lies from which a task is started: a task belongs to one folder of the workspace, and names files of that folder alone. */
import { l10n, type Uri, workspace } from "vscode";
import { UserError } from "../core/errors.ts";
import { plain } from "../core/plain-text.ts";
import { pathWithin } from "./path-within.ts";

export interface TaskPlace {
	/** Absolute path of the folder. */
	readonly root: string;
	/** Relative to it, with forward slashes. */
	readonly path: string;
}

/** Null for what is in no folder of the workspace on this machine. */
export function placeOf(uri: Uri): TaskPlace | null {
	const root = workspace.getWorkspaceFolder(uri)?.uri.fsPath;
	const path = root === undefined ? null : pathWithin(root, uri);
	return root === undefined || path === null ? null : { root, path };
}

/** Like `placeOf`. @throws UserError in place of null, with what to do */
export function taskPlaceOf(uri: Uri): TaskPlace {
	const place = placeOf(uri);
	if (place !== null) return place;
	const name = plain(workspace.asRelativePath(uri, false));
	if (uri.scheme === "untitled")
		throw new UserError(
			"usage",
			l10n.t("{0} is not saved yet.", name),
			l10n.t("Save it into a folder of this workspace first."),
		);
	throw new UserError(
		"usage",
		l10n.t("{0} is in no folder of this workspace.", name),
		l10n.t("Add its folder first (File: Add Folder to Workspace)."),
	);
}

/** Paths of files that one task is for. @throws UserError as `taskPlaceOf`, and where they are not of one folder */
export function taskPathsOf(files: readonly Uri[]): readonly string[] {
	const places = files.map(taskPlaceOf);
	if (new Set(places.map(({ root }) => root)).size > 1)
		throw new UserError(
			"usage",
			l10n.t("These files are of several folders, and a task belongs to one."),
			l10n.t("Mark files of one folder."),
		);
	return places.map(({ path }) => path);
}

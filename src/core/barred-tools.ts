/** Tools that an answer need not name: left out of the schema, where the server holds the model to it. */
import type { FileInPlay, KnownFile } from "./model/protocol.ts";

/** A whole file of so many lines costs a small model less than an edit that does not fit. */
const SHORT_LINES = 60;
/** In a project of so many files, the names and what matters of them stand in the first message. */
const SMALL_PROJECT_FILES = 12;
/** In the languages of the editor's own task templates (l10n/). */
const ASKS_TO_DELETE =
	/delet|remov|renam|\bmov|split|merg|clean up|lösch|entfern|umbenenn|verschieb|删除|移除|重命名|移动/i;

export interface Situation {
	/** A model that was not asked to delete does so where it is at a loss. */
	readonly task: string;
	/** In play. */
	readonly files: readonly KnownFile[];
	/** How many the project has. */
	readonly projectFiles: number;
	/** An edit was tried in vain, so that the file is waited for whole. */
	readonly wantWhole: boolean;
	/** Something fails. */
	readonly mustChange: boolean;
}

export function barredTools({ task, files, projectFiles, wantWhole, mustChange }: Situation): readonly string[] {
	const short = files.length > 0 && files.every(isShort);
	const small = projectFiles <= SMALL_PROJECT_FILES;
	// What it has before it, a small model reads line by line for as many rounds as it may.
	const nothingToRead = small && mustChange && files.length > 0 && files.every(({ known }) => known);
	return [
		...(wantWhole || short ? ["edit_file"] : []),
		...(small ? ["list_files", "search"] : []),
		...(nothingToRead ? ["read_file"] : []),
		...(ASKS_TO_DELETE.test(task) ? [] : ["delete_file"]),
	];
}

/** Whether the file is better sent whole than edited; a new one is. */
export function isShort({ text }: FileInPlay): boolean {
	return text === null || text.split("\n").length <= SHORT_LINES;
}

/** The tools, in the one order in which every request offers them. */
import type { ToolSchema } from "../model/conversation.ts";
import type { RunMode } from "../run-mode.ts";
import { DELETE_FILE } from "./delete-file.ts";
import { EDIT_FILE } from "./edit-file.ts";
import { LIST_FILES } from "./list-files.ts";
import { READ_FILE } from "./read-file.ts";
import { SEARCH } from "./search.ts";
import type { Tool } from "./tool.ts";
import { WRITE_FILE } from "./write-file.ts";

export const CATALOG: readonly Tool[] = [LIST_FILES, READ_FILE, SEARCH, WRITE_FILE, EDIT_FILE, DELETE_FILE];

/** Those that change nothing. */
const READING: readonly Tool[] = [LIST_FILES, READ_FILE, SEARCH];

export function catalogOf(mode: RunMode): readonly Tool[] {
	return mode === "plan" ? READING : CATALOG;
}

/** What the model is shown of them. */
export const TOOLS: readonly ToolSchema[] = CATALOG.map(({ schema }) => schema);
const READING_TOOLS: readonly ToolSchema[] = READING.map(({ schema }) => schema);

export function toolsOf(mode: RunMode): readonly ToolSchema[] {
	return mode === "plan" ? READING_TOOLS : TOOLS;
}

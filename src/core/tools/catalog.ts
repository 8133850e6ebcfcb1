/** The tools, in the one order in which every request offers them. */
import type { ToolSchema } from "../model/conversation.ts";
import { DELETE_FILE } from "./delete-file.ts";
import { EDIT_FILE } from "./edit-file.ts";
import { LIST_FILES } from "./list-files.ts";
import { READ_FILE } from "./read-file.ts";
import { SEARCH } from "./search.ts";
import type { Tool } from "./tool.ts";
import { WRITE_FILE } from "./write-file.ts";

export const CATALOG: readonly Tool[] = [LIST_FILES, READ_FILE, SEARCH, WRITE_FILE, EDIT_FILE, DELETE_FILE];

/** What the model is shown of them. */
export const TOOLS: readonly ToolSchema[] = CATALOG.map(({ schema }) => schema);

import { type TextFile, WorkspaceError } from "../ports.ts";
import { applyChange } from "./change.ts";
import { refused, type Tool, textOf } from "./tool.ts";

const SHRINK_CHECK_BYTES = 2_000;
const SHRINK_LIMIT = 0.1;
/** What models write where they leave code out (threats F51). */
const LEFT_OUT =
	/^\s*(#|\/\/|\[)?\s*\.{0,3}\s*\[?\(?(the )?(rest|remainder)( of (the|this) (code|file|class|function))?\s*(is |remains |stays )?(unchanged|the same|as before)|\[TRUNCATED|# \.\.\. existing code/im;

export const WRITE_FILE: Tool = {
	schema: {
		name: "write_file",
		description: "Create a text file, or replace it whole.",
		parameters: {
			path: { type: "string", description: "file path" },
			content: { type: "string", description: "the whole file text" },
		},
		required: ["path", "content"],
	},
	async run(given, parts, signal) {
		const path = textOf(given, "path");
		const text = textOf(given, "content");
		if (LEFT_OUT.test(text))
			return refused("left-out", "the text says that something is left out. Send the whole file, or use edit_file.");
		const file = await existing(parts.workspace.read(path, signal));
		if (file === null) return applyChange({ kind: "create", path, text }, "", parts, signal);
		if (file.text === text) return refused("no-change", `${file.path} has this text already.`);
		if (file.sizeBytes > SHRINK_CHECK_BYTES && text.length < file.text.length * SHRINK_LIMIT) {
			return refused("left-out", `this would remove more than 90 % of ${file.path}. Use edit_file.`);
		}
		return applyChange({ kind: "replace", path: file.path, text, expectedHash: file.hash }, file.text, parts, signal);
	},
};

async function existing(reading: Promise<TextFile>): Promise<TextFile | null> {
	try {
		return await reading;
	} catch (error) {
		if (error instanceof WorkspaceError && error.code === "missing") return null;
		throw error;
	}
}

import { fenced } from "../model/fenced.ts";
import type { TextFile } from "../ports.ts";
import { unshown } from "../visible-text.ts";
import { applyChange } from "./change.ts";
import { leftOutLine } from "./left-out.ts";
import { replaceOnce } from "./replace-once.ts";
import { changedFile, readForModel, refused, type Tool, type ToolParts, textOf } from "./tool.ts";

export const EDIT_FILE: Tool = {
	schema: {
		name: "edit_file",
		description: "Replace one piece of a file. old_text must stand in it exactly once.",
		parameters: {
			path: { type: "string", description: "file path" },
			old_text: { type: "string", description: "text to replace, copied from the file" },
			new_text: { type: "string", description: "text in its place" },
		},
		required: ["path", "old_text", "new_text"],
	},
	async run(given, parts, signal) {
		const file = await readForModel(textOf(given, "path"), parts.workspace, signal);
		const newText = unshown(textOf(given, "new_text"), file.text);
		const leftOut = leftOutLine(newText, file.text);
		if (leftOut !== null)
			return refused("left-out", `new_text leaves something out ("${leftOut}"). Send all of its lines.`);
		const edited = replaceOnce(file.text, unshown(textOf(given, "old_text"), file.text), newText);
		if (!edited.ok) return refused(edited.code, `${file.path}: ${edited.message}${afterFailure(file, parts)}`);
		if (edited.text === file.text) return refused("no-change", "old_text and new_text are the same.");
		const result = await applyChange(
			{ kind: "replace", path: file.path, text: edited.text, expectedHash: file.hash },
			file.text,
			parts,
			signal,
		);
		const after = result.ok ? await changedFile(file.path, parts.workspace, signal) : null;
		if (after !== null) parts.seen.edited(file, after);
		return result;
	},
};

/** After two edits that did not fit, the file goes whole: its text as it is now, where it can be shown. */
function afterFailure(file: TextFile, { editFailures, seen, maxResultChars }: ToolParts): string {
	const canGoWhole = file.text.length <= maxResultChars;
	editFailures.failed(file.path, canGoWhole);
	if (!editFailures.tooMany(file.path)) return "";
	const ask = `\n${editFailures.count(file.path)} edits of ${file.path} did not fit. Send the whole file with write_file.`;
	if (!canGoWhole) return `${ask} Read all of it first.`;
	const lines = file.text.split(/\r\n|\n|\r/).length;
	seen.show(file, 1, lines, lines);
	return `${ask} It is now:\n${fenced(file.path, file.text)}`;
}

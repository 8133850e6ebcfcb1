/** Search and replace with a unique match: exact first, then blind to white space at the line's ends and to indentation. */
import { applyChange } from "./change.ts";
import { refused, type Tool, textOf } from "./tool.ts";

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
		const file = await parts.workspace.read(textOf(given, "path"), signal);
		const edited = replaceOnce(file.text, textOf(given, "old_text"), textOf(given, "new_text"));
		if (!edited.ok) return refused(edited.code, `${file.path}: ${edited.message}`);
		if (edited.text === file.text) return refused("no-change", "old_text and new_text are the same.");
		return applyChange(
			{ kind: "replace", path: file.path, text: edited.text, expectedHash: file.hash },
			file.text,
			parts,
			signal,
		);
	},
};

export type Replaced =
	| { readonly ok: true; readonly text: string }
	| { readonly ok: false; readonly code: "no-match" | "many-matches"; readonly message: string };

/** Replaces the one place where `oldText` stands; new lines take the file's line ends. */
export function replaceOnce(text: string, oldText: string, newText: string): Replaced {
	if (oldText.trim() === "")
		return { ok: false, code: "no-match", message: "old_text is empty. Use write_file for a new file." };
	const eol = text.includes("\r\n") ? "\r\n" : "\n";
	const native = (value: string) => value.replaceAll("\r\n", "\n").replaceAll("\n", eol);
	const exact = occurrences(text, native(oldText));
	const [at] = exact;
	if (exact.length === 1 && at !== undefined) {
		return { ok: true, text: text.slice(0, at) + native(newText) + text.slice(at + native(oldText).length) };
	}
	if (exact.length > 1) return many(exact.length);
	return replaceLines(text, eol, linesOf(oldText), linesOf(newText));
}

function replaceLines(text: string, eol: string, oldLines: readonly string[], newLines: readonly string[]): Replaced {
	const lines = text.split(eol);
	const wanted = oldLines.map((line) => line.trim());
	const starts = [...lines.keys()].filter((start) =>
		wanted.every((line, offset) => lines[start + offset]?.trim() === line),
	);
	const [start] = starts;
	if (start === undefined)
		return { ok: false, code: "no-match", message: `old_text does not stand in the file.${nearest(lines, wanted)}` };
	if (starts.length > 1) return many(starts.length);
	const shift = indentOf(lines[start] ?? "");
	const given = indentOf(oldLines[0] ?? "");
	const moved = newLines.map((line) =>
		line.startsWith(given) && line.trim() !== "" ? shift + line.slice(given.length) : line,
	);
	return { ok: true, text: [...lines.slice(0, start), ...moved, ...lines.slice(start + wanted.length)].join(eol) };
}

function nearest(lines: readonly string[], wanted: readonly string[]): string {
	const first = wanted.find((line) => line !== "") ?? "";
	const index = lines.findIndex((line) => line.trim() === first || (first.length > 8 && line.includes(first)));
	if (index < 0) return " Read the file again and copy the text exactly.";
	const shown = lines.slice(index, index + Math.min(wanted.length, 6));
	return ` The nearest place, line ${index + 1}:\n${shown.join("\n")}`;
}

function occurrences(text: string, part: string): readonly number[] {
	const found: number[] = [];
	for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) found.push(at);
	return found;
}

function linesOf(text: string): readonly string[] {
	return text.replaceAll("\r\n", "\n").replace(/^\n+/, "").replace(/\n$/, "").split("\n");
}

function indentOf(line: string): string {
	return line.slice(0, line.length - line.trimStart().length);
}

function many(count: number): Replaced {
	return {
		ok: false,
		code: "many-matches",
		message: `old_text stands in the file ${count} times. Copy more lines around it.`,
	};
}

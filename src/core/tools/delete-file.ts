import { applyChange } from "./change.ts";
import { type Tool, textOf } from "./tool.ts";

export const DELETE_FILE: Tool = {
	schema: {
		name: "delete_file",
		description: "Delete a file.",
		parameters: { path: { type: "string", description: "file path" } },
		required: ["path"],
	},
	async run(given, parts, signal) {
		const file = await parts.workspace.read(textOf(given, "path"), signal);
		return applyChange({ kind: "delete", path: file.path, expectedHash: file.hash }, file.text, parts, signal);
	},
};

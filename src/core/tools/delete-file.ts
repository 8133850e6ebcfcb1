import { applyChange } from "./change.ts";
import { refused, type Tool, textOf } from "./tool.ts";

export const DELETE_FILE: Tool = {
	schema: {
		name: "delete_file",
		description: "Delete a file.",
		parameters: { path: { type: "string", description: "file path" } },
		required: ["path"],
	},
	async run(given, parts, signal) {
		const file = await parts.workspace.read(textOf(given, "path"), signal);
		if (parts.seen.knowledgeOf(file) === "outdated")
			return refused("changed", `${file.path} was changed since you read it. Read it again.`);
		const result = await applyChange(
			{ kind: "delete", path: file.path, expectedHash: file.hash },
			file.text,
			parts,
			signal,
		);
		for (const path of result.files) parts.seen.forget(path);
		return result;
	},
};

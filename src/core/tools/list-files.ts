import { done, type Tool, textOf } from "./tool.ts";

const MAX_FILES = 200;

export const LIST_FILES: Tool = {
	schema: {
		name: "list_files",
		description: "List the files beneath a folder.",
		parameters: { path: { type: "string", description: "folder, . for the project" } },
		required: ["path"],
	},
	async run(given, { workspace }, signal) {
		const { files, truncated } = await workspace.list(textOf(given, "path") || ".", MAX_FILES, signal);
		if (files.length === 0) return done("(no files)");
		return done([...files, ...(truncated ? [`(only the first ${MAX_FILES}; list a folder)`] : [])].join("\n"));
	},
};

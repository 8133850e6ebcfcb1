import { isSecret } from "../policy/protected.ts";
import { done, refused, type Tool, textOf } from "./tool.ts";

const MAX_MATCHES = 40;
const MAX_LINE_CHARS = 200;

export const SEARCH: Tool = {
	schema: {
		name: "search",
		description: "Find lines that hold a text, in all files or beneath a folder.",
		parameters: {
			text: { type: "string", description: "literal text" },
			path: { type: "string", description: "folder" },
		},
		required: ["text"],
	},
	async run(given, { workspace }, signal) {
		const text = textOf(given, "text");
		if (text.trim() === "") return refused("bad-arguments", "text is empty.");
		const { matches, truncated } = await workspace.search(text, textOf(given, "path") || ".", MAX_MATCHES, signal);
		const shown = matches.filter((match) => !isSecret(match.path));
		if (shown.length === 0) return done("(no matches)");
		const lines = shown.map(({ path, line, text: found }) => `${path}:${line}: ${found.slice(0, MAX_LINE_CHARS)}`);
		return done([...lines, ...(truncated ? [`(only the first ${MAX_MATCHES} matches)`] : [])].join("\n"));
	},
};

/** The twelve tool prompts: eight need one call, two need two, two need none. */
import type { FileInPlay } from "../model/protocols/protocol-types.ts";

export interface WantedCall {
	/** Any of these is right. */
	readonly tools: readonly string[];
	readonly path: string;
}

export interface ToolPrompt {
	readonly id: string;
	readonly task: string;
	readonly wanted: readonly WantedCall[];
	readonly filesInPlay: readonly FileInPlay[];
	/** Function that the written file must define, or null where none is written. */
	readonly defines: string | null;
	/** A file that the model has read already: what it was told, before it is asked on. */
	readonly read: { readonly path: string; readonly text: string } | null;
}

const BUGGY = "def double(n):\n    return n + n + 1\n";

export const TOOL_PROMPTS: readonly ToolPrompt[] = [
	one("read", "Read the file src/app.py.", ["read_file"], "src/app.py"),
	one("list", "List the files in the folder tests.", ["list_files"], "tests"),
	one("delete", "Delete the file old.py.", ["delete_file"], "old.py"),
	writes(
		"write",
		"Create the file is_even.py with a function is_even(n) that is true for even numbers.",
		"is_even.py",
		"is_even",
	),
	writes("write-folder", "Create pkg/clamp.py with a function clamp(x, low, high).", "pkg/clamp.py", "clamp"),
	writes(
		"write-quotes",
		"Create quote.py with a function quote(text) that returns the text between double quotes.",
		"quote.py",
		"quote",
	),
	{
		...one(
			"edit",
			`double.py is:\n\`\`\`python\n${BUGGY}\`\`\`\ndouble(2) must be 4. Correct double.py.`,
			[],
			"double.py",
		),
		wanted: [{ tools: ["edit_file", "write_file"], path: "double.py" }],
		filesInPlay: [{ path: "double.py", text: BUGGY }],
		defines: "double",
	},
	{
		...writes(
			"second-turn",
			"Read area.py. Then create circle.py with a function diameter(r).",
			"circle.py",
			"diameter",
		),
		read: { path: "area.py", text: "area.py lines 1-2 of 2\n   1| def area(r):\n   2|     return 3.14159 * r * r" },
	},
	two("read-two", "Read a.py and b.py, both in this answer.", "read_file", "a.py", "b.py"),
	two("list-two", "List the folders src and tests, both in this answer.", "list_files", "src", "tests"),
	none("restraint-fact", "What does the HTTP status 404 mean? Answer in one sentence; no file is needed."),
	none("restraint-thanks", "Thanks, everything is done. Answer with the one word: done."),
];

function one(id: string, task: string, tools: readonly string[], path: string): ToolPrompt {
	return { id, task, wanted: [{ tools, path }], filesInPlay: [], defines: null, read: null };
}

function writes(id: string, task: string, path: string, defines: string): ToolPrompt {
	return { ...one(id, task, ["write_file"], path), filesInPlay: [{ path, text: null }], defines };
}

function two(id: string, task: string, tool: string, first: string, second: string): ToolPrompt {
	const wanted = [first, second].map((path) => ({ tools: [tool], path }));
	return { ...none(id, task), wanted };
}

function none(id: string, task: string): ToolPrompt {
	return { id, task, wanted: [], filesInPlay: [], defines: null, read: null };
}

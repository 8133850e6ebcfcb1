/** The six small tasks of a model's self-test, and what a right answer to each is. Short, so that the slowest machine gets through. */
import { replaceOnce } from "../tools/replace-once.ts";
import type { ChatMessage, ToolCall, ToolProtocol } from "./conversation.ts";
import type { FileInPlay } from "./protocols/protocol-types.ts";
import { outlineOf } from "./python-definitions.ts";

export const SELF_TEST_TASKS = ["write", "read", "second-turn", "edit", "restraint", "list"] as const;
/** What one task looks at. */
export type SelfTestTask = (typeof SELF_TEST_TASKS)[number];

export interface TaskScript {
	readonly messages: readonly ChatMessage[];
	readonly filesInPlay: readonly FileInPlay[];
	/** Names of the tools any of which is right; none: no call is wanted. */
	readonly tools: readonly string[];
	readonly path: string;
	/** Function that the written file must define, or null where none is written. */
	readonly defines: string | null;
	/** Text that must be gone from what is written. */
	readonly gone: string | null;
}

const SYSTEM =
	"You are a coding agent in a Python project. Call a tool where the task needs one; otherwise answer in one sentence.";
const BUGGY = 'def last_n(items, n):\n    """The last n items."""\n    return items[len(items) - n + 1 :]\n';
const SECOND_TASK = "Read area.py. Then create circle.py with a function diameter(r) that returns twice r.";

/** Every task, in the order in which they are asked: the most telling first. */
export const TASK_SCRIPTS: Readonly<Record<SelfTestTask, TaskScript>> = {
	write: {
		...asked("Create the file is_even.py with a function is_even(n) that returns True for even numbers."),
		filesInPlay: [{ path: "is_even.py", text: null }],
		tools: ["write_file"],
		path: "is_even.py",
		defines: "is_even",
	},
	read: { ...asked("Read the file src/app.py."), tools: ["read_file"], path: "src/app.py" },
	"second-turn": {
		...asked(SECOND_TASK),
		messages: [
			...asked(SECOND_TASK).messages,
			{
				role: "assistant",
				content: "",
				toolCalls: [{ id: "call_1", name: "read_file", arguments: { path: "area.py" } }],
			},
			{
				role: "tool",
				content: "area.py lines 1-2 of 2\n   1| def area(r):\n   2|     return 3.14159 * r * r",
				toolName: "read_file",
				toolCallId: "call_1",
			},
		],
		filesInPlay: [{ path: "circle.py", text: null }],
		tools: ["write_file"],
		path: "circle.py",
		defines: "diameter",
	},
	edit: {
		...asked(
			`The file util.py contains:\n\`\`\`python\n${BUGGY}\`\`\`\nlast_n([1, 2, 3], 2) must be [2, 3] but is [3]. Correct util.py.`,
		),
		filesInPlay: [{ path: "util.py", text: BUGGY }],
		tools: ["write_file", "edit_file"],
		path: "util.py",
		defines: "last_n",
		gone: "- n + 1",
	},
	restraint: asked("What does the HTTP status 404 mean? Answer in one sentence; no file is needed."),
	list: { ...asked("List the files in the folder tests."), tools: ["list_files"], path: "tests" },
};

/** The task's messages, an earlier call in them written as the protocol writes it. */
export function messagesOf({ messages }: TaskScript, protocol: ToolProtocol): readonly ChatMessage[] {
	const written = { native: "", schema: '{"tool": "read_file", "path": "area.py"}', text: 'read_file path="area.py"' };
	return messages.map((message) =>
		message.role === "assistant" ? { ...message, content: written[protocol] } : message,
	);
}

/** Whether the text is a whole file with the function that was asked for. */
export function isGoodFile(text: string, { defines, gone }: Pick<TaskScript, "defines" | "gone">): boolean {
	const { definitions, lines } = outlineOf(text);
	const found = definitions.find(({ name }) => name === defines);
	if (found === undefined || (gone !== null && text.includes(gone))) return false;
	return lines.slice(found.start, found.end).some((line) => /(?:^|:)\s+(?:return|raise|yield)\b/.test(line));
}

/** The file as the call would leave it, or null where it would not. */
export function writtenText(
	{ arguments: given }: ToolCall,
	{ filesInPlay }: Pick<TaskScript, "filesInPlay">,
): string | null {
	const { content, old_text: old, new_text: text } = given;
	if (typeof content === "string") return content;
	if (typeof old !== "string" || typeof text !== "string") return null;
	const replaced = replaceOnce(filesInPlay[0]?.text ?? "", old, text);
	return replaced.ok ? replaced.text : null;
}

function asked(task: string): TaskScript {
	return {
		messages: [
			{ role: "system", content: SYSTEM },
			{ role: "user", content: task },
		],
		filesInPlay: [],
		tools: [],
		path: "",
		defines: null,
		gone: null,
	};
}

import { withHiddenCode } from "../model/hidden-code.ts";
import { checkPath } from "../policy/paths.ts";
import { type TextFile, WorkspaceError } from "../ports.ts";
import { unshown } from "../visible-text.ts";
import { applyChange } from "./change.ts";
import { type Completed, lostDefinitions, withDefinitions, withUsedImports } from "./kept-definitions.ts";
import { leftOutLine } from "./left-out.ts";
import { changedFile, refused, type Tool, type ToolParts, type ToolResult, textOf } from "./tool.ts";

const SHRINK_CHECK_BYTES = 2_000;
const SHRINK_LIMIT = 0.1;
const MAX_USES = 100;

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
		const file = await existing(parts.workspace.read(textOf(given, "path"), signal));
		const content = textOf(given, "content");
		const text = withHiddenCode(content, file?.text ?? "");
		const leftOut = leftOutLine(text, file?.text ?? "");
		if (leftOut !== null)
			return refused(
				"left-out",
				`the text leaves something out ("${leftOut}"). Send the whole file, or use edit_file.`,
			);
		const result =
			file === null
				? await create(textOf(given, "path"), text, parts, signal)
				: await replace(file, { text, isPart: text !== content }, parts, signal);
		const [path] = result.files;
		const after = path === undefined ? null : await changedFile(path, parts.workspace, signal);
		if (after !== null) parts.seen.wrote(after);
		return result;
	},
};

function create(given: string, text: string, parts: ToolParts, signal: AbortSignal): Promise<ToolResult> {
	const checked = checkPath(given, parts.workspace.root.replaceAll("\\", "/"));
	if (!checked.ok) throw new WorkspaceError(checked.code, `${checked.why}.`);
	return applyChange({ kind: "create", path: checked.path, text }, "", parts, signal);
}

interface Given {
	readonly text: string;
	/** Whether it left functions as they were shown, without their code: what else it lacks is then left as it was, too. */
	readonly isPart: boolean;
}

async function replace(file: TextFile, given: Given, parts: ToolParts, signal: AbortSignal): Promise<ToolResult> {
	const completed = await complete(file, { ...given, text: unshown(given.text, file.text) }, parts, signal);
	const text = withLineEndsOf(file.text, completed.text);
	if (file.text === text) return refused("no-change", `${file.path} has this text already.`);
	switch (parts.seen.knowledgeOf(file)) {
		case "outdated":
			return refused("changed", `${file.path} was changed since you read it. Read it again.`);
		case "partly":
			return refused("left-out", `you have not read all of ${file.path}. Read the rest first, or use edit_file.`);
		case "never-read":
		case "whole":
	}
	if (file.sizeBytes > SHRINK_CHECK_BYTES && text.length < file.text.length * SHRINK_LIMIT)
		return refused("left-out", `this would remove more than 90 % of ${file.path}. Use edit_file.`);
	const change = { kind: "replace", path: file.path, text, expectedHash: file.hash } as const;
	const result = await applyChange(change, file.text, parts, signal);
	if (!result.ok || completed.kept.length === 0) return result;
	const kept = completed.kept.join(", ");
	return { ...result, content: `${result.content}; your text left out what is still used, so it was kept: ${kept}` };
}

/** A text that is a part of the file, and whose missing rest is still used, is put into it. */
async function complete(
	{ path, text: before }: TextFile,
	{ text, isPart }: Given,
	{ workspace }: ToolParts,
	signal: AbortSignal,
): Promise<Completed> {
	if (!path.endsWith(".py")) return { text, kept: [] };
	const lost = lostDefinitions(before, text);
	for (const name of lost) {
		if (isPart || isWordIn(name, text) || (await isUsedElsewhere(name, path, workspace, signal)))
			return { text: withDefinitions(before, text), kept: lost };
	}
	return withUsedImports(before, text);
}

async function isUsedElsewhere(
	name: string,
	path: string,
	workspace: ToolParts["workspace"],
	signal: AbortSignal,
): Promise<boolean> {
	const { matches } = await workspace.search(name, ".", MAX_USES, signal);
	return matches.some((match) => match.path !== path && match.path.endsWith(".py") && isWordIn(name, match.text));
}

function isWordIn(name: string, text: string): boolean {
	return new RegExp(`\\b${name}\\b`).test(text);
}

/** Models write `\n`; a file that mostly ends its lines otherwise keeps its own. */
function withLineEndsOf(before: string, text: string): string {
	const crLf = before.split("\r\n").length - 1;
	const all = before.split("\n").length - 1;
	return crLf > all - crLf && !text.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text;
}

async function existing(reading: Promise<TextFile>): Promise<TextFile | null> {
	try {
		return await reading;
	} catch (error) {
		if (error instanceof WorkspaceError && error.code === "missing") return null;
		throw error;
	}
}

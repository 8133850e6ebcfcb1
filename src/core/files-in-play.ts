/** The files that a run is about: those that its task names, that it changed, and that the model was shown. */
import type { KnownFile } from "./model/protocol.ts";
import { referencesIn } from "./model/reference-words.ts";
import { checkPath } from "./policy/paths.ts";
import { type Workspace, WorkspaceError } from "./ports.ts";
import { isTestFile, nameOf } from "./probes/inputs.ts";
import type { RunState } from "./run-state.ts";
import { readForModel } from "./tools/tool.ts";

const MAX_FILES = 8;
const MAX_LISTED = 2_000;
const ENDING = String.raw`\.(?:cfg|css|html|ini|js|json|md|py|pyi|rst|toml|txt|ya?ml)`;
const NAMED = new RegExp(String.raw`(?<![\w./-])(?:[\w.-]+/)*[\w-]+${ENDING}\b`, "g");
const NAMEABLE = new RegExp(`${ENDING}$`);

/** Paths that a task names, each once: first those with blanks, which it names as references alone. */
export function pathsNamed(task: string): readonly string[] {
	const quoted = referencesIn(task).flatMap((one) => (one.kind === "file" && /\s/.test(one.path) ? [one] : []));
	const rest = quoted.reduce((text, { words }) => text.replaceAll(words, " "), task);
	const words = rest.split(/\s+/).filter((word) => !word.includes("://"));
	const paths = quoted.map(({ path }) => path).filter((path) => NAMEABLE.test(path));
	return [...new Set([...paths, ...words.flatMap((word) => word.match(NAMED) ?? [])])];
}

/** Files in which tests are, or are set up: no place to look for the fault first. */
export function isTestOrConftest(path: string): boolean {
	return isTestFile(path) || nameOf(path) === "conftest.py";
}

interface FilesContext {
	readonly options: { readonly task: string };
	readonly parts: { readonly workspace: Workspace };
	readonly state: Pick<RunState, "filesChanged" | "seen">;
}

/** With their texts of now. Test files count where the task names them or nothing else is in play. */
export async function filesInPlay(
	{ parts, options, state }: FilesContext,
	signal: AbortSignal,
): Promise<readonly KnownFile[]> {
	const named = await realPaths(pathsNamed(options.task), parts.workspace, signal);
	const touched = [...state.filesChanged, ...state.seen.paths()];
	const code = touched.filter((path) => !isTestOrConftest(path));
	const paths = new Set([...named, ...(code.length > 0 || named.length > 0 ? code : touched)]);
	const { workspace } = parts;
	const files = await Promise.all(
		[...paths].slice(0, MAX_FILES).map((path) => fileOf(path, workspace, state.seen, signal)),
	);
	return files.flatMap((file) => (file === null ? [] : [file]));
}

async function fileOf(
	path: string,
	workspace: Workspace,
	seen: RunState["seen"],
	signal: AbortSignal,
): Promise<KnownFile | null> {
	try {
		const file = await readForModel(path, workspace, signal);
		return { ...file, known: seen.knowledgeOf(file) === "whole" };
	} catch (error) {
		if (!(error instanceof WorkspaceError)) throw error;
		const isNew = error.code === "missing" && checkPath(path, workspace.root.replaceAll("\\", "/")).ok;
		return isNew ? { path, text: null, known: true } : null;
	}
}

/** A name alone means the one file of that name, wherever it is. */
async function realPaths(
	paths: readonly string[],
	workspace: Workspace,
	signal: AbortSignal,
): Promise<readonly string[]> {
	if (paths.length === 0) return [];
	const { files } = await workspace.list(".", MAX_LISTED, signal);
	return paths.map((path) => {
		if (files.includes(path)) return path;
		const [found, second] = files.filter((file) => file.endsWith(`/${path}`));
		return found !== undefined && second === undefined ? found : path;
	});
}

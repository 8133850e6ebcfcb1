/** What a `#` in a task stands for: a file, the selection, the problems, the changes. Their texts go to the model after the task. */
import { type Diagnostic, extensions, l10n, languages, RelativePattern, Uri, window, workspace } from "vscode";
import type { Machine } from "../core/machine.ts";
import {
	FILE_REFERENCE,
	fileReference,
	type Reference,
	referencesIn,
	typedPath,
} from "../core/model/reference-words.ts";
import { referredChanges, referredFile, referredProblems, referredSelection } from "../core/model/references.ts";
import { isSecret } from "../core/policy/protected.ts";
import { WorkspaceError } from "../core/ports.ts";
import type { Completion } from "../protocol.ts";
import { repositoryOf } from "./git.ts";
import { pathWithin } from "./path-within.ts";

type ReadText = Machine["readText"];

const MAX_PROBLEMS = 50;
const MAX_COMPLETIONS = 20;
const NOT_OFFERED = "{**/__pycache__/**,**/node_modules/**,**/.venv/**,**/venv/**,**/.git/**}";

export interface Referred {
	/** For the model; empty where the task refers to nothing. */
	readonly context: string;
	/** References that stand for nothing, in words for the person. */
	readonly missing: readonly string[];
}

/**
 * @param root absolute path of the task's folder: nothing outside of it is read
 * @param readText the machine's: a file is read through the same gate as by a run's tools, links and sizes included
 */
export async function referencesOf(task: string, root: string, readText: ReadText): Promise<Referred> {
	const parts: string[] = [];
	const missing: string[] = [];
	const unique = new Map(referencesIn(task).map((reference) => [reference.words, reference]));
	for (const reference of unique.values()) {
		const text = await textBehind(reference, root, readText);
		if (text === null) missing.push(reference.words);
		else parts.push(text);
	}
	return { context: parts.join("\n\n"), missing };
}

/** What may follow the `#` that was typed. */
export async function completionsFor(typed: string, root: string): Promise<readonly Completion[]> {
	const path = typedPath(typed);
	if (path !== null) return filesLike(path, root);
	const known: readonly Completion[] = [
		{ label: FILE_REFERENCE, detail: l10n.t("a file's text") },
		{ label: "#selection", detail: l10n.t("what is selected in the editor") },
		{ label: "#problems", detail: l10n.t("what stands in Problems") },
		{ label: "#changes", detail: l10n.t("what differs from the last commit") },
	];
	return known.filter(({ label }) => label.startsWith(typed));
}

async function filesLike(part: string, root: string): Promise<readonly Completion[]> {
	const pattern = new RelativePattern(Uri.file(root), `**/*${part.replaceAll(/[*?{}[\]!\\]/g, "")}*`);
	const found = await workspace.findFiles(pattern, NOT_OFFERED, MAX_COMPLETIONS * 5);
	return found
		.map((uri) => uri.path.slice(Uri.file(root).path.length + 1))
		.filter((path) => !isSecret(path))
		.sort((one, other) => one.length - other.length || one.localeCompare(other))
		.slice(0, MAX_COMPLETIONS)
		.map((path) => ({ label: fileReference(path), detail: "" }));
}

async function textBehind(reference: Reference, root: string, readText: ReadText): Promise<string | null> {
	switch (reference.kind) {
		case "file":
			return fileText(reference.path, root, readText);
		case "selection":
			return selectionText(root);
		case "problems":
			return problemsText(root);
		case "changes":
			return changesText(root);
	}
}

async function fileText(path: string, root: string, readText: ReadText): Promise<string | null> {
	if (isSecret(path)) return null;
	try {
		const file = await readText(root, path);
		return isSecret(file.path) ? null : referredFile(file.path, file.text);
	} catch (error) {
		if (error instanceof WorkspaceError) return null;
		throw error;
	}
}

function selectionText(root: string): string | null {
	const editor = window.activeTextEditor ?? window.visibleTextEditors[0];
	if (editor === undefined || editor.selection.isEmpty) return null;
	const path = pathWithin(root, editor.document.uri);
	if (path === null || isSecret(path)) return null;
	const { start, end } = editor.selection;
	return referredSelection(path, start.line + 1, end.line + 1, editor.document.getText(editor.selection));
}

function problemsText(root: string): string | null {
	const lines = languages.getDiagnostics().flatMap(([uri, diagnostics]) => {
		const path = pathWithin(root, uri);
		return path === null ? [] : diagnostics.map((diagnostic) => problemLine(path, diagnostic));
	});
	return lines.length === 0 ? null : referredProblems(lines.slice(0, MAX_PROBLEMS));
}

function problemLine(path: string, { range, message, source }: Diagnostic): string {
	return `${path}:${range.start.line + 1}: ${source ?? ""} ${message.split("\n")[0] ?? ""}`;
}

async function changesText(root: string): Promise<string | null> {
	const diff = await repositoryOf(extensions, root)?.diffWithHead();
	return diff === undefined || diff.trim() === "" ? null : referredChanges(diff);
}

/** Ways to a task from where one is: each writes one into the sidebar's box, to look over and send. */
import { type Diagnostic, extensions, l10n, languages, type Range, Uri, window } from "vscode";
import { FILE_REFERENCE, fileReference, pathInWords } from "../core/model/reference-words.ts";
import { plain } from "../core/plain-text.ts";
import { nameOf } from "./diagnostic.ts";
import type { FolderChoice } from "./folder-choice.ts";
import { repositoryOf } from "./git.ts";
import { placeOf, taskPathsOf, taskPlaceOf } from "./task-place.ts";

export interface TaskStartParts {
	readonly folders: FolderChoice;
	/** Puts a task into the sidebar's box. */
	readonly propose: (task: string) => Promise<void>;
}

/** A quick pick of tasks that people give often. */
export async function fromTemplate({ folders, propose }: TaskStartParts): Promise<void> {
	const active = window.activeTextEditor?.document.uri;
	const path = active === undefined ? undefined : placeOf(active)?.path;
	const templates = [
		{ label: l10n.t("Make the failing tests pass"), detail: l10n.t("Ends when all tests and the lint are green.") },
		{ label: l10n.t("Fix the lint errors"), detail: l10n.t("Ends when all tests and the lint are green.") },
		{
			label: l10n.t("Write tests for {0}", path === undefined ? FILE_REFERENCE : fileReference(path)),
			detail: l10n.t("Choose the file with #file."),
		},
		{ label: l10n.t("Fix what I changed: #changes"), detail: l10n.t("Looks at what differs from the last commit.") },
		{ label: l10n.t("Fix these problems: #problems"), detail: l10n.t("Looks at what stands in Problems.") },
	];
	const chosen = await window.showQuickPick(templates, { title: l10n.t("Jetbox: Task from a Template") });
	if (chosen === undefined) return;
	if (active !== undefined) await folders.chooseFor(active);
	await propose(chosen.label);
}

/**
 * @param uri of the explorer's file or of the editor; undefined: the active editor
 * @param marked files of the explorer; null: not from there, so that what is selected in the editor is meant
 */
export async function fromFile(
	{ folders, propose }: TaskStartParts,
	uri: Uri | undefined,
	marked: readonly Uri[] | null,
): Promise<void> {
	const editor = window.activeTextEditor;
	const file = uri ?? editor?.document.uri;
	if (file === undefined) return;
	const paths = taskPathsOf(marked === null || marked.length < 2 ? [file] : marked);
	await folders.chooseFor(file);
	const isSelected =
		marked === null && editor?.document.uri.toString() === file.toString() && !editor.selection.isEmpty;
	if (isSelected) await propose(l10n.t("Fix this: #selection"));
	else {
		const references = paths.map(fileReference).join(" ");
		await propose(
			paths.length === 1 ? l10n.t("Fix this file: {0}", references) : l10n.t("Fix these files: {0}", references),
		);
	}
}

/** @param problems those that the editor showed the action for; empty: every problem of the file */
export async function fromProblems(
	{ folders, propose }: TaskStartParts,
	uri: Uri,
	problems: readonly Diagnostic[],
): Promise<void> {
	const path = pathInWords(taskPlaceOf(uri).path);
	const meant = problems.length > 0 ? problems : languages.getDiagnostics(uri).filter(isOurs);
	if (meant.length === 0) {
		void window.showInformationMessage(l10n.t("{0}: Jetbox has no problem to show in this file.", plain(path)));
		return;
	}
	await folders.chooseFor(uri);
	const lines = meant.map((problem) => problemLine(path, problem));
	const head = lines.length === 1 ? l10n.t("Fix this problem:") : l10n.t("Fix these problems in {0}:", path);
	await propose([head, ...lines].join("\n"));
}

/** @param test id and label of the Testing view's item, as its menu hands it over */
export async function fromTest({ folders, propose }: TaskStartParts, test: unknown): Promise<void> {
	const { uri, label } = testOf(test);
	const where = uri === null ? "" : ` ${fileReference(taskPlaceOf(uri).path)}`;
	if (uri !== null) await folders.chooseFor(uri);
	await propose(`${l10n.t("Make the test {0} pass", label)}${where}`);
}

/** @param repository whose menu it is, in the source control view; null: of the chosen folder */
export async function fromChanges({ folders, propose }: TaskStartParts, repository: Uri | null): Promise<void> {
	if (repository !== null) await folders.chooseIn(repository);
	if (repositoryOf(extensions, folders.root) === null) {
		void window.showInformationMessage(l10n.t("This folder is no git repository, or git is switched off."));
		return;
	}
	await propose(l10n.t("Fix what I changed: #changes"));
}

/** Whether Jetbox made the problem. */
function isOurs({ source }: Diagnostic): boolean {
	return source?.startsWith("Jetbox ") === true;
}

/** The problems of a document that touch a range. */
export function problemsAt(uri: Uri, range: Range): readonly Diagnostic[] {
	return languages.getDiagnostics(uri).filter((problem) => isOurs(problem) && problem.range.intersection(range));
}

/** @param path in words */
function problemLine(path: string, problem: Diagnostic): string {
	return `- ${path}:${problem.range.start.line + 1} ${nameOf(problem)} ${problem.message.split("\n")[0] ?? ""}`;
}

function testOf(test: unknown): { readonly uri: Uri | null; readonly label: string } {
	if (typeof test !== "object" || test === null) return { uri: null, label: "" };
	const item: unknown = "test" in test ? test.test : test;
	if (typeof item !== "object" || item === null) return { uri: null, label: "" };
	const uri = "uri" in item && item.uri instanceof Uri ? item.uri : null;
	const label = "label" in item && typeof item.label === "string" ? item.label : "";
	return { uri, label };
}

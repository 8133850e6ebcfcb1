/** Quick fixes on Jetbox's own problems: each writes a task into the sidebar's box. Never preferred, as a model's answer is no sure fix. */
import {
	CodeAction,
	CodeActionKind,
	type CodeActionProvider,
	l10n,
	type Range,
	type TextDocument,
	type Uri,
} from "vscode";
import { COMMANDS } from "./ids.ts";
import { problemsAt } from "./task-starts.ts";

/** For `languages.registerCodeActionsProvider`. @param isRunning nothing is offered while a task is */
export function problemActions(isRunning: () => boolean): CodeActionProvider {
	return {
		provideCodeActions({ uri }: TextDocument, range: Range): CodeAction[] {
			const problems = isRunning() ? [] : problemsAt(uri, range);
			if (problems.length === 0) return [];
			const one = actionOf(l10n.t("Fix with Jetbox"), COMMANDS.fixProblems, [uri, range]);
			const all = actionOf(l10n.t("Fix All Jetbox Problems in File"), COMMANDS.fixFile, [uri]);
			for (const action of [one, all]) action.diagnostics = [...problems];
			return [one, all];
		},
	};
}

function actionOf(title: string, command: string, given: readonly (Uri | Range)[]): CodeAction {
	const action = new CodeAction(title, CodeActionKind.QuickFix);
	action.command = { title, command, arguments: [...given] };
	return action;
}

/** The question about a change: a dialog over its diff, and one beside it for those who read the diff first. Only its own yes is one. */
import { CancellationTokenSource, l10n, type QuickPickItem, window } from "vscode";
import { linesOutOfSight } from "../core/blanks.ts";
import { orAborted } from "../core/or-aborted.ts";
import type { ApprovalRequest } from "../core/ports.ts";
import { visible } from "../core/visible-text.ts";
import { told } from "./told.ts";

const MAX_LINES = 3;
const MAX_LINE_CHARS = 300;

export type ChangeAnswer = "approved" | "refused";

/** While it stands, nothing behind it can be scrolled or reached. @returns `look`: the diff first @throws the signal's reason */
export async function askOverDiff(request: ApprovalRequest, signal: AbortSignal): Promise<ChangeAnswer | "look"> {
	const { change, before, why } = request;
	const [question, allow] = wordsOf(change);
	const look = l10n.t("Look First");
	const after = change.kind === "delete" ? "" : change.text;
	const answer = await orAborted(
		window.showWarningMessage(
			question,
			{
				modal: true,
				detail: [
					l10n.t("Asked because {0}.", visible(told(why))),
					l10n.t(
						"{0} characters before, {1} after; the difference stands in the editor behind this question.",
						before.length,
						after.length,
					),
					...outOfSight(before, after),
				].join("\n"),
			},
			allow,
			look,
			l10n.t("Refuse"),
		),
		signal,
	);
	if (answer === look) return "look";
	return answer === allow ? "approved" : "refused";
}

/**
 * The same question while the diff is read: it goes with the signal, and stays where the focus goes elsewhere.
 * @returns null: it was closed, by Escape or by another list that took its place
 * @throws the signal's reason
 */
export async function askBesideDiff({ change }: ApprovalRequest, signal: AbortSignal): Promise<ChangeAnswer | null> {
	signal.throwIfAborted();
	const [title, allow] = wordsOf(change);
	// The first is the careful one: a press of Enter too many applies nothing.
	const choices: readonly AnswerItem[] = [
		{ label: l10n.t("Refuse"), answer: "refused" },
		{ label: allow, answer: "approved" },
	];
	const closing = new CancellationTokenSource();
	try {
		const placeHolder = l10n.t(
			"The change stands in the editor, to scroll and read. Escape goes back to the question.",
		);
		const picked = window.showQuickPick(choices, { title, placeHolder, ignoreFocusOut: true }, closing.token);
		return (await orAborted(picked, signal))?.answer ?? null;
	} finally {
		closing.cancel();
		closing.dispose();
	}
}

interface AnswerItem extends QuickPickItem {
	readonly answer: ChangeAnswer;
}

function wordsOf(change: ApprovalRequest["change"]): readonly [question: string, allow: string] {
	const path = visible(change.path);
	switch (change.kind) {
		case "create":
			return [l10n.t("Jetbox: create {0}?", path), l10n.t("Create")];
		case "replace":
			return [l10n.t("Jetbox: change {0}?", path), l10n.t("Apply")];
		case "delete":
			return [l10n.t("Jetbox: delete {0}?", path), l10n.t("Delete")];
	}
}

/** The first of the lines whose text the editor shows far to the right, if there are any. */
function outOfSight(before: string, after: string): readonly string[] {
	const lines = linesOutOfSight(before, after);
	const shown = lines.slice(0, MAX_LINES).map((line) => visible(line).slice(0, MAX_LINE_CHARS));
	return lines.length === 0
		? []
		: [l10n.t("Text out of sight, behind many blanks, in new lines ({0}):", lines.length), ...shown];
}

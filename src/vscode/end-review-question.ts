/** The words of the review at the end of a run. */
import { l10n, window } from "vscode";
import type { ReviewAnswer } from "./end-review.ts";

/** @param isBlocking a new run waits for the answer; null then means that it does not begin */
export async function askEndReview(files: number, isBlocking: boolean): Promise<ReviewAnswer> {
	const keep = l10n.t("Keep All");
	const undo = l10n.t("Undo All");
	const question = isBlocking
		? l10n.t("The changes of the last run wait for your review (files: {0}). Keep them before a new run begins?", files)
		: l10n.t("Jetbox: files that the run changed: {0}. Keep the changes?", files);
	const answer = isBlocking
		? await window.showWarningMessage(question, { modal: true }, keep, undo)
		: await window.showInformationMessage(question, keep, undo);
	if (answer === keep) return "keep";
	return answer === undo ? "undo" : null;
}

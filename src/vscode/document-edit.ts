/** A new text for a document, as the smallest edit: cursors and folds elsewhere stay. */
import { Range, type TextDocument } from "vscode";

/** @param text its line ends become the document's own, as the editor would store them */
export function editTo(document: TextDocument, text: string): { readonly range: Range; readonly text: string } {
	const before = document.getText();
	const after = text.replaceAll("\r\n", "\n").replaceAll("\n", before.includes("\r\n") ? "\r\n" : "\n");
	const [start, endBefore, endAfter] = changedRange(before, after);
	return {
		range: new Range(document.positionAt(start), document.positionAt(endBefore)),
		text: after.slice(start, endAfter),
	};
}

/** Without the common beginning and end. */
function changedRange(before: string, after: string): readonly [start: number, endBefore: number, endAfter: number] {
	const shorter = Math.min(before.length, after.length);
	let start = 0;
	while (start < shorter && before[start] === after[start]) start += 1;
	let tail = 0;
	while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
	return [start, before.length - tail, after.length - tail];
}

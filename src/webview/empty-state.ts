/** What stands in the way of a run, and the buttons that get past it. */
import type { EmptyState, ViewAction } from "../protocol.ts";
import { button, el, slot } from "./dom.ts";
import { visible, visibleLine } from "./format.ts";

interface Words {
	readonly title: string;
	readonly text: string;
	readonly actions: readonly (readonly [ViewAction, string])[];
}

export function emptyStateView(act: (action: ViewAction) => void): {
	readonly node: HTMLElement;
	update(empty: EmptyState): void;
} {
	const node = el("section", { class: "empty-state", "aria-label": "Setup" });
	const fill = slot(node);
	return {
		node,
		update(empty) {
			const words = wordsOf(empty);
			node.hidden = words === null;
			fill([empty.kind, words?.title, words?.text], () => {
				if (words === null) return [];
				const buttons = words.actions.map(([action, label], index) =>
					button(label, index === 0 ? "primary" : "secondary", () => act(action)),
				);
				return [el("h2", {}, words.title), el("p", {}, words.text), el("div", { class: "actions" }, ...buttons)];
			});
		},
	};
}

/** Without these there is nothing a task could do. */
export function allowsRun({ kind }: EmptyState): boolean {
	return kind === "ready" || kind === "no-pytest";
}

function wordsOf(empty: EmptyState): Words | null {
	switch (empty.kind) {
		case "ready":
			return null;
		case "no-folder":
			return {
				title: "No folder open",
				text: "Jetbox works on a Python project. Open its folder to begin.",
				actions: [["open-folder", "Open Folder"]],
			};
		case "untrusted":
			return {
				title: "Restricted mode",
				text: "Jetbox runs this folder's tests, which is running its code. Trust the workspace first.",
				actions: [["retry", "Check Again"]],
			};
		case "no-server":
			return {
				title: "No model server",
				text: `Nothing answers at ${visibleLine(empty.server)}. ${visible(empty.fix)}`,
				actions: [
					["retry", "Try Again"],
					["use-practice-model", "Use Practice Model"],
					["check-setup", "Check Setup"],
				],
			};
		case "no-model":
			return {
				title: "No usable model",
				text: visible(empty.fix),
				actions: [
					["retry", "Try Again"],
					["select-model", "Select Model"],
					["use-practice-model", "Use Practice Model"],
				],
			};
		case "no-pytest":
			return {
				title: "pytest cannot run",
				text: visible(empty.fix),
				actions: [
					["retry", "Try Again"],
					["check-setup", "Check Setup"],
				],
			};
	}
}

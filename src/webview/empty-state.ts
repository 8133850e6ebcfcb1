/** What stands in the way of a run, and the buttons that get past it. */
import type { EmptyState, ViewAction } from "../protocol.ts";
import { button, el, slot } from "./dom.ts";
import { visible, visibleLine } from "./format.ts";
import { t, told } from "./words.ts";

interface Way {
	readonly title: string;
	readonly text: string;
	readonly actions: readonly (readonly [ViewAction, string])[];
}

export function emptyStateView(act: (action: ViewAction) => void): {
	readonly node: HTMLElement;
	update(empty: EmptyState): void;
} {
	const node = el("section", { class: "empty-state", "aria-label": t("Setup") });
	const fill = slot(node);
	return {
		node,
		update(empty) {
			const way = wayOut(empty);
			node.hidden = way === null;
			fill([empty.kind, way?.title, way?.text, way?.actions.length], () => {
				if (way === null) return [];
				const buttons = way.actions.map(([action, label], index) =>
					button(label, index === 0 && !allowsRun(empty) ? "primary" : "secondary", () => act(action)),
				);
				return [el("h2", {}, way.title), el("p", {}, way.text), el("div", { class: "actions" }, ...buttons)];
			});
		},
	};
}

/** Without these there is nothing a task could do. */
export function allowsRun({ kind }: EmptyState): boolean {
	switch (kind) {
		case "no-folder":
		case "virtual":
		case "untrusted":
		case "no-server":
		case "no-model":
			return false;
		case "no-pytest":
		case "no-python-files":
		case "no-tests":
		case "no-runs":
		case "ready":
			return true;
	}
}

function wayOut(empty: EmptyState): Way | null {
	switch (empty.kind) {
		case "ready":
			return null;
		case "no-folder":
			return {
				title: t("No folder open"),
				text: t(
					"Jetbox works on a Python project. Open its folder, or try a small sample project in a temporary folder.",
				),
				actions: [
					["open-folder", t("Open Folder")],
					["sample-project", t("Try the Sample Project")],
				],
			};
		case "virtual":
			return {
				title: t("Virtual workspace"),
				text: t(
					"Jetbox runs ruff and pytest on the folder's files, so these must be on this machine's disk. Clone the project and open that folder.",
				),
				actions: [
					["clone", t("Clone Repository")],
					["open-folder", t("Open Folder")],
				],
			};
		case "no-python-files":
			return {
				title: t("No Python files"),
				text: t("Jetbox lints and tests Python. Ask for the first file in a task, or open another folder."),
				actions: [
					["templates", t("Templates")],
					["open-folder", t("Open Folder")],
					["sample-project", t("Try the Sample Project")],
				],
			};
		case "no-tests":
			return {
				title: t("No tests yet"),
				text: t(
					"pytest found no tests here, so nothing shows that the code works. Have some written: choose the template and the file.",
				),
				actions: [
					["templates", t("Templates")],
					["probe", t("Probe now")],
				],
			};
		case "no-runs":
			return {
				title: t("No task was run here yet"),
				text: t("Write one below, or take a template. What it changes can be taken back as one."),
				actions: [
					...(empty.inSample ? [] : [["sample-project", t("Try the Sample Project")] as const]),
					["check-setup", t("Check Setup")],
				],
			};
		case "untrusted":
			return {
				title: t("Restricted mode"),
				text: t("Jetbox runs this folder's tests, which is running its code. Trust the workspace first."),
				actions: [
					["retry", t("Check Again")],
					["manage-trust", t("Manage Trust")],
				],
			};
		case "no-server":
			return {
				title: t("No model server"),
				text: `${t("Nothing answers at {0}.", visibleLine(empty.server))} ${visible(told(empty.fix))}`,
				actions: [
					["retry", t("Try Again")],
					["use-practice-model", t("Use Practice Model")],
					["check-setup", t("Check Setup")],
				],
			};
		case "no-model":
			return {
				title: t("No usable model"),
				text: visible(told(empty.fix)),
				actions: [
					["retry", t("Try Again")],
					["select-model", t("Select Model")],
					["use-practice-model", t("Use Practice Model")],
				],
			};
		case "no-pytest":
			return {
				title: t("pytest cannot run"),
				text: visible(told(empty.fix)),
				actions: [
					["retry", t("Try Again")],
					["check-setup", t("Check Setup")],
				],
			};
	}
}

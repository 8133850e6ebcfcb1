/** Asks for the task, and remembers the last ones. */
import { l10n, type Memento, window } from "vscode";
import type { RunMode } from "../core/run-mode.ts";

const KEY = "jetbox.tasks";
const REMEMBERED = 10;

/** @returns the task, or null when the box was left */
export function askTask(memory: Memento, mode: RunMode): Promise<string | null> {
	return new Promise((resolve) => {
		const box = window.createQuickPick();
		const known = rememberedTasks(memory);
		const ideas = [l10n.t("Make the failing tests pass"), l10n.t("Fix the lint errors")];
		const show = () => {
			const typed = box.value.trim();
			const labels = [...(typed === "" ? [] : [typed]), ...known, ...ideas.filter((idea) => !known.includes(idea))];
			box.items = [...new Set(labels)].map((label) => ({ label, alwaysShow: label === typed }));
		};
		box.title = mode === "plan" ? l10n.t("Jetbox: Plan Task") : l10n.t("Jetbox: Run Task");
		box.placeholder = l10n.t("What should be done? For example: Make the failing tests pass");
		box.onDidChangeValue(show);
		box.onDidAccept(() => {
			resolve(box.value.trim() || (box.activeItems[0]?.label ?? null));
			box.hide();
		});
		box.onDidHide(() => {
			resolve(null);
			box.dispose();
		});
		show();
		box.show();
	});
}

export async function rememberTask(memory: Memento, task: string): Promise<void> {
	await memory.update(KEY, [task, ...rememberedTasks(memory).filter((known) => known !== task)].slice(0, REMEMBERED));
}

export function rememberedTasks(memory: Memento): readonly string[] {
	const value: unknown = memory.get(KEY);
	return Array.isArray(value) ? value.filter((task) => typeof task === "string") : [];
}

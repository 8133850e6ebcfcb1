/** Asks for the task, and remembers the last ones. */
import { type Memento, window } from "vscode";

const KEY = "jetbox.tasks";
const REMEMBERED = 10;
const FIRST_IDEAS = ["Make the failing tests pass", "Fix the lint errors"] as const;

/** @returns the task, or null when the box was left */
export function askTask(memory: Memento): Promise<string | null> {
	return new Promise((resolve) => {
		const box = window.createQuickPick();
		const known = rememberedTasks(memory);
		const show = () => {
			const typed = box.value.trim();
			const labels = [
				...(typed === "" ? [] : [typed]),
				...known,
				...FIRST_IDEAS.filter((idea) => !known.includes(idea)),
			];
			box.items = [...new Set(labels)].map((label) => ({ label, alwaysShow: label === typed }));
		};
		box.title = "Jetbox: Run Task";
		box.placeholder = "What should be done? For example: Make the failing tests pass";
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

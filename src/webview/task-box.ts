/** Where a task is typed, sent, and stopped; the model's name opens its choice. */
import type { RunMode } from "../core/run-mode.ts";
import type { Completion } from "../protocol.ts";
import { completions } from "./completions.ts";
import { button, el, setText } from "./dom.ts";
import { visibleLine } from "./format.ts";
import { t } from "./words.ts";

const MAX_TASK_CHARS = 20_000;

export interface TaskBoxState {
	readonly running: boolean;
	readonly mayRun: boolean;
	readonly model: string | null;
	readonly folder: string | null;
}

export interface TaskBox {
	readonly node: HTMLElement;
	update(state: TaskBoxState): void;
	/** Fills the box unless something is typed in it. */
	offer(task: string): void;
	/** Puts the task there, with the focus on it. */
	put(task: string): void;
	complete(text: string, items: readonly Completion[]): void;
}

export interface TaskBoxActions {
	readonly run: (task: string, mode: RunMode) => void;
	readonly stop: () => void;
	readonly selectModel: () => void;
	readonly chooseFolder: () => void;
	readonly templates: () => void;
	readonly draft: (text: string) => void;
	readonly askCompletions: (text: string) => void;
}

export function taskBox(draft: string, on: TaskBoxActions): TaskBox {
	const text = el("textarea", {
		id: "task",
		rows: "3",
		maxlength: String(MAX_TASK_CHARS),
		placeholder: t("Make the failing tests pass"),
		"aria-describedby": "task-hint task-problem",
	});
	text.value = draft;
	const problem = el("p", { id: "task-problem", class: "problem", role: "alert" });
	const run = button(t("Run"), "primary run", () => (state.running ? on.stop() : start()));
	const model = button("", "link model", on.selectModel);
	const folder = button("", "link folder", on.chooseFolder);
	const templates = button(t("Templates"), "link templates", on.templates);
	const plan = el("input", { type: "checkbox", id: "plan" });
	const keys = navigator.platform.startsWith("Mac") ? "⌘ Enter" : "Ctrl+Enter";
	const hint = el("span", { id: "task-hint", class: "quiet hint" }, t("{0} runs, # refers to files", keys));
	let state: TaskBoxState = { running: false, mayRun: false, model: null, folder: null };
	const references = completions(text, on.askCompletions, () => on.draft(text.value));

	const complain = (words: string) => {
		setText(problem, words);
		text.setAttribute("aria-invalid", String(words !== ""));
	};
	const start = () => {
		if (state.running) return complain(t("A run is on. Stop it first."));
		if (!state.mayRun) return complain(t("The setup above comes first."));
		if (text.value.trim() === "") {
			complain(t("Write what should be done."));
			text.focus();
			return;
		}
		complain("");
		references.close();
		on.run(text.value, plan.checked ? "plan" : "edit");
	};
	text.addEventListener("input", () => {
		complain("");
		on.draft(text.value);
		references.look();
	});
	text.addEventListener("blur", () => references.close());
	text.addEventListener("keydown", (event) => {
		if (event.isComposing) return;
		if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
			event.preventDefault();
			start();
			return;
		}
		const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
		if (!hasModifier && references.onKey(event.key)) event.preventDefault();
	});
	const planLabel = el("label", { for: "plan", class: "plan" }, plan, t("Plan only"));
	planLabel.title = t("The model reads and answers; it is offered no tool that changes anything.");
	const node = el(
		"section",
		{ class: "task", "aria-label": t("Task") },
		el("label", { for: "task" }, t("Task")),
		el("div", { class: "task-text" }, text, references.node),
		references.announcer,
		problem,
		el("div", { class: "task-row" }, run, planLabel, hint),
		el("div", { class: "task-row" }, model, folder, templates),
	);
	return {
		node,
		update(next) {
			if (next.running !== state.running) complain("");
			state = next;
			setText(run, next.running ? t("Stop") : t("Run"));
			run.className = next.running ? "secondary run" : "primary run";
			run.disabled = !next.running && !next.mayRun;
			plan.disabled = next.running;
			templates.disabled = next.running;
			const name = next.model === null ? t("Select model") : visibleLine(next.model, 80);
			setText(model, name);
			model.setAttribute("aria-label", next.model === null ? name : t("Model {0}, change", name));
			model.disabled = next.running;
			folder.hidden = next.folder === null;
			folder.disabled = next.running;
			if (next.folder !== null) setText(folder, t("in {0}", visibleLine(next.folder, 80)));
		},
		offer(task) {
			if (text.value === "") text.value = task.slice(0, MAX_TASK_CHARS);
		},
		put(task) {
			text.value = task.slice(0, MAX_TASK_CHARS);
			on.draft(text.value);
			text.focus();
		},
		complete: (asked, items) => references.offer(asked, items),
	};
}

/** The task and its one button: Run, or Stop while a run is on. */
import { button, el, setText } from "./dom.ts";
import { visibleLine } from "./format.ts";

const MAX_TASK_CHARS = 20_000;

export interface TaskBoxState {
	readonly running: boolean;
	readonly mayRun: boolean;
	readonly model: string | null;
}

export interface TaskBox {
	readonly node: HTMLElement;
	update(state: TaskBoxState): void;
	/** Fills the box unless something is typed in it. */
	offer(task: string): void;
}

export function taskBox(
	draft: string,
	on: { run(task: string): void; stop(): void; selectModel(): void; draft(text: string): void },
): TaskBox {
	const text = el("textarea", {
		id: "task",
		rows: "3",
		maxlength: String(MAX_TASK_CHARS),
		placeholder: "Make the failing tests pass",
		"aria-describedby": "task-hint task-problem",
	});
	text.value = draft;
	const problem = el("p", { id: "task-problem", class: "problem", role: "alert" });
	const run = button("Run", "primary run", () => (state.running ? on.stop() : start()));
	const model = button("", "link model", on.selectModel);
	const keys = navigator.platform.startsWith("Mac") ? "⌘ Enter" : "Ctrl+Enter";
	const hint = el("span", { id: "task-hint", class: "quiet hint" }, `${keys} runs`);
	let state: TaskBoxState = { running: false, mayRun: false, model: null };

	const complain = (words: string) => {
		setText(problem, words);
		text.setAttribute("aria-invalid", String(words !== ""));
	};
	const start = () => {
		if (state.running) return complain("A run is on. Stop it first.");
		if (!state.mayRun) return complain("The setup above comes first.");
		if (text.value.trim() === "") {
			complain("Write what should be done.");
			text.focus();
			return;
		}
		complain("");
		on.run(text.value);
	};
	text.addEventListener("input", () => {
		complain("");
		on.draft(text.value);
	});
	text.addEventListener("keydown", (event) => {
		if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
		event.preventDefault();
		start();
	});
	const node = el(
		"section",
		{ class: "task", "aria-label": "Task" },
		el("label", { for: "task" }, "Task"),
		text,
		problem,
		el("div", { class: "task-row" }, run, hint, model),
	);
	return {
		node,
		update(next) {
			if (next.running !== state.running) complain("");
			state = next;
			setText(run, next.running ? "Stop" : "Run");
			run.className = next.running ? "secondary run" : "primary run";
			run.disabled = !next.running && !next.mayRun;
			const name = next.model === null ? "Select model" : visibleLine(next.model, 80);
			setText(model, name);
			model.setAttribute("aria-label", next.model === null ? name : `Model ${name}, change`);
			model.disabled = next.running;
		},
		offer(task) {
			if (text.value === "") text.value = task.slice(0, MAX_TASK_CHARS);
		},
	};
}

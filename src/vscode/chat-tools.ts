/** Jetbox's probe loop for the editor's own chat: registered only while the person's setting allows it, each call after a yes. */
import {
	type CancellationToken,
	Disposable,
	LanguageModelTextPart,
	type LanguageModelTool,
	type LanguageModelToolInvocationOptions,
	type LanguageModelToolInvocationPrepareOptions,
	LanguageModelToolResult,
	l10n,
	lm,
	type PreparedToolInvocation,
} from "vscode";
import type { Outcome } from "../core/events.ts";
import { failureAnswer, outcomeAnswer, RUN_AT_WORK, RUN_NOT_BEGUN } from "../core/model/chat-answers.ts";
import { probeMessage } from "../core/model/feedback.ts";
import { plain } from "../core/plain-text.ts";
import { CHAT_TOOLS } from "./ids.ts";
import type { RunController } from "./run-controller.ts";
import { onSettingsChanged, readSettings } from "./settings.ts";

/** The first of a conversation: there is no probe before it to compare with. */
const FIRST = 1;
const MAX_TASK_CHARS = 2_000;

export interface ChatToolParts {
	readonly controller: Pick<RunController, "probeToItsEnd" | "stop" | "running" | "timeline" | "root">;
	/** Runs a task to its end; null where a question was left. @throws UserError */
	readonly runTask: (task: string) => Promise<Outcome | null>;
	/** The person uses Jetbox in this window. */
	readonly onUse: () => void;
}

/** Registers and withdraws the tools as the setting says. */
export function registerChatTools(parts: ChatToolParts): Disposable {
	let registered: Disposable | null = null;
	let allowed: readonly string[] = [];
	const follow = () => {
		const wanted = toolsAllowed();
		if (wanted.join() === allowed.join()) return;
		registered?.dispose();
		allowed = wanted;
		const tools = { [CHAT_TOOLS.probe]: new ProbeTool(parts), [CHAT_TOOLS.run]: new RunTool(parts) };
		registered = Disposable.from(
			...Object.entries(tools)
				.filter(([name]) => wanted.includes(name))
				.map(([name, tool]) => lm.registerTool<unknown>(name, tool)),
		);
	};
	// The window's start does not wait for it.
	const first = setImmediate(follow);
	const subscription = onSettingsChanged(follow);
	return new Disposable(() => {
		clearImmediate(first);
		subscription.dispose();
		registered?.dispose();
	});
}

function toolsAllowed(): readonly string[] {
	switch (readSettings(null).chatTools) {
		case "off":
			return [];
		case "probe":
			return [CHAT_TOOLS.probe];
		case "run":
			return [CHAT_TOOLS.probe, CHAT_TOOLS.run];
	}
}

/** Fresh lint and test state, as a run's own model is told it. */
export class ProbeTool implements LanguageModelTool<unknown> {
	constructor(private readonly parts: ChatToolParts) {}

	prepareInvocation(): PreparedToolInvocation {
		return {
			invocationMessage: l10n.t("Running lint and tests"),
			confirmationMessages: {
				title: l10n.t("Run lint and tests with Jetbox?"),
				message: l10n.t("Running tests is running the code of {0}.", plain(this.parts.controller.root)),
			},
		};
	}

	async invoke(_options: unknown, token: CancellationToken): Promise<LanguageModelToolResult> {
		const { controller, onUse } = this.parts;
		onUse();
		if (controller.running) return answer(RUN_AT_WORK);
		return answered(async () => {
			const given = new AbortController();
			const cancelling = token.onCancellationRequested(() => {
				given.abort();
				void controller.stop();
			});
			const probed = await controller.probeToItsEnd(given.signal).finally(() => cancelling.dispose());
			return probed === null ? RUN_AT_WORK : probeMessage(FIRST, probed.verdict, probed.report);
		});
	}
}

/** A task from beginning to end, after a yes to its words. */
export class RunTool implements LanguageModelTool<unknown> {
	constructor(private readonly parts: ChatToolParts) {}

	prepareInvocation({ input }: LanguageModelToolInvocationPrepareOptions<unknown>): PreparedToolInvocation {
		const task = taskIn(input);
		return {
			invocationMessage: l10n.t("Jetbox works on the task"),
			confirmationMessages: {
				title: l10n.t("Run this task with Jetbox?"),
				message: [
					plain(task),
					l10n.t(
						"A local model changes files in {0}; Undo Last Run takes them back.",
						plain(this.parts.controller.root),
					),
				].join("\n\n"),
			},
		};
	}

	async invoke(
		{ input }: LanguageModelToolInvocationOptions<unknown>,
		token: CancellationToken,
	): Promise<LanguageModelToolResult> {
		const { controller, runTask, onUse } = this.parts;
		onUse();
		const task = taskIn(input);
		if (controller.running) return answer(RUN_AT_WORK);
		return answered(async () => {
			const cancelling = token.onCancellationRequested(() => void controller.stop());
			const outcome = await runTask(task).finally(() => cancelling.dispose());
			return outcome === null ? RUN_NOT_BEGUN : outcomeAnswer(outcome, controller.timeline);
		});
	}
}

/** @throws Error for an input without a task; the editor has held it against the tool's schema */
function taskIn(input: unknown): string {
	const task = typeof input === "object" && input !== null && "task" in input ? input.task : null;
	if (typeof task !== "string" || task.trim() === "" || task.length > MAX_TASK_CHARS)
		throw new Error(`The task must be a text of 1 to ${MAX_TASK_CHARS} characters.`);
	return task.trim();
}

/** A failure that names its fix is an answer; every other is the editor's to show. */
async function answered(work: () => Promise<string>): Promise<LanguageModelToolResult> {
	try {
		return answer(await work());
	} catch (error) {
		const words = failureAnswer(error);
		if (words === null) throw error;
		return answer(words);
	}
}

function answer(text: string): LanguageModelToolResult {
	return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
}

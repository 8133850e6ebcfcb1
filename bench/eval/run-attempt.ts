/** One attempt: a fresh copy of the task, the system in it, the judge after it, and nothing left behind. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Attempt } from "./attempt.ts";
import { BASELINES, runBaseline } from "./baseline-attempt.ts";
import { type Ran, runJetbox } from "./jetbox-attempt.ts";
import { judge } from "./judge.ts";
import type { EvalOptions } from "./options.ts";
import type { Planned } from "./plan.ts";
import { optionsOfSetting } from "./settings.ts";
import { layOut } from "./tasks.ts";

/**
 * Runs and judges it.
 * @throws Error when the system ended without saying how; AbortError
 */
export async function runAttempt(planned: Planned, options: EvalOptions, signal: AbortSignal): Promise<Attempt> {
	const { system, setting, model, task, repeat } = planned;
	const folder = mkdtempSync(join(tmpdir(), "jetbox-eval-"));
	const workspace = join(folder, task.name);
	try {
		mkdirSync(workspace);
		layOut(task, ["project"], workspace);
		await unload(model, options.server);
		const startedAt = new Date().toISOString();
		const ran = await runSystem(planned, workspace, options, signal);
		const judgement = await judge(task, workspace, options.tools);
		const { label, maxMinutes } = options;
		const { name, kind } = task;
		return { system, setting, model, task: name, kind, repeat, startedAt, label, maxMinutes, ...ran, ...judgement };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** So that everyone pays one load: the options of the one before are not those of the next. Without a name there is nothing to unload. */
async function unload(model: string, server: string): Promise<void> {
	if (model === "auto") return;
	await fetch(`${server}/api/generate`, { method: "POST", body: JSON.stringify({ model, keep_alive: 0 }) });
}

/** Such as `jetbox no-cache qwen2.5-coder:1.5b fix-wrap #1`. */
export function labelOf({ system, setting, model, task, repeat }: Planned): string {
	return `${system}${setting === "default" ? "" : ` ${setting}`} ${model} ${task.name} #${repeat}`;
}

function runSystem(planned: Planned, workspace: string, options: EvalOptions, signal: AbortSignal): Promise<Ran> {
	const { system, setting, model, task } = planned;
	const { root, server, venv, tools, maxRounds, maxMinutes } = options;
	const script = BASELINES.get(system);
	if (script === undefined) {
		const cli = join(root, "dist/cli.js");
		const given = [...(optionsOfSetting(setting) ?? []), "--server", server];
		const events = eventsFile(planned, options.events);
		return runJetbox(task, workspace, { cli, venv, model, maxRounds, maxMinutes, options: given, events }, signal);
	}
	const python = system === "aider" ? options.aiderPython : tools.python;
	const baselines = join(root, "bench/eval/baselines");
	return runBaseline(
		task,
		workspace,
		{ python, folder: baselines, script, server, model, maxRounds, maxMinutes },
		signal,
	);
}

function eventsFile(planned: Planned, folder: string | null): string | null {
	if (folder === null) return null;
	mkdirSync(folder, { recursive: true });
	return join(folder, `${labelOf(planned).replace(/[^\w.#-]+/g, "-")}.jsonl`);
}

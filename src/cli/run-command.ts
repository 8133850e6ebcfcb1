/** `jetbox run`: the loop, with its events on the terminal, as JSON lines, or in a log. */
import { randomUUID } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { UserError } from "../core/errors.ts";
import type { EventSink } from "../core/events.ts";
import { withoutSyntaxGate } from "../core/loop-switches.ts";
import { PRACTICE_MODEL } from "../core/model/model-choice.ts";
import { resumePoint } from "../core/record/kept-run.ts";
import { run } from "../core/run.ts";
import { jsonLine, visible } from "../core/visible-text.ts";
import type { Command } from "./arguments.ts";
import {
	type CliEnvironment,
	type ExitCode,
	obtainServerConsent,
	openConsentedProbes,
	openFolder,
} from "./environment.ts";
import { createHumanSink, createRoundLineSink } from "./human-sink.ts";
import { runToResume, sayCutOffRun } from "./resume.ts";
import { createTerminalApprover } from "./terminal-approver.ts";

const NO_PROGRESS_ROUNDS = 2;

/**
 * Runs one task to its end.
 * @returns 0 green, 1 ended without green, 2 failed before any change
 * @throws UserError for everything that is wrong before the run begins
 */
export async function runCommand(
	command: Extract<Command, { kind: "run" }>,
	environment: CliEnvironment,
	signal: AbortSignal,
): Promise<ExitCode> {
	const { terminal, clock, logger } = environment;
	if (command.approve === "ask" && !terminal.interactive) {
		throw new UserError("usage", "--approve ask needs a terminal to ask on.", "Use --approve edits or --approve all.");
	}
	const root = await openFolder(command.workspace);
	const log = command.log === null ? null : openLog(command.log);
	const machine = environment.machine(command);
	const opened: { dispose(): Promise<void> }[] = [];
	try {
		const resumed =
			command.resume === null ? null : await runToResume({ machine, root, terminal }, command.resume.runId, signal);
		if (resumed === null) await sayCutOffRun({ machine, root, terminal });
		const runId = resumed?.run.runId ?? randomUUID();
		const choice = command.model ?? resumed?.run.model ?? "auto";
		if (choice !== PRACTICE_MODEL) await obtainServerConsent(environment, machine, signal);
		const { workspace, record, notices, dispose } = await machine.openRun(root, runId);
		opened.push({ dispose });
		const probes = await openConsentedProbes(environment, { ...command, root }, signal);
		opened.push(probes);
		const connected = await machine.connectModel(choice, (message) => terminal.err(visible(message)), signal);
		opened.push(connected);
		const { loop } = command;
		let changed = false;
		const sinks: EventSink[] = [
			command.json ? (event) => terminal.out(jsonLine(event)) : createHumanSink(terminal, connected.label),
			(event) => {
				if (event.type === "run-finished") changed = event.filesChanged.length > 0;
			},
		];
		if (log !== null) sinks.push(createRoundLineSink((line) => writeSync(log, `${line}\n`)));
		const outcome = await run(
			{
				model: connected.model,
				probes: loop.syntaxGate === false ? withoutSyntaxGate(probes) : probes,
				workspace,
				approver: createTerminalApprover(terminal),
				record,
			},
			{
				runId,
				task: resumed?.run.task ?? command.task,
				mode: resumed?.run.mode ?? "edit",
				maxRounds: command.maxRounds,
				maxMinutes: command.maxMinutes,
				approve: command.approve ?? (terminal.interactive ? "ask" : "edits"),
				besideModel: command.besideModel,
				// The practice model's way is to try one repair after the other.
				noProgressRounds: choice === PRACTICE_MODEL ? command.maxRounds : NO_PROGRESS_ROUNDS,
				loop: choice === PRACTICE_MODEL ? { ...loop, escalation: false } : loop,
				resume: resumed === null ? null : resumePoint(resumed.run, resumed.undoneRounds),
				notices,
			},
			sinks,
			{ clock, logger },
			signal,
		);
		if (outcome.kind === "green") return 0;
		return outcome.kind === "failed" && !changed ? 2 : 1;
	} finally {
		// The workspace is let go of last.
		for (const part of opened.toReversed()) await part.dispose();
		if (log !== null) closeSync(log);
	}
}

function openLog(path: string): number {
	try {
		return openSync(path, "a");
	} catch (error) {
		const cause = error instanceof Error ? error.message : String(error);
		throw new UserError("usage", `The log ${path} cannot be written: ${cause}.`, "Name another file with --log.");
	}
}

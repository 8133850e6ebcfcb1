/** `jetbox run`: the loop, with its events on the terminal, as JSON lines, or in a log. */
import { randomUUID } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { UserError } from "../core/errors.ts";
import type { EventSink } from "../core/events.ts";
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
import { createTerminalApprover } from "./terminal-approver.ts";

const PRACTICE_MODEL = "practice";
const NO_PROGRESS_ROUNDS = 3;

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
	if (command.model !== PRACTICE_MODEL) await obtainServerConsent(environment, machine, signal);
	const runId = randomUUID();
	const opened: { dispose(): Promise<void> }[] = [];
	try {
		const probes = await openConsentedProbes(environment, { ...command, root }, signal);
		opened.push(probes);
		const connected = await machine.connectModel(command.model, (message) => terminal.err(visible(message)), signal);
		opened.push(connected);
		const workspace = await machine.openWorkspace(root, runId);
		let changed = false;
		const sinks: EventSink[] = [
			command.json ? (event) => terminal.out(jsonLine(event)) : createHumanSink(terminal, connected.label),
			(event) => {
				if (event.type === "run-finished") changed = event.filesChanged.length > 0;
			},
		];
		if (log !== null) sinks.push(createRoundLineSink((line) => writeSync(log, `${line}\n`)));
		const outcome = await run(
			{ model: connected.model, probes, workspace, approver: createTerminalApprover(terminal) },
			{
				runId,
				task: command.task,
				maxRounds: command.maxRounds,
				maxMinutes: command.maxMinutes,
				approve: command.approve ?? (terminal.interactive ? "ask" : "edits"),
				// The practice model's way is to try one repair after the other.
				noProgressRounds: command.model === PRACTICE_MODEL ? command.maxRounds : NO_PROGRESS_ROUNDS,
			},
			sinks,
			{ clock, logger },
			signal,
		);
		if (outcome.kind === "green") return 0;
		return outcome.kind === "failed" && !changed ? 2 : 1;
	} finally {
		await Promise.all(opened.map((part) => part.dispose()));
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

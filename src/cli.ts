#!/usr/bin/env node
/** The headless root: reads the command line, wires the machine's ring to the terminal's, and turns endings into exit codes. */
import { type Command, parseCommand } from "./cli/arguments.ts";
import { compareCommand } from "./cli/compare-command.ts";
import type { CliEnvironment, ExitCode } from "./cli/environment.ts";
import { helpText } from "./cli/help.ts";
import { probeCommand } from "./cli/probe-command.ts";
import { runCommand } from "./cli/run-command.ts";
import { apiKeyOf } from "./cli/server-options.ts";
import { doctorCommand, modelsCommand } from "./cli/setup-commands.ts";
import { createTerminal } from "./cli/terminal.ts";
import { undoCommand } from "./cli/undo-command.ts";
import { isAbort, UserError } from "./core/errors.ts";
import type { Logger } from "./core/ports.ts";
import { DEFAULT_PROBE_SETTINGS } from "./core/probes/engine-messages.ts";
import { visible } from "./core/visible-text.ts";
import { clock } from "./node/clock.ts";
import { createConsents } from "./node/consents.ts";
import { createMachine } from "./node/machine.ts";
import { DEFAULT_MODEL_SETTINGS } from "./node/models/model-settings.ts";
import { stateFolder } from "./node/state-folder.ts";

declare const JETBOX_VERSION: string;

const EXIT_INTERRUPTED = 130;
const terminal = createTerminal(process.env);
const logger: Logger = {
	info: () => undefined,
	warn: (message) => terminal.err(`jetbox: ${visible(message)}`),
	error: (message, error) =>
		terminal.err(`jetbox: ${visible(message)}${error instanceof Error ? `\n${visible(error.stack ?? "")}` : ""}`),
};
const environment: CliEnvironment = {
	terminal,
	clock,
	logger,
	version: JETBOX_VERSION,
	consents: createConsents(stateFolder(process.env)),
	machine: ({ sandbox, switches, allowNetwork = false, ...choices }) =>
		createMachine({
			distDir: import.meta.dirname,
			stateDir: stateFolder(process.env),
			settings: () => ({
				...DEFAULT_MODEL_SETTINGS,
				...choices,
				apiKey: async () => apiKeyOf(process.env, choices.apiKeyEnv ?? null),
				probes: { ...DEFAULT_PROBE_SETTINGS, ...switches, sandbox, allowNetwork },
			}),
			logger,
		}),
};

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.on(signal, () => {
		// The second one does not wait: the engine and the practice model end with this process.
		if (interrupted.signal.aborted) process.exit(EXIT_INTERRUPTED);
		interrupted.abort(new DOMException(`Interrupted by ${signal}.`, "AbortError"));
	});
}
// A reader that went away (`jetbox run ... | head`) ends the run like an interrupt.
process.stdout.on("error", () => interrupted.abort(new DOMException("The output was closed.", "AbortError")));

process.exitCode = await main();

async function main(): Promise<number> {
	try {
		const code = await perform(parseCommand(process.argv.slice(2)), interrupted.signal);
		return interrupted.signal.aborted ? EXIT_INTERRUPTED : code;
	} catch (error) {
		if (interrupted.signal.aborted || isAbort(error)) return EXIT_INTERRUPTED;
		if (error instanceof UserError) {
			terminal.err(`jetbox: ${visible(error.message)}`);
			terminal.err(`Next: ${visible(error.fix)}`);
		} else {
			logger.error("This is a bug in Jetbox; please report it.", error);
		}
		return 2;
	}
}

async function perform(command: Command, signal: AbortSignal): Promise<ExitCode> {
	switch (command.kind) {
		case "version":
			terminal.out(environment.version);
			return 0;
		case "help":
			terminal.out(helpText(command.topic).trimEnd());
			return 0;
		case "run":
			return runCommand(command, environment, signal);
		case "probe":
			return probeCommand(command, environment, signal);
		case "doctor":
			return doctorCommand(command, environment, signal);
		case "models":
			return modelsCommand(command, environment, signal);
		case "compare":
			return compareCommand(command, environment);
		case "undo":
			return undoCommand(command, environment, signal);
	}
}

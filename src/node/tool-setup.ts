/** Puts ruff and pytest where the probes find them: planned, shown to the person, then run exactly as shown. */
import { lstatSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import type { PlannedCommand, ToolPlan } from "../core/machine.ts";
import type { Logger } from "../core/ports.ts";
import type { ProcessRunner } from "./probes/processes/process-runner.ts";
import { isProgram, pythonCandidates, pythonIn } from "./probes/tools/interpreter.ts";

const PACKAGES = ["ruff", "pytest"] as const;
/** pip downloads some ten megabytes; on a slow line that takes minutes. */
const STEP_TIMEOUT_MS = 15 * 60_000;
const MAX_OUTPUT_BYTES = 65_536;
const LAST_WORDS = 400;

interface Parts {
	readonly root: string;
	/** `jetbox.pythonPath`, or null. */
	readonly pythonPath: string | null;
	readonly runner: ProcessRunner;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly logger: Logger;
}

type Running = Omit<Parts, "pythonPath">;

/**
 * Where ruff and pytest can be put, and what would be run for it: into the environment that probes use already; where that is
 * the machine's own Python, before it into a new `.venv`. -I keeps modules of the workspace (a pip.py) out of the interpreter.
 * @throws UserError `no-python`
 */
export function planTools({ root, pythonPath, ...running }: Parts): readonly ToolPlan[] {
	const { env } = running;
	const chosen = pythonCandidates(root, pythonPath, env).find(isProgram);
	if (chosen === undefined) throw noPython(pythonPath);
	const parts = { root, ...running };
	const into = planOf({ kind: "environment", path: chosen }, [installInto(chosen)], parts);
	const isEnvironment = pythonCandidates(root, pythonPath, { ...env, PATH: "", Path: "" }).includes(chosen);
	const folder = join(root, ".venv");
	if (isEnvironment || lstatSync(folder, { throwIfNoEntry: false }) !== undefined) return [into];
	const create = [chosen, "-I", "-m", "venv", folder];
	return [planOf({ kind: "new-environment", path: folder }, [create, installInto(pythonIn(folder))], parts), into];
}

function planOf(target: ToolPlan["target"], commands: readonly PlannedCommand[], parts: Running): ToolPlan {
	return {
		target,
		commands,
		async run(onCommand, signal) {
			for (const command of commands) {
				onCommand(command);
				try {
					await runCommand(command, parts, signal);
				} catch (error) {
					// Half an environment would be taken for a whole one at the next look.
					if (command !== commands.at(-1)) await rm(target.path, { recursive: true, force: true });
					throw error;
				}
			}
		},
	};
}

function installInto(python: string): PlannedCommand {
	return [python, "-I", "-m", "pip", "install", "--disable-pip-version-check", ...PACKAGES];
}

function noPython(pythonPath: string | null): UserError {
	return pythonPath === null
		? new UserError("no-python", "No Python was found on PATH.", "Install Python 3.9 or newer.")
		: new UserError("no-python", `There is no program at ${pythonPath}.`, "Correct jetbox.pythonPath, or empty it.");
}

async function runCommand(
	command: PlannedCommand,
	{ root, runner, env, logger }: Running,
	signal: AbortSignal,
): Promise<void> {
	const [program = "", ...args] = command;
	logger.info(`Setting up: ${command.join(" ")}`);
	const limits = { timeoutMs: STEP_TIMEOUT_MS, maxOutputBytes: MAX_OUTPUT_BYTES };
	// The person's own environment: pip's index and proxy are set there.
	const own = Object.fromEntries(
		Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
	);
	const { end, stdout, stderr } = await runner.run({ command: program, args, cwd: root, env: own, ...limits }, signal);
	logger.info([stdout, stderr].filter((text) => text !== "").join("\n"));
	signal.throwIfAborted();
	if (end.kind === "exited" && end.code === 0) return;
	const words = (stderr.trim() || stdout.trim() || end.kind).slice(-LAST_WORDS);
	throw new UserError(
		"tool-missing",
		`${command.join(" ")} failed: ${words}`,
		"See the log for its whole output, mend that, then try again.",
	);
}

/** Puts ruff and pytest into the folder's own virtual environment: planned, shown to the person, then run exactly as shown. */
import { lstatSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import type { PlannedCommand, ToolPlan } from "../core/machine.ts";
import type { Logger } from "../core/ports.ts";
import { isEnvironment, pythonIn, pythonsOnPath } from "./probes/interpreter.ts";
import type { ProcessRunner } from "./probes/process-runner.ts";

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

/**
 * What would be run, in order. -I keeps modules of the workspace (a pip.py) out of the interpreter.
 * @throws UserError `usage` where `.venv` would not be the environment that probes use, or is something else
 */
export function planTools({ root, pythonPath, runner, env, logger }: Parts): ToolPlan {
	const folder = join(root, ".venv");
	const creates = !isEnvironment(folder);
	checkPlace(folder, creates, pythonPath, env["VIRTUAL_ENV"]);
	const install = [pythonIn(folder), "-I", "-m", "pip", "install", "--disable-pip-version-check", ...PACKAGES];
	const commands = creates ? [[basePython(root, env), "-I", "-m", "venv", folder], install] : [install];
	return {
		commands,
		async run(onCommand, signal) {
			for (const command of commands) {
				onCommand(command);
				try {
					await runCommand(command, { root, runner, env, logger }, signal);
				} catch (error) {
					// Half an environment would be taken for a whole one at the next look.
					if (command !== install) await rm(folder, { recursive: true, force: true });
					throw error;
				}
			}
		},
	};
}

function checkPlace(folder: string, creates: boolean, pythonPath: string | null, active: string | undefined): void {
	if (pythonPath !== null && pythonPath !== pythonIn(folder))
		throw new UserError(
			"usage",
			`jetbox.pythonPath names ${pythonPath}, so an environment in .venv would not be used.`,
			`Run \`${pythonPath} -m pip install ruff pytest\`, or empty jetbox.pythonPath.`,
		);
	if (active !== undefined && active !== "" && active !== folder && isEnvironment(active))
		throw new UserError(
			"usage",
			`VIRTUAL_ENV names ${active}, so an environment in .venv would not be used.`,
			`Run \`${pythonIn(active)} -m pip install ruff pytest\`.`,
		);
	if (creates && lstatSync(folder, { throwIfNoEntry: false }) !== undefined)
		throw new UserError("usage", `${folder} exists and is no virtual environment.`, "Move it away, then try again.");
}

function basePython(root: string, env: Parts["env"]): string {
	const [python] = pythonsOnPath(root, env);
	if (python !== undefined) return python;
	throw new UserError("no-python", "No Python was found on PATH.", "Install Python 3.9 or newer.");
}

async function runCommand(
	command: PlannedCommand,
	{ root, runner, env, logger }: Omit<Parts, "pythonPath">,
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

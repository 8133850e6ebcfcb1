/** What every command is handed: the machine, the terminal, and the checks that come before any work. */
import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "../core/errors.ts";
import type { EngineProbes, Machine } from "../core/machine.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { ProbeSettings, SandboxMode } from "../core/probes/engine-messages.ts";
import type { Terminal } from "./terminal.ts";

export interface MachineChoices {
	readonly server: string | null;
	readonly sandbox: SandboxMode;
	/** Settings of the probes that differ from their defaults. */
	readonly switches?: Partial<ProbeSettings>;
}

export interface CliEnvironment {
	readonly terminal: Terminal;
	readonly clock: Clock;
	readonly logger: Logger;
	readonly version: string;
	/** A machine with these choices of the command line. */
	machine(choices: MachineChoices): Machine;
}

export type ExitCode = 0 | 1 | 2;

/**
 * The real path of the workspace.
 * @throws UserError `no-workspace`
 */
export async function openFolder(path: string): Promise<string> {
	const wanted = resolve(path);
	try {
		if ((await stat(wanted)).isDirectory()) return await realpath(wanted);
	} catch {
		// Said below, the same for every reason: there is no folder to work in.
	}
	throw new UserError(
		"no-workspace",
		`${wanted} is not a folder that can be read.`,
		"Name an existing folder with --workspace.",
	);
}

/**
 * Probes within the sandbox, or, where there is none, after one yes of the person.
 * @throws UserError `sandbox-missing` where nobody can be asked, or the answer is no
 */
export async function openConsentedProbes(
	{ terminal, machine }: CliEnvironment,
	choices: MachineChoices & { readonly root: string },
	signal: AbortSignal,
): Promise<EngineProbes> {
	const probes = machine(choices).openProbes(choices.root);
	try {
		if (choices.sandbox === "off") return probes;
		const sandbox = (await probes.describe(signal)).find(({ tool }) => tool === "sandbox");
		if (sandbox === undefined || sandbox.state === "ok") return probes;
		const cause = `Tests run code from this workspace, and there is no sandbox: ${sandbox.detail}`;
		if (choices.sandbox === "on" || !terminal.interactive) {
			throw new UserError("sandbox-missing", cause, `${sandbox.fix} Or allow it with --sandbox off.`);
		}
		terminal.err(cause);
		terminal.err(
			"Without it, tests (also those that the model writes) can read and change your files and use the network.",
		);
		if (!(await terminal.confirm("Run them without a sandbox this time?", signal))) {
			throw new UserError(
				"sandbox-missing",
				"Nothing was run: you did not allow tests without a sandbox.",
				sandbox.fix,
			);
		}
		await probes.dispose();
		return machine({ ...choices, sandbox: "off" }).openProbes(choices.root);
	} catch (error) {
		await probes.dispose();
		throw error;
	}
}

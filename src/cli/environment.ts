/** What every command is handed: the machine, the terminal, and the checks that come before any work. */
import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "../core/errors.ts";
import type { EngineProbes, Machine } from "../core/machine.ts";
import type { Clock, Logger } from "../core/ports.ts";
import type { ProbeSettings, SandboxMode } from "../core/probes/engine-messages.ts";
import { visible } from "../core/visible-text.ts";
import type { ServerChoices } from "./server-options.ts";
import type { Terminal } from "./terminal.ts";

export interface MachineChoices extends Partial<ServerChoices> {
	readonly sandbox: SandboxMode;
	/** Whether the tests may use the network; default no. */
	readonly allowNetwork?: boolean;
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
	/** Answers that outlast the command. */
	readonly consents: Consents;
}

/** Folders whose tests were allowed without a sandbox. */
export interface Consents {
	has(root: string): boolean;
	/** The file of earlier answers where it is damaged, so that they are asked anew; otherwise null. */
	damaged(): string | null;
	add(root: string): void;
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
 * Probes within the sandbox, or, where there is none, after one yes of the person for this folder.
 * @throws UserError `sandbox-missing` where nobody can be asked, or the answer is no
 */
export async function openConsentedProbes(
	{ terminal, machine, consents }: CliEnvironment,
	choices: MachineChoices & { readonly root: string },
	signal: AbortSignal,
): Promise<EngineProbes> {
	const { root, sandbox: mode } = choices;
	const probes = machine(choices).openProbes(root);
	const openWithout = async (): Promise<EngineProbes> => {
		await probes.dispose();
		return machine({ ...choices, sandbox: "off" }).openProbes(root);
	};
	try {
		if (mode === "off") return probes;
		const sandbox = (await probes.describe(signal)).find(({ tool }) => tool === "sandbox");
		if (sandbox === undefined || sandbox.state === "ok") return probes;
		if (mode === "auto" && consents.has(root)) return await openWithout();
		const cause = `${askedAnew(consents.damaged())}Tests run code from this workspace, and there is no sandbox: ${sandbox.detail}.`;
		if (mode === "on" || !terminal.interactive) {
			throw new UserError("sandbox-missing", cause, `${sandbox.fix} Or allow it with --sandbox off.`);
		}
		terminal.err(visible(cause));
		terminal.err(WITHOUT_SANDBOX);
		if (!(await terminal.confirm("Allow it for this folder from now on?", signal))) {
			const refused = "Nothing was run: you did not allow tests without a sandbox.";
			throw new UserError("sandbox-missing", refused, sandbox.fix);
		}
		consents.add(root);
		return await openWithout();
	} catch (error) {
		await probes.dispose();
		throw error;
	}
}

/**
 * Nothing where prompts stay on this machine, or go where the person allowed it; otherwise one question for each address.
 * @throws UserError `remote-server` where nobody can be asked, or the answer is no
 */
export async function obtainServerConsent(
	{ terminal }: CliEnvironment,
	machine: Machine,
	signal: AbortSignal,
): Promise<void> {
	const { url, remote, allowed, damaged } = await machine.serverAddress();
	if (remote && allowed) terminal.err(`Prompts go to ${visible(url)}, which is not this machine.`);
	if (allowed) return;
	const cause = `${askedAnew(damaged)}Prompts, and with them text of the workspace, would go to ${url}, which is not this machine.`;
	if (!terminal.interactive) {
		throw new UserError("remote-server", cause, "Allow it with --allow-remote, or name another --server.");
	}
	terminal.err(visible(cause));
	if (!(await terminal.confirm("Allow it for this address from now on?", signal))) {
		throw new UserError("remote-server", "Nothing was sent: you did not allow it.", "Name another --server.");
	}
	await machine.allowServer(url);
}

/** @param damaged file of earlier answers, or null */
function askedAnew(damaged: string | null): string {
	return damaged === null ? "" : `Earlier answers cannot be read, since ${damaged} is damaged. `;
}

const WITHOUT_SANDBOX = `Without it every test, also those that the model writes, can read, change and delete your files, take keys and tokens
from your home folder, use the network, and leave programs running. Jetbox remembers a yes for this folder, outside of it.`;

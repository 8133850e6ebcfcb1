/** Asks a program one thing, and tells an answer that stands from a failure that may pass: a busy machine must not decide for a session. */
import type { ProcessEnd } from "../processes/child-end.ts";
import type { Launch } from "../processes/confine.ts";
import type { ProcessRunner } from "../processes/process-runner.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { stampOf } from "./package-stamps.ts";
import { isWorkspaceProgram } from "./program-paths.ts";

const ASK_TIMEOUT_MS = 20_000;
/** What fails so often in a way that may pass is not waited for again. */
const MAX_PASSING = 2;
/** The machine has nothing left for a process just now. */
const EXHAUSTED: ReadonlySet<string> = new Set(["EAGAIN", "ENOMEM", "EMFILE", "ENFILE"]);

export type Asked =
	| { readonly kind: "answered"; readonly text: string }
	/** In words for people, after the program's name. */
	| { readonly kind: "failed" | "passing" | "refused"; readonly why: string };

export interface ProgramAsker {
	/** @throws signal.reason */
	ask(command: string, args: readonly string[], signal: AbortSignal): Promise<Asked>;
}

export function createProgramAsker(parts: {
	readonly root: string;
	readonly runner: ProcessRunner;
	readonly sandbox: Sandbox;
	readonly probeEnv: Readonly<Record<string, string>>;
}): ProgramAsker {
	const { root, runner, sandbox, probeEnv } = parts;
	/** By program as it is on disk. */
	const passing = new Map<string, number>();

	/** A program of the workspace is the repository's: it is asked in the sandbox, or after the person's yes (threats A22). */
	const launchOf = async (launch: Launch, signal: AbortSignal): Promise<Launch | string> => {
		if (!isWorkspaceProgram(root, launch.command)) return launch;
		const confinement = await sandbox.confinement(null, signal, [launch.command]);
		return confinement.kind === "ready" ? confinement.confine(null)(launch) : confinement.message;
	};
	return {
		async ask(command, args, signal) {
			const launch = await launchOf({ command, args, env: probeEnv }, signal);
			if (typeof launch === "string") return { kind: "refused", why: `could not be asked: ${launch}` };
			const limits = { timeoutMs: ASK_TIMEOUT_MS, maxOutputBytes: 65_536 };
			const { end, stdout } = await runner.run({ ...launch, cwd: root, ...limits }, signal);
			signal.throwIfAborted();
			const stamp = stampOf(command);
			if (end.kind === "exited" && end.code === 0) {
				passing.delete(stamp);
				return { kind: "answered", text: stdout };
			}
			if (!mayPass(end)) return { kind: "failed", why: wordsOf(end) };
			const times = (passing.get(stamp) ?? 0) + 1;
			passing.set(stamp, times);
			return { kind: times < MAX_PASSING ? "passing" : "failed", why: wordsOf(end) };
		},
	};
}

function mayPass(end: ProcessEnd): boolean {
	return (
		end.kind === "timed-out" || end.kind === "signalled" || (end.kind === "not-started" && EXHAUSTED.has(end.code))
	);
}

function wordsOf(end: ProcessEnd): string {
	switch (end.kind) {
		case "exited":
			return `ended with exit code ${end.code}`;
		case "signalled":
			return `was ended by ${end.signal}`;
		case "not-started":
			return `could not be started: ${end.message}`;
		default:
			return `did not answer within ${ASK_TIMEOUT_MS / 1000} s`;
	}
}

/** Probes whose answers are written beforehand: one report a call, the last again and again. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ProbeRequest, Probes, SyntaxProblem } from "../../src/core/ports.ts";
import type { WorkspaceReport } from "../../src/core/probes/report.ts";

export interface ScriptedProbes extends Probes {
	/** What was asked, in order. */
	readonly requests: readonly ProbeRequest[];
	readonly syntaxChecks: readonly string[];
}

export interface ScriptedProbesOptions {
	/** How long each probe takes; an abort ends it early. */
	readonly delayMs?: number;
	/** What a probe waits for besides; an abort ends it early. */
	readonly hold?: (request: ProbeRequest) => Promise<void> | undefined;
	readonly checkSyntax?: (file: string, text: string) => SyntaxProblem | null;
	readonly fixLint?: (file: string, text: string) => string | null;
	readonly fixUnsafely?: (file: string, text: string) => string | null;
}

/** @throws Error when asked without any report */
export function createScriptedProbes(
	reports: readonly (WorkspaceReport | Error)[],
	options: ScriptedProbesOptions = {},
): ScriptedProbes {
	const { delayMs = 0, hold = () => undefined, checkSyntax = () => null } = options;
	const { fixLint = () => null, fixUnsafely = () => null } = options;
	const requests: ProbeRequest[] = [];
	const syntaxChecks: string[] = [];
	return {
		requests,
		syntaxChecks,
		async probe(request, onProgress, signal) {
			signal.throwIfAborted();
			const answer = reports[requests.length] ?? reports.at(-1);
			requests.push(request);
			if (answer === undefined) throw new Error("The scripted probes have no report.");
			if (answer instanceof Error) throw answer;
			for (const report of [answer.ruff, answer.pytest]) {
				onProgress({ kind: "started", probe: report.probe, scope: report.scope, wave: null });
			}
			await sleep(delayMs, undefined, { signal }).catch(() => undefined);
			const held = hold(request);
			if (held !== undefined) await Promise.race([held, once(signal)]);
			signal.throwIfAborted();
			for (const report of [answer.ruff, answer.pytest]) onProgress({ kind: "finished", report });
			return answer;
		},
		async checkSyntax(file, text, signal) {
			signal.throwIfAborted();
			syntaxChecks.push(file);
			return checkSyntax(file, text);
		},
		async fixLint({ file, text, unsafe }, signal) {
			signal.throwIfAborted();
			return unsafe ? fixUnsafely(file, text) : fixLint(file, text);
		},
	};
}

function once(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener("abort", () => resolve(), { once: true });
	});
}

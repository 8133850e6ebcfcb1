/** Runs tests: the whole suite or the tests of some files, each run in a process of its own. */
import type { ToolState } from "../../core/probes/engine-messages.ts";
import type { TestOutcome } from "../../core/probes/report.ts";
import type { TestRun } from "../../core/probes/test-run.ts";
import type { PythonInfo } from "./interpreter.ts";
import type { ProcessRunner } from "./process-runner.ts";
import { runPytest } from "./pytest-probe.ts";
import type { Sandbox } from "./sandbox.ts";

export interface TestRunRequest {
	readonly python: PythonInfo;
	/**
	 * Workspace-relative test files, or null for the whole suite as plain pytest collects it. Of named files, only those run
	 * that plain pytest would collect.
	 */
	readonly files: readonly string[] | null;
	readonly timeoutMs: number;
	/** Told as the tests end, so that the first failure need not wait for the last test. */
	readonly onOutcome?: (testId: string, outcome: TestOutcome) => void;
}

export interface TestRunner {
	/** @throws signal.reason when aborted, after the run's processes are gone */
	run(request: TestRunRequest, signal: AbortSignal): Promise<TestRun>;
	/** Tells which files (workspace-relative) changed, came or went: a process that has loaded one is given up and another made ready. */
	changed(files: readonly string[]): void;
	/** Which form is in force and why; for Check Setup. */
	describe(python: PythonInfo, signal: AbortSignal): Promise<ToolState>;
	/** Ends every process at once. */
	dispose(): void;
}

export function createTestRunner(parts: {
	readonly root: string;
	readonly reporterPath: string;
	readonly maxOutputBytes: number;
	readonly runner: ProcessRunner;
	readonly sandbox: Sandbox;
	readonly probeEnv: Readonly<Record<string, string>>;
}): TestRunner {
	const { root, reporterPath, maxOutputBytes, runner, sandbox, probeEnv } = parts;
	return {
		async run({ python, files, timeoutMs, onOutcome }, signal) {
			const confinement = await sandbox.confinement(python, signal);
			const spawned = { form: "spawned", why: "", observed: new Map() } as const;
			if (confinement.kind === "refused") {
				const { message, fix } = confinement;
				return {
					...spawned,
					judgement: { status: "not-run", reason: "tool-missing", message, fix },
					outcomes: new Map(),
					complete: false,
				};
			}
			const { confine } = confinement;
			const run = { root, python, reporterPath, files, timeoutMs, maxOutputBytes, env: probeEnv, confine };
			return {
				...spawned,
				...(await runPytest(runner, onOutcome === undefined ? run : { ...run, onOutcome }, signal)),
			};
		},
		changed() {
			// A new process each time has loaded nothing yet.
		},
		async describe() {
			return { tool: "workers", state: "ok", detail: "spawned: a new interpreter for each run", fix: "" };
		},
		dispose() {
			runner.killAll();
		},
	};
}

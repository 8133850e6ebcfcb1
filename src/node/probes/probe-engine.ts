/** Everything the engine process does for one workspace, wired; src/engine.ts connects it to the channel. */
import { realpathSync } from "node:fs";
import type { ProbeProgress, ProbeRequest, SyntaxProblem } from "../../core/ports.ts";
import type { ProbeAnswer } from "../../core/probes/answer.ts";
import type { ProbeSettings, ToolState } from "../../core/probes/engine-messages.ts";
import { isPythonSource } from "../../core/probes/inputs.ts";
import { createTestLedger } from "../../core/probes/test-ledger.ts";
import { probeEnvironment } from "./environment.ts";
import { createGraphProbe } from "./graph-probe.ts";
import { createToolchainFinder } from "./interpreter.ts";
import { createLinter } from "./linter.ts";
import { createMirror } from "./mirror.ts";
import { withoutNewRepository } from "./new-repository.ts";
import { createProber } from "./prober.ts";
import { createProcessRunner } from "./process-runner.ts";
import { createResidentLint } from "./resident-lint.ts";
import { createSandbox } from "./sandbox.ts";
import { createSyntaxChecker } from "./syntax.ts";
import { createTestRunner } from "./test-runner.ts";
import { createTester } from "./tester.ts";

export interface ProbeEngine {
	probe(
		request: ProbeRequest,
		onProgress: (progress: ProbeProgress) => void,
		signal: AbortSignal,
	): Promise<ProbeAnswer>;
	checkSyntax(file: string, text: string, signal: AbortSignal): Promise<SyntaxProblem | null>;
	describe(signal: AbortSignal): Promise<readonly ToolState[]>;
	/** Kills every child at once; for the end of the process. */
	dispose(): void;
}

export function createProbeEngine(parts: {
	readonly root: string;
	readonly settings: ProbeSettings;
	readonly workerPath: string;
	readonly env: Readonly<Record<string, string | undefined>>;
}): ProbeEngine {
	const { settings, workerPath, env } = parts;
	const root = realOr(parts.root);
	const probeEnv = probeEnvironment(env);
	const runner = createProcessRunner();
	const sandbox = createSandbox({ settings, root, workerPath, runner, probeEnv });
	const toolchain = createToolchainFinder({ root, settings, runner, sandbox, env, probeEnv });
	const running = createTestRunner({ root, workerPath, settings, sandbox, probeEnv });
	const tests = withoutNewRepository(running, root);
	const mirror = createMirror(root);
	const cli = { root, settings, runner, sandbox, probeEnv };
	const resident = createResidentLint(cli);
	const linter = createLinter({ settings, cli, resident });
	const graphs = createGraphProbe(cli, mirror.environments);
	const ledger = createTestLedger();
	const tester = createTester({ root, settings, tests, graphs, ledger });
	const prober = createProber({ root, settings, mirror, toolchain, linter, tests, tester });
	const syntax = createSyntaxChecker(sandbox, probeEnv);
	// One probe at a time: two would judge, and disturb, the same files.
	let last: Promise<unknown> = Promise.resolve();
	return {
		probe(request, onProgress, signal) {
			const run = last.then(() => prober.probe(request, onProgress, signal));
			last = run.catch(() => undefined);
			return run;
		},
		async checkSyntax(file, text, signal) {
			if (!isPythonSource(file)) return null;
			const tools = await toolchain.find(signal);
			const problem = await resident.checkSyntax(text, mirror.look(), tools, signal);
			if (problem !== undefined) return problem;
			return tools.python === null ? null : syntax.check(tools.python, file, text, signal);
		},
		async describe(signal) {
			const { python, ruff } = await toolchain.find(signal);
			const tools: ToolState[] = [
				python === null
					? state("python", null, "no interpreter was found", "Install Python 3.9 or newer, or set jetbox.pythonPath.")
					: state("python", `${python.version} (${python.path})`),
				ruff === null
					? state("ruff", null, "not installed", "Run `python -m pip install ruff` in the project's environment.")
					: state("ruff", `${ruff.version} (${ruff.command})`),
				python?.pytest == null
					? state("pytest", null, "not installed", "Run `python -m pip install pytest` in the project's environment.")
					: state("pytest", python.pytest),
			];
			if (python !== null && python.pytest !== null) tools.push(await tests.describe(python, signal));
			return [...tools, await sandbox.describe(signal)];
		},
		dispose() {
			runner.killAll();
			tests.dispose();
			resident.dispose();
			syntax.dispose();
			sandbox.dispose();
		},
	};
}

function state(tool: ToolState["tool"], found: string | null, problem = "", fix = ""): ToolState {
	return found === null ? { tool, state: "missing", detail: problem, fix } : { tool, state: "ok", detail: found, fix };
}

function realOr(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return path;
	}
}

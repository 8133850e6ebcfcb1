/** Everything the engine process does for one workspace, wired; src/engine.ts connects it to the channel. */
import { realpathSync } from "node:fs";
import type { LintFix, ProbeProgress, ProbeRequest, SyntaxProblem } from "../../core/ports.ts";
import type { ProbeAnswer } from "../../core/probes/answer.ts";
import type { ProbeSettings, ToolState } from "../../core/probes/engine-messages.ts";
import { isPythonSource } from "../../core/probes/inputs.ts";
import type { KeptAnswers } from "../../core/probes/kept-answers.ts";
import { createTestLedger } from "../../core/probes/test-ledger.ts";
import { createAnswerFile } from "./answer-file.ts";
import { contentOfKept, withDifferences } from "./content/content.ts";
import { createMirror } from "./content/mirror.ts";
import { createGraphProbe } from "./imports/graph-probe.ts";
import { createLinter } from "./lint/linter.ts";
import { createResidentLint } from "./lint/resident-lint.ts";
import { fixByRuff } from "./lint/ruff-probe.ts";
import { createSyntaxChecker } from "./lint/syntax.ts";
import { createProbeQueue } from "./probe-queue.ts";
import { createProber } from "./prober.ts";
import { createProcessRunner } from "./processes/process-runner.ts";
import { createSandbox } from "./sandbox/sandbox.ts";
import { withoutNewRepository } from "./tests/new-repository.ts";
import { watchWrites } from "./tests/run-writes.ts";
import { createTestRunner } from "./tests/test-runner.ts";
import { createTester, type LedgerPlace } from "./tests/tester.ts";
import { probeEnvironment } from "./tools/environment.ts";
import { createToolchainFinder } from "./tools/interpreter.ts";

/** Writing takes a while in a large workspace; a burst of probes must not wait for it. */
const KEEP_AFTER_MS = 1_500;
const KEPT_LINT_ANSWERS = 8;

export interface ProbeEngine {
	probe(
		request: ProbeRequest,
		onProgress: (progress: ProbeProgress) => void,
		signal: AbortSignal,
	): Promise<ProbeAnswer>;
	checkSyntax(file: string, text: string, signal: AbortSignal): Promise<SyntaxProblem | null>;
	fixLint(fix: LintFix, signal: AbortSignal): Promise<string | null>;
	describe(signal: AbortSignal): Promise<readonly ToolState[]>;
	/** Kills every child at once; for the end of the process. */
	dispose(): void;
}

export function createProbeEngine(parts: {
	readonly root: string;
	readonly settings: ProbeSettings;
	readonly workerPath: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Where answers outlast the session, and the version of the program that gave them; null where they do not. */
	readonly keep: { readonly folder: string; readonly version: string } | null;
}): ProbeEngine {
	const { settings, workerPath, env, keep } = parts;
	const root = realOr(parts.root);
	const probeEnv = probeEnvironment(env);
	const file =
		keep === null || !settings.cacheEnabled
			? null
			: createAnswerFile(keep.folder, [root, keep.version, process.platform, process.arch, settings, probeEnv]);
	const kept = file?.read() ?? null;
	const runner = createProcessRunner();
	const sandbox = createSandbox({ settings, root, workerPath, runner, probeEnv });
	const toolchain = createToolchainFinder({ root, settings, runner, sandbox, env, probeEnv });
	const running = createTestRunner({
		...{ root, workerPath, settings, sandbox, probeEnv },
		modules: kept?.modules ?? [],
	});
	const { tests, take: takeWrites } = watchWrites(withoutNewRepository(running, root, sandbox.guardAnew));
	const mirror = createMirror(root, kept?.files, probeEnv);
	const cli = { root, settings, runner, sandbox, probeEnv };
	const resident = createResidentLint(cli);
	const linter = createLinter({ settings, cli, resident, kept: kept?.lint ?? [] });
	const graphs = createGraphProbe(cli, mirror.environments, kept?.graph);
	const ledger = createTestLedger(kept?.ledger?.known);
	const at = kept === null ? null : placeOf(kept);
	const tester = createTester({ root, settings, tests, graphs, ledger, at });
	const prober = createProber({ root, settings, mirror, toolchain, linter, tests, tester, takeWrites, kept });
	const syntax = createSyntaxChecker(sandbox, probeEnv);
	const queue = createProbeQueue(prober.standing);
	let writing: NodeJS.Timeout | undefined;
	let isDue = false;
	const writeIfDue = () => {
		clearTimeout(writing);
		if (!isDue || file === null) return;
		isDue = false;
		const files = mirror.keep();
		file.write({
			...prober.keep(),
			files,
			lint: linter.kept().slice(-KEPT_LINT_ANSWERS),
			ledger: tester.keep(contentOfKept(files)),
			graph: graphs.keep(),
			modules: tests.modules(),
		});
	};
	const probeAndKeep = async (...asked: Parameters<typeof prober.probe>): Promise<ProbeAnswer> => {
		clearTimeout(writing);
		try {
			const answer = await prober.probe(...asked);
			isDue ||= answer.kind === "report";
			return answer;
		} finally {
			if (isDue) writing = setTimeout(writeIfDue, KEEP_AFTER_MS).unref();
		}
	};
	return {
		probe: (request, onProgress, signal) =>
			queue.ask(request, (within) => probeAndKeep(request, onProgress, within), signal),
		async checkSyntax(file, text, signal) {
			if (!isPythonSource(file)) return null;
			const tools = await toolchain.find(signal);
			const problem = await resident.checkSyntax(text, mirror.look(), tools, signal);
			if (problem !== undefined) return problem;
			return tools.python === null ? null : syntax.check(tools.python, file, text, signal);
		},
		async fixLint(fix, signal) {
			const isWanted = fix.unsafe ? settings.unsafeFixes : settings.safeFixes;
			if (!isWanted || !settings.ruffEnabled || !isPythonSource(fix.file)) return null;
			return fixByRuff(cli, await toolchain.find(signal), mirror.look(), fix, signal);
		},
		async describe(signal) {
			const { python, ruff, passedOver } = await toolchain.find(signal);
			const found = python === null ? "no interpreter was found" : `${python.version} (${python.path})`;
			const detail = [found, ...passedOver.map((words) => `passed over: ${words}`)].join("; ");
			const tools: ToolState[] = [
				python === null
					? state("python", null, detail, "Install Python 3.9 or newer, or set jetbox.pythonPath.")
					: state("python", detail),
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
			// Before what may take longer on a busy machine: the engine has a short time to end.
			writeIfDue();
			tests.dispose();
			resident.dispose();
			syntax.dispose();
			sandbox.dispose();
		},
	};
}

function placeOf({ files, ledger }: KeptAnswers): LedgerPlace | null {
	if (ledger === null) return null;
	return {
		content: withDifferences(contentOfKept(files), ledger.differs),
		python: ledger.python,
		wholeMs: ledger.wholeMs,
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

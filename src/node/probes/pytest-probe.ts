/** Runs pytest by way of the reporter and judges what it streamed. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { pytestArguments, pytestConfigOf } from "../../core/probes/pytest.ts";
import type { TestOutcome } from "../../core/probes/report.ts";
import { createReporterLines } from "../../core/probes/reporter-lines.ts";
import { judgeTestRun, NO_PYTEST, type TestJudgement } from "../../core/probes/test-report.ts";
import type { Confine } from "./confine.ts";
import type { PythonInfo } from "./interpreter.ts";
import type { ProcessRunner } from "./process-runner.ts";

/** A line longer than this is none of the reporter's. */
const MAX_LINE_CHARS = 1_000_000;

export interface PytestRun {
	readonly root: string;
	readonly python: PythonInfo;
	/** jetbox_reporter.py, alone in its folder or beside other files of ours. */
	readonly reporterPath: string;
	/** Workspace-relative test files, or null for the whole suite. */
	readonly files: readonly string[] | null;
	readonly timeoutMs: number;
	readonly maxOutputBytes: number;
	readonly env: Readonly<Record<string, string>>;
	/** @param privateDir is open to the tests, for their temporary files */
	readonly confine: (privateDir: string) => Confine;
	readonly onOutcome?: (testId: string, outcome: TestOutcome) => void;
}

export interface PytestAnswer {
	readonly judgement: TestJudgement;
	readonly outcomes: ReadonlyMap<string, TestOutcome>;
	readonly complete: boolean;
}

/** The workspace's own pytest configuration file at its root, or null. */
export function pytestConfigIn(root: string): string | null {
	return pytestConfigOf((name) => {
		try {
			return readFileSync(join(root, name), "utf8");
		} catch {
			return null;
		}
	});
}

/** @throws signal.reason when aborted, after the processes are gone */
export async function runPytest(runner: ProcessRunner, run: PytestRun, signal: AbortSignal): Promise<PytestAnswer> {
	const { root, python, reporterPath, timeoutMs, maxOutputBytes } = run;
	if (python.pytest === null) return { judgement: NO_PYTEST, outcomes: new Map(), complete: false };
	const privateDir = mkdtempSync(join(tmpdir(), "jetbox-tests-"));
	try {
		const args = pytestArguments({ root, config: pytestConfigIn(root), privateDir, nullDevice: devNull });
		const launch = run.confine(privateDir)({
			command: python.path,
			args: [reporterPath, "3", root, "--", ...args, ...(run.files ?? [])],
			env: { ...run.env, TMPDIR: privateDir },
		});
		const lines = createReporterLines(run.onOutcome);
		const onReport = byLine(lines.add);
		const result = await runner.run({ ...launch, cwd: root, timeoutMs, maxOutputBytes, onReport }, signal);
		const { end } = result;
		if (end.kind === "aborted") throw signal.reason;
		if (end.kind === "not-started") {
			const message = `Python could not be started: ${end.message}`;
			const fix = "Choose an interpreter that runs (jetbox.pythonPath).";
			return {
				judgement: { status: "not-run", reason: "no-python", message, fix },
				outcomes: new Map(),
				complete: false,
			};
		}
		const lastWords = result.stderr.trim() === "" ? result.stdout : result.stderr;
		const reported = lines.read();
		const judgement = judgeTestRun(
			end.kind === "timed-out" ? { ...end, limitMs: timeoutMs } : end,
			reported,
			lastWords.slice(-4_000),
		);
		return { judgement, outcomes: reported.outcomes, complete: reported.ran >= reported.collected };
	} finally {
		rmSync(privateDir, { recursive: true, force: true, maxRetries: 3 });
	}
}

function byLine(onLine: (line: string) => void): (chunk: Buffer) => void {
	let rest = "";
	return (chunk) => {
		const lines = (rest + chunk.toString("latin1")).split("\n");
		rest = (lines.pop() ?? "").slice(0, MAX_LINE_CHARS);
		for (const line of lines) onLine(line);
	};
}

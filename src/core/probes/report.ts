/** The answer of a probe. A probe that could not run is data of another kind than findings: not run is not passed. */
import type { Finding, LintFinding, ProbeName, TestFinding } from "./finding.ts";
import type { ProbeForm, Wave } from "./form.ts";

/** `affected`: only what the change can have touched was asked again; `full`: everything was. */
export type ProbeScope = "affected" | "full";

export interface TestCounts {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
	readonly errors: number;
}

/** pytest's own six; a file that could not be collected has one, too: `error`. */
export type TestOutcome = "passed" | "failed" | "skipped" | "error" | "xfailed" | "xpassed";

export type NotRunReason =
	| "tool-missing"
	| "no-python"
	| "no-tests"
	| "disabled"
	| "timed-out"
	| "crashed"
	| "cancelled"
	/** It failed at the lowest priority only. */
	| "unconfirmed"
	| "bad-config";

interface ReportCommon {
	/** `hit`: the same content was judged before; no process was started. */
	readonly cache: "hit" | "miss";
	/** What changed, in words for people: `2 files changed`, `first probe`, `unchanged`. */
	readonly why: string;
	readonly scope: ProbeScope;
	/** Of tests that ran; null for lint, and where nothing had to be run. */
	readonly wave: Wave | null;
	/** By what the answer was had; null where nothing had to be run. */
	readonly form: ProbeForm | null;
	readonly durationMs: number;
}

/** What a probe says that could not run. */
export interface NotRunAnswer {
	readonly status: "not-run";
	readonly reason: NotRunReason;
	/** The cause, for people. */
	readonly message: string;
	/** The next step, for people. */
	readonly fix: string;
}

export interface NotRun extends ReportCommon, NotRunAnswer {}

export type LintReport = { readonly probe: "ruff" } & (
	| (ReportCommon & { readonly status: "clean"; readonly findings: readonly [] })
	| (ReportCommon & { readonly status: "findings"; readonly findings: readonly LintFinding[] })
	| NotRun
);

export type TestReport = { readonly probe: "pytest" } & (
	| (ReportCommon & { readonly status: "clean"; readonly findings: readonly []; readonly counts: TestCounts })
	| (ReportCommon & {
			readonly status: "findings";
			readonly findings: readonly TestFinding[];
			readonly counts: TestCounts;
	  })
	| NotRun
);

export type ProbeReport = LintReport | TestReport;

/** Both probes on one content of the workspace. */
export interface WorkspaceReport {
	readonly ruff: LintReport;
	readonly pytest: TestReport;
	/** Files (workspace-relative) whose content differs from the probe before; empty at the first. */
	readonly changedFiles: readonly string[];
	/** Milliseconds for looking (sweep and hashes), beside the two probes' own `durationMs`. */
	readonly filesMs: number;
	/** Wall-clock milliseconds of the whole; the probes overlap. */
	readonly durationMs: number;
}

/** All findings, failing tests first. */
export function findingsOf(report: WorkspaceReport): readonly Finding[] {
	return [
		...(report.pytest.status === "not-run" ? [] : report.pytest.findings),
		...(report.ruff.status === "not-run" ? [] : report.ruff.findings),
	];
}

/** @param message the cause, for people @param fix the next step, for people */
export function notRun(reason: NotRunReason, message: string, fix: string): NotRunAnswer {
	return { status: "not-run", reason, message, fix };
}

/** A crash or a timeout may be the machine's mood; a missing tool may be installed the next moment. */
export function isLasting(judged: { readonly status: "clean" | "findings" } | NotRunAnswer): boolean {
	return judged.status !== "not-run" || judged.reason === "no-tests" || judged.reason === "disabled";
}

/** The report of one probe. */
export function reportOf(report: WorkspaceReport, probe: ProbeName): ProbeReport {
	return probe === "ruff" ? report.ruff : report.pytest;
}

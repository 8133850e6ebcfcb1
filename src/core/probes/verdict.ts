/** Both probes' answers as one state in words. Not run is not passed: only probes that ran in full make green. */
import type { Verdict } from "../events.ts";
import { deltaOf } from "./delta.ts";
import type { LintReport, ProbeReport, TestReport, WorkspaceReport } from "./report.ts";
import { findingsOf } from "./report.ts";

/**
 * The verdict on a workspace's content.
 * @param previous the report before, for the delta; null at the first
 */
export function verdictOf(report: WorkspaceReport, previous: WorkspaceReport | null): Verdict {
	const findings = findingsOf(report);
	const state = stateOf(report, findings.length);
	const parts = [testWords(report.pytest), lintWords(report.ruff)];
	return {
		state,
		detail: [...parts, ...(state === "affected-green" ? ["full run pending"] : [])].join(", "),
		failing: report.pytest.status === "not-run" ? [] : report.pytest.findings.map(({ testId }) => testId),
		findings: findings.length,
		delta: deltaOf(previous, report),
	};
}

function stateOf({ ruff, pytest }: WorkspaceReport, findings: number): Verdict["state"] {
	if (findings > 0) return "failing";
	const probes: readonly ProbeReport[] = [pytest, ruff];
	if (probes.some((probe) => probe.status === "not-run" && probe.reason !== "disabled")) return "not-run";
	const ran = probes.filter((probe) => probe.status !== "not-run");
	// Both switched off: nothing was asked, so nothing passed.
	if (ran.length === 0) return "not-run";
	return ran.some((probe) => probe.scope === "affected") ? "affected-green" : "green";
}

function testWords(report: TestReport): string {
	if (report.status === "not-run") {
		return report.reason === "no-tests" ? `no tests: ${report.message}` : notRunWords("pytest", report);
	}
	const { passed, failed, skipped, errors } = report.counts;
	const known: readonly (readonly [number, string])[] = [
		[failed, "failed"],
		[errors, plural(errors, "error")],
		[passed, "passed"],
		[skipped, "skipped"],
	];
	const words = known.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
	const scope = report.scope === "affected" ? " of the affected tests" : "";
	return `${words.join(", ") || "0 passed"}${scope}`;
}

function lintWords(report: LintReport): string {
	if (report.status === "not-run") return notRunWords("lint", report);
	const count = report.findings.length;
	return count === 0 ? "lint clean" : `${count} lint ${plural(count, "finding")}`;
}

function notRunWords(probe: string, { reason, message }: { reason: string; message: string }): string {
	return reason === "disabled" ? `${probe} is switched off` : `${probe} did not run: ${message}`;
}

function plural(count: number, word: string): string {
	return count === 1 ? word : `${word}s`;
}

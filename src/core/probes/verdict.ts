/** Both probes' answers as one state in words. Not run is not passed: only probes that ran in full make green. */
import type { Verdict } from "../events.ts";
import { deltaOf } from "./delta.ts";
import type { LintReport, ProbeReport, TestCounts, TestReport, WorkspaceReport } from "./report.ts";
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
	const words = countWords(report.counts);
	return report.scope === "affected" ? `${words} of the affected tests` : words;
}

function countWords({ passed, failed, skipped, errors }: TestCounts): string {
	const words = [
		failed === 0 ? "" : `${failed} failed`,
		errors === 0 ? "" : errors === 1 ? "1 error" : `${errors} errors`,
		passed === 0 ? "" : `${passed} passed`,
		skipped === 0 ? "" : `${skipped} skipped`,
	];
	return words.filter((each) => each !== "").join(", ") || "0 passed";
}

function lintWords(report: LintReport): string {
	if (report.status === "not-run") return notRunWords("lint", report);
	const count = report.findings.length;
	if (count === 0) return "lint clean";
	return count === 1 ? "1 lint finding" : `${count} lint findings`;
}

function notRunWords(probe: string, { reason, message }: { reason: string; message: string }): string {
	return reason === "disabled" ? `${probe} is switched off` : `${probe} did not run: ${message}`;
}

/** What the model hears of a probe: the delta first, then at most ten findings, each with its place and last workspace frame. */
import type { Verdict } from "../events.ts";
import type { Finding } from "../probes/finding.ts";
import { findingsOf, type WorkspaceReport } from "../probes/report.ts";
import { visible } from "../visible-text.ts";

export const MAX_FINDINGS = 10;
const MAX_MESSAGE_CHARS = 300;

/**
 * The message after a probe.
 * @param round 1-based; the first has no delta
 * @param tellsDelta whether later rounds begin with theirs
 */
export function probeMessage(round: number, verdict: Verdict, report: WorkspaceReport, tellsDelta = true): string {
	const findings = findingsOf(report);
	const lines = [`PROBE ${round}: ${verdict.state}`];
	if (round > 1 && tellsDelta) {
		const { fixed, added, still } = verdict.delta;
		lines.push(`since last round: fixed ${fixed}, new ${added}, still failing ${still}`);
	}
	for (const probe of [report.pytest, report.ruff]) {
		if (probe.status === "not-run" && probe.reason !== "disabled")
			lines.push(`${probe.probe} did not run: ${probe.message}`);
	}
	lines.push(...findings.slice(0, MAX_FINDINGS).map(findingLine));
	lines.push(...hintsOf(findings.slice(0, MAX_FINDINGS)).map((hint) => `hint: ${hint}`));
	if (findings.length > MAX_FINDINGS) lines.push(`(+${findings.length - MAX_FINDINGS} more)`);
	if (verdict.state === "green") lines.push("All tests pass and lint is clean.");
	if (verdict.state === "affected-green") lines.push("The affected tests pass and lint is clean; full run pending.");
	return visible(lines.join("\n"));
}

/** Each once: a module that is not found fails many files. */
function hintsOf(findings: readonly Finding[]): readonly string[] {
	const hints = findings.map((finding) => (finding.probe === "pytest" ? finding.hint : undefined));
	return [...new Set(hints)].filter((hint) => hint !== undefined);
}

function findingLine(finding: Finding): string {
	const message = capped(oneLine(plainly(finding.message)));
	if (finding.probe === "ruff")
		return `- LINT ${finding.file}:${finding.line}:${finding.column} ${finding.code} ${message}`;
	const head = `- FAIL ${finding.testId} (${finding.file}:${finding.line}) ${message}`;
	if (finding.frame === null) return head;
	const { file, line, functionName, source } = finding.frame;
	return `${head}\n    at ${file}:${line} in ${functionName}: ${capped(oneLine(source))}`;
}

/** Python's own words for it lead small models to import the name where it is to be defined, or to blame the wrong module. */
function plainly(message: string): string {
	const circular = message.replace(
		/from partially initialized module '([\w.]+)' \(most likely due to a circular import\) \([^()\n]{0,500}\)/,
		"from $1, which imports this module itself (a circular import)",
	);
	return circular.replace(
		/cannot import name '(\w+)' from '[\w.]+' \((?:[^()\n]{0,500}[/\\])?([\w-]+\.py)\)/,
		"cannot import name '$1': $2 does not define it",
	);
}

function oneLine(text: string): string {
	return text
		.split(/\r\n|[\n\r\u2028\u2029]/)
		.map((line) => line.trim())
		.filter((line) => line !== "")
		.join(" | ");
}

function capped(text: string): string {
	return text.length <= MAX_MESSAGE_CHARS ? text : `${text.slice(0, MAX_MESSAGE_CHARS)}...`;
}

/** What a probe shows against the one before: fixed, new and still there. */
import { type Finding, findingKey, type ProbeName } from "./finding.ts";
import { findingsOf, reportOf, type WorkspaceReport } from "./report.ts";

export interface Delta {
	readonly fixed: number;
	readonly added: number;
	readonly still: number;
}

/**
 * Counts findings by key; two equal ones count twice. A probe that did not run has fixed nothing.
 * @param before the probe before, or null at the first, where every finding is new
 */
export function deltaOf(before: WorkspaceReport | null, after: WorkspaceReport): Delta {
	const known = counted(before === null ? [] : findingsOf(before).filter((finding) => wasAsked(after, finding.probe)));
	let still = 0;
	let added = 0;
	for (const finding of findingsOf(after)) {
		const key = findingKey(finding);
		const left = known.get(key) ?? 0;
		if (left > 0) {
			known.set(key, left - 1);
			still += 1;
		} else {
			added += 1;
		}
	}
	const fixed = [...known.values()].reduce((sum, left) => sum + left, 0);
	return { fixed, added, still };
}

function wasAsked(report: WorkspaceReport, probe: ProbeName): boolean {
	return reportOf(report, probe).status !== "not-run";
}

function counted(findings: readonly Finding[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const finding of findings) {
		const key = findingKey(finding);
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return counts;
}

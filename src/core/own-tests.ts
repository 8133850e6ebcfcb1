/** Tests that the run itself wrote: where one fails, it may be the test that is wrong, and changing it is no cheating. */
import { findingsOf, type WorkspaceReport } from "./probes/report.ts";

/**
 * What the model is told of failing tests of its own; undefined where there are none. Small models hold to a wrong expected value of
 * their own making, round after round (`package-textstats`, docs/quality.md).
 * @param created workspace-relative files that the run made
 */
export function ownTestsHint(report: WorkspaceReport, created: ReadonlySet<string>): string | undefined {
	const failing = findingsOf(report).flatMap(({ probe, file }) => (probe === "pytest" ? [file] : []));
	const own = [...new Set(failing)].filter((file) => created.has(file));
	if (own.length === 0) return undefined;
	return `hint: you wrote ${own.join(", ")} yourself. The code or the test is wrong: hold both against the task's words.`;
}

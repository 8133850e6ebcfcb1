/** What a probe finds in a workspace. Positions are 1-based; columns count UTF-16 code units, as editors do. */

export type ProbeName = "ruff" | "pytest";
export type Severity = "error" | "warning";

interface Place {
	/** Relative to the workspace folder, with forward slashes. */
	readonly file: string;
	readonly line: number;
	readonly column: number;
}

export interface LintFinding extends Place {
	readonly probe: "ruff";
	readonly endLine: number;
	readonly endColumn: number;
	/** Rule, such as `F401`, or `syntax-error`. */
	readonly code: string;
	readonly message: string;
	readonly severity: Severity;
	/** Page that explains the rule, or null. */
	readonly url: string | null;
	/** Whether ruff offers a safe fix. */
	readonly fixable: boolean;
}

export interface TestFinding extends Place {
	readonly probe: "pytest";
	/** pytest's node id, such as `tests/test_a.py::test_b[1]`; for a collection error the file. */
	readonly testId: string;
	/** `failed`: the test's body; `error`: its set-up, tear-down or collection. */
	readonly code: "failed" | "error";
	/** One or a few lines: the exception and, for an assertion, both sides. */
	readonly message: string;
	readonly severity: "error";
	/** What lies behind it, where that can be told: for people and for the model. */
	readonly hint?: string;
	/** Innermost frame in workspace code that is not the test itself, if the failure passed through one. */
	readonly frame: (Place & { readonly functionName: string; readonly source: string }) | null;
}

export type Finding = LintFinding | TestFinding;

/** What makes two findings of different probes the same one, so that moving a line does not make a new finding. */
export function findingKey(finding: Finding): string {
	return finding.probe === "ruff"
		? `ruff|${finding.file}|${finding.code}|${finding.message}`
		: `pytest|${finding.testId}`;
}

/** By place, then by what tells findings of one place apart: the order of every lint list. */
export function compareFindings(one: LintFinding, other: LintFinding): number {
	return (
		compare(one.file, other.file) ||
		one.line - other.line ||
		one.column - other.column ||
		compare(one.code, other.code) ||
		one.endLine - other.endLine ||
		one.endColumn - other.endColumn ||
		compare(one.message, other.message)
	);
}

function compare(one: string, other: string): number {
	return one < other ? -1 : one > other ? 1 : 0;
}

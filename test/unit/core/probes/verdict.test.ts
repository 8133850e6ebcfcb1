import { expect, test } from "vitest";
import { deltaOf } from "../../../../src/core/probes/delta.ts";
import type { LintFinding, TestFinding } from "../../../../src/core/probes/finding.ts";
import type { LintReport, NotRunReason, TestReport, WorkspaceReport } from "../../../../src/core/probes/report.ts";
import { verdictOf } from "../../../../src/core/probes/verdict.ts";

const common = { cache: "miss", why: "first probe", wave: null, form: null, scope: "full", durationMs: 1 } as const;
const counts = { passed: 3, failed: 0, skipped: 0, errors: 0 };

function lint(code: string, line = 1): LintFinding {
	const place = { file: "a.py", line, column: 1, endLine: line, endColumn: 2 };
	return { probe: "ruff", ...place, code, message: code, severity: "error", url: null, fixable: false };
}
function failing(name: string): TestFinding {
	const place = { file: "test_a.py", line: 1, column: 1 };
	const testId = `test_a.py::${name}`;
	return { probe: "pytest", ...place, testId, code: "failed", message: "boom", severity: "error", frame: null };
}
const noLint: LintReport = { probe: "ruff", ...common, status: "clean", findings: [] };
const allPass: TestReport = { probe: "pytest", ...common, status: "clean", findings: [], counts };
function notRun(reason: NotRunReason) {
	return { ...common, status: "not-run", reason, message: `it is ${reason}`, fix: "Do it." } as const;
}
function report(ruff: LintReport = noLint, pytest: TestReport = allPass): WorkspaceReport {
	return { ruff, pytest, changedFiles: [], filesMs: 0, durationMs: 1 };
}
function withFindings(lints: readonly LintFinding[], tests: readonly TestFinding[]): WorkspaceReport {
	return report(
		lints.length === 0 ? noLint : { probe: "ruff", ...common, status: "findings", findings: lints },
		tests.length === 0 ? allPass : { probe: "pytest", ...common, status: "findings", findings: tests, counts },
	);
}

test("both clean in full is green", () => {
	expect(verdictOf(report(), null)).toEqual({
		state: "green",
		detail: "3 passed, lint clean",
		failing: [],
		findings: 0,
		delta: { fixed: 0, added: 0, still: 0 },
	});
});

test("a probe of the affected part alone is never green", () => {
	expect(verdictOf(report({ ...noLint, scope: "affected" }), null).state).toBe("affected-green");
	expect(verdictOf(report(noLint, { ...allPass, scope: "affected" }), null).state).toBe("affected-green");
});

test("one finding of either probe is failing, also when the other did not run", () => {
	expect(verdictOf(withFindings([lint("F401")], []), null).state).toBe("failing");
	expect(verdictOf(withFindings([], [failing("test_a")]), null)).toMatchObject({
		state: "failing",
		failing: ["test_a.py::test_a"],
	});
	const lintOnly = {
		...withFindings([lint("F401")], []),
		pytest: { probe: "pytest", ...notRun("timed-out") } as const,
	};
	expect(verdictOf(lintOnly, null).state).toBe("failing");
});

test.each(["tool-missing", "no-python", "no-tests", "timed-out", "crashed", "cancelled", "bad-config"] as const)(
	"F69 F70: pytest not run (%s) is not passed",
	(reason) => {
		const verdict = verdictOf(report(noLint, { probe: "pytest", ...notRun(reason) }), null);
		expect(verdict.state).toBe("not-run");
		expect(verdict.detail).toContain(`it is ${reason}`);
	},
);

test("no tests is said in these words", () => {
	const verdict = verdictOf(report(noLint, { probe: "pytest", ...notRun("no-tests") }), null);
	expect(verdict.detail).toBe("no tests: it is no-tests, lint clean");
});

test("F69: ruff not run is not passed", () => {
	expect(verdictOf(report({ probe: "ruff", ...notRun("tool-missing") }), null).state).toBe("not-run");
});

test("a probe that was switched off does not stand in the way, both do", () => {
	const noRuff = report({ probe: "ruff", ...notRun("disabled") });
	expect(verdictOf(noRuff, null)).toMatchObject({ state: "green", detail: "3 passed, lint is switched off" });
	expect(verdictOf(report(noRuff.ruff, { probe: "pytest", ...notRun("disabled") }), null).state).toBe("not-run");
});

test("the delta knows a moved finding again and counts equal ones", () => {
	const before = withFindings([lint("F401", 1), lint("F401", 9), lint("E711")], [failing("test_a"), failing("test_b")]);
	const after = withFindings([lint("F401", 5), lint("F821")], [failing("test_b"), failing("test_c")]);
	expect(deltaOf(before, after)).toEqual({ fixed: 3, added: 2, still: 2 });
	expect(deltaOf(null, after)).toEqual({ fixed: 0, added: 4, still: 0 });
});

test("a probe that did not run has fixed nothing", () => {
	const before = withFindings([lint("F401")], [failing("test_a")]);
	const after = { ...before, pytest: { probe: "pytest", ...notRun("crashed") } as const };
	expect(deltaOf(before, after)).toEqual({ fixed: 0, added: 0, still: 1 });
});

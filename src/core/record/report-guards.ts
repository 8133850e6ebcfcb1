/** The guards of a kept report and verdict: exact, so that a field which is added there must be added here. */
import type { Verdict } from "../events.ts";
import type { LintFinding, TestFinding } from "../probes/finding.ts";
import type { ProbeForm, Wave } from "../probes/form.ts";
import type {
	LintReport,
	NotRun,
	NotRunReason,
	ProbeScope,
	TestCounts,
	TestReport,
	WorkspaceReport,
} from "../probes/report.ts";
import {
	type Guard,
	isCount,
	isEither,
	isFlag,
	isKeyOf,
	isListOf,
	isNumber,
	isOneOf,
	isOrNull,
	isShaped,
	isText,
} from "./guards.ts";

const place = { file: isText, line: isNumber, column: isNumber };

export const isLintFinding = isShaped<LintFinding>({
	...place,
	probe: isOneOf("ruff"),
	endLine: isNumber,
	endColumn: isNumber,
	code: isText,
	message: isText,
	severity: isOneOf("error", "warning"),
	url: isOrNull(isText),
	fixable: isFlag,
});

const isAbsent = (value: unknown): value is undefined => value === undefined;

export const isTestFinding = isShaped<TestFinding>({
	...place,
	probe: isOneOf("pytest"),
	testId: isText,
	code: isOneOf("failed", "error"),
	message: isText,
	severity: isOneOf("error"),
	hint: isEither(isText, isAbsent),
	frame: isOrNull(isShaped<NonNullable<TestFinding["frame"]>>({ ...place, functionName: isText, source: isText })),
});

const common = {
	cache: isOneOf("hit", "miss"),
	why: isText,
	scope: isOneOf<ProbeScope>("affected", "full"),
	wave: isOrNull(isKeyOf<Wave>({ A: true, B: true, C: true })),
	form: isOrNull(
		isKeyOf<ProbeForm>({
			resident: true,
			"command-line": true,
			forked: true,
			parked: true,
			"parked-early": true,
			preloaded: true,
			spawned: true,
		}),
	),
	durationMs: isNumber,
};

const notRun = {
	...common,
	status: isOneOf("not-run"),
	reason: isKeyOf<NotRunReason>({
		"tool-missing": true,
		"no-python": true,
		"no-tests": true,
		disabled: true,
		"timed-out": true,
		crashed: true,
		cancelled: true,
		unconfirmed: true,
		"bad-config": true,
	}),
	message: isText,
	fix: isText,
} satisfies { readonly [K in keyof NotRun]-?: Guard<NotRun[K]> };

const isNoFinding: Guard<readonly []> = (value): value is readonly [] => Array.isArray(value) && value.length === 0;

type Status<R extends LintReport | TestReport, S extends R["status"]> = Extract<R, { readonly status: S }>;

const ruff = { ...common, probe: isOneOf("ruff") };
const isLintReport: Guard<LintReport> = isEither(
	isShaped<Status<LintReport, "clean">>({ ...ruff, status: isOneOf("clean"), findings: isNoFinding }),
	isEither(
		isShaped<Status<LintReport, "findings">>({
			...ruff,
			status: isOneOf("findings"),
			findings: isListOf(isLintFinding),
		}),
		isShaped<Status<LintReport, "not-run">>({ ...notRun, probe: isOneOf("ruff") }),
	),
);

const isCounts = isShaped<TestCounts>({ passed: isCount, failed: isCount, skipped: isCount, errors: isCount });
const pytest = { ...common, probe: isOneOf("pytest") };
const isTestReport: Guard<TestReport> = isEither(
	isShaped<Status<TestReport, "clean">>({
		...pytest,
		status: isOneOf("clean"),
		findings: isNoFinding,
		counts: isCounts,
	}),
	isEither(
		isShaped<Status<TestReport, "findings">>({
			...pytest,
			status: isOneOf("findings"),
			findings: isListOf(isTestFinding),
			counts: isCounts,
		}),
		isShaped<Status<TestReport, "not-run">>({ ...notRun, probe: isOneOf("pytest") }),
	),
);

/** Whether a value is a report, finding by finding. */
export const isReport = isShaped<WorkspaceReport>({
	ruff: isLintReport,
	pytest: isTestReport,
	changedFiles: isListOf(isText),
	filesMs: isNumber,
	durationMs: isNumber,
});

export const isVerdict = isShaped<Verdict>({
	state: isOneOf("green", "affected-green", "failing", "not-run"),
	detail: isText,
	failing: isListOf(isText),
	findings: isNumber,
	delta: isShaped<Verdict["delta"]>({ fixed: isNumber, added: isNumber, still: isNumber }),
});

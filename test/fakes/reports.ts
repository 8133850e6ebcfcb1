/** Builders of probe reports, so that a test says only what matters to it. */
import type { LintFinding, TestFinding } from "../../src/core/probes/finding.ts";
import type { Wave } from "../../src/core/probes/form.ts";
import type { NotRunReason, ProbeScope, TestCounts, WorkspaceReport } from "../../src/core/probes/report.ts";

export interface ReportSketch {
	/** Test id to message. */
	readonly failing?: Readonly<Record<string, string>>;
	/** Test id to the frame that its failure passed through: `file:line source`. */
	readonly frames?: Readonly<Record<string, string>>;
	/** Test id to what its failure says is to be done. */
	readonly hints?: Readonly<Record<string, string>>;
	readonly lint?: readonly string[];
	readonly passed?: number;
	readonly skipped?: number;
	readonly pytest?: NotRunReason;
	readonly ruff?: NotRunReason;
	readonly scope?: ProbeScope;
	/** In which tests ran; none did where it is left out. */
	readonly wave?: Wave | null;
	/** Where ruff's is another. */
	readonly lintScope?: ProbeScope;
	readonly changedFiles?: readonly string[];
	/** Of each probe; 5 where it is left out. */
	readonly durationMs?: number;
}

export function failingTest(testId: string, message: string): TestFinding {
	const file = testId.split("::")[0] ?? testId;
	return { probe: "pytest", testId, file, line: 3, column: 1, code: "failed", message, severity: "error", frame: null };
}

/** @param place `file:line CODE message`; `[*]` in the message marks a safe fix, as ruff prints it */
export function lintFinding(place: string): LintFinding {
	const [where = "", code = "", ...message] = place.split(" ");
	const [file = "", line = "1"] = where.split(":");
	return {
		probe: "ruff",
		file,
		line: Number(line),
		column: 1,
		endLine: Number(line),
		endColumn: 2,
		code,
		message: message.join(" "),
		severity: "error",
		url: null,
		fixable: message.includes("[*]"),
	};
}

function frameOf(sketch: string | undefined): TestFinding["frame"] {
	const [, file = "", line = "1", source = ""] = /^([^:]+):(\d+) (.*)$/.exec(sketch ?? "") ?? [];
	return file === "" ? null : { file, line: Number(line), column: 1, functionName: "<module>", source };
}

export function reportOfSketch(sketch: ReportSketch): WorkspaceReport {
	const common = {
		cache: "miss",
		why: "first probe",
		wave: sketch.wave ?? null,
		form: null,
		scope: sketch.scope ?? "full",
		durationMs: sketch.durationMs ?? 5,
	} as const;
	const ofLint = { ...common, scope: sketch.lintScope ?? common.scope } as const;
	const notRun = (reason: NotRunReason) =>
		({ ...common, status: "not-run", reason, message: `it could not (${reason})`, fix: `mend ${reason}` }) as const;
	const failures = Object.entries(sketch.failing ?? {}).map(([id, message]) => ({
		...failingTest(id, message),
		frame: frameOf(sketch.frames?.[id]),
		...(sketch.hints?.[id] === undefined ? {} : { hint: sketch.hints[id] }),
	}));
	const lint = (sketch.lint ?? []).map(lintFinding);
	const counts: TestCounts = {
		passed: sketch.passed ?? 2,
		failed: failures.length,
		skipped: sketch.skipped ?? 0,
		errors: 0,
	};
	return {
		pytest: {
			probe: "pytest",
			...(sketch.pytest !== undefined
				? notRun(sketch.pytest)
				: failures.length > 0
					? ({ ...common, status: "findings", findings: failures, counts } as const)
					: ({ ...common, status: "clean", findings: [], counts } as const)),
		},
		ruff: {
			probe: "ruff",
			...(sketch.ruff !== undefined
				? notRun(sketch.ruff)
				: lint.length > 0
					? ({ ...ofLint, status: "findings", findings: lint } as const)
					: ({ ...ofLint, status: "clean", findings: [] } as const)),
		},
		changedFiles: sketch.changedFiles ?? [],
		filesMs: 1,
		durationMs: 6,
	};
}

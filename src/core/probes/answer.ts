/** What the engine answers to a probe: a report, or that its last one still holds, which takes a few bytes and no list. */
import type { ProbeProgress } from "../ports.ts";
import type { LintReport, TestReport, WorkspaceReport } from "./report.ts";

export type ProbeAnswer =
	| { readonly kind: "report"; readonly report: WorkspaceReport }
	/** The report before this answer was given for the very content and tools that are there now. */
	| { readonly kind: "unchanged"; readonly filesMs: number; readonly durationMs: number };

/** Turns answers into reports, in the order in which they were given. */
export interface AnswerReader {
	/** Tells the progress that an unchanged answer spares. @throws Error for an unchanged answer before any report */
	read(answer: ProbeAnswer, onProgress: (progress: ProbeProgress) => void): WorkspaceReport;
}

export function createAnswerReader(): AnswerReader {
	let last: WorkspaceReport | null = null;
	return {
		read(answer, onProgress) {
			if (answer.kind === "report") {
				last = answer.report;
				return last;
			}
			if (last === null) throw new Error("The probe engine's first answer refers to one before it.");
			const { ruff, pytest } = last;
			const { filesMs, durationMs } = answer;
			const report = { ruff: hitOf(ruff), pytest: hitOf(pytest), changedFiles: [], filesMs, durationMs };
			for (const part of [report.ruff, report.pytest]) {
				onProgress({ kind: "started", probe: part.probe, scope: part.scope, wave: null });
				onProgress({ kind: "finished", report: part });
			}
			return report;
		},
	};
}

function hitOf<Report extends LintReport | TestReport>(report: Report): Report {
	return { ...report, cache: "hit", why: "unchanged", wave: null, form: null, durationMs: 0 };
}

/** Judges the lint of a workspace. An answer counts only for the content it was given for. */
import type { LintReport, ProbeScope } from "../../../core/probes/report.ts";
import { type Content, changesBetween } from "../content/content.ts";
import type { Looks } from "../content/looks.ts";
import { type Asking, type Judged, joined, MAX_ATTEMPTS, unsettled } from "../judging.ts";
import { lintKey } from "../keys.ts";
import type { Linter } from "./linter.ts";

/** @throws signal.reason */
export type LintJudge = (start: Content, asking: Asking) => Promise<Judged<LintReport>>;

export function createLintJudge(linter: Linter, looks: Looks): LintJudge {
	return async (start, { request, toolchain, onProgress, why, signal }) => {
		const startedAt = performance.now();
		let content = start;
		const scope: ProbeScope = linter.scopeOf(content, request, toolchain);
		onProgress({ kind: "started", probe: "ruff", scope, wave: null });
		for (let attempt = 1; ; attempt++) {
			const key = lintKey(content, toolchain);
			const answer = await linter.lint(content, request, toolchain, signal);
			const now = answer.isExact ? content : looks.look();
			const settled = lintKey(now, toolchain) === key;
			if (!settled && attempt < MAX_ATTEMPTS) {
				content = now;
				continue;
			}
			if (settled) linter.keep(content, toolchain, answer);
			const report: LintReport = {
				probe: "ruff",
				cache: answer.cache,
				why: joined(why, answer.note),
				scope: answer.scope,
				wave: null,
				form: answer.form,
				durationMs: performance.now() - startedAt,
				...(settled ? answer.judgement : unsettled(changesBetween(content, now))),
			};
			onProgress({ kind: "finished", report });
			return { report, key, content: now };
		}
	};
}

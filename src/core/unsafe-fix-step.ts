/**
 * Where all tests pass and lint is left, tests can judge what ruff itself calls unsafe: it is done file by file, before a model is
 * asked to write the same by hand, and stays where tests ran for it and passed (docs/quality.md, `lint-comparisons`).
 */
import { type FileFix, fixFile, lintOf, newlyFailing, takeBack } from "./file-fix.ts";
import type { Fixed } from "./fix-step.ts";
import { endFullRun } from "./full-run.ts";
import { linesToFormat, withRepairs } from "./lint-repairs.ts";
import { asksForLint } from "./policy/lint-task.ts";
import { probeAffected } from "./probe-step.ts";
import type { LintFinding } from "./probes/finding.ts";
import type { WorkspaceReport } from "./probes/report.ts";
import type { Probed } from "./round-record.ts";
import type { RoundContext } from "./run-state.ts";

/** Each is probed by itself. */
const MAX_FILES = 20;
/** What it imports and does not use may be what others import from it. */
const PACKAGE = /(?:^|\/)__init__\.py$/;
/** What moves lines comes before what ruff named by its line. */
const PASSES = 3;

/**
 * Fixes what ruff's safe fixes left in files that the run changed; where the task asks for lint, in all with findings.
 * @param probed the round's newest probe
 * @throws what Workspace.apply and probing throw
 */
export async function unsafeFixStep(context: RoundContext, probed: Fixed, signal: AbortSignal): Promise<Fixed> {
	const { options, state } = context;
	if (options.mode === "plan" || !passes(probed.report)) return probed;
	const all = asksForLint(options.task);
	const files = filesOf(probed.report)
		.filter((file) => (all || state.filesChanged.has(file)) && !PACKAGE.test(file))
		.slice(0, MAX_FILES);
	let now = probed;
	for (const file of files) {
		for (let pass = 0; pass < PASSES; pass += 1) {
			const fix = await fixUnsafely(context, file, lintIn(now.report, file), signal);
			if (fix === null) break;
			now = await judge(context, fix, now, signal);
		}
	}
	return now;
}

/** @param findings of the file as it is; null where there is nothing to fix, or the same text was tried before */
async function fixUnsafely(
	context: RoundContext,
	file: string,
	findings: readonly LintFinding[],
	signal: AbortSignal,
): Promise<FileFix | null> {
	const { parts, state, round } = context;
	if (findings.length === 0) return null;
	return fixFile(
		context,
		file,
		async (before) => {
			const attempt = `${file} ${before.hash}`;
			if (state.unsafelyTried.has(attempt)) return null;
			state.unsafelyTried.add(attempt);
			const text = withRepairs(before.text, findings);
			// A line that moved is none that ruff named.
			const formatted = text === before.text ? linesToFormat(findings) : [];
			const fixed = (await parts.probes.fixLint({ file, text, unsafe: true, formatted }, signal)) ?? text;
			if (fixed === before.text) return null;
			await endFullRun(state);
			parts.workspace.beginRound(round);
			return fixed;
		},
		signal,
	);
}

async function judge(context: RoundContext, fix: FileFix, before: Fixed, signal: AbortSignal): Promise<Fixed> {
	const { parts, emit, clock, round } = context;
	const startedAt = clock.now();
	const { path } = fix.after;
	await parts.record.keep({ kind: "fixed", round, files: [path] });
	// Only the affected part tells whether a test runs what was changed.
	const after = await probeAffected(context, signal, "affected");
	const fault = faultOf(before, after);
	if (fault !== null) await takeBack(context, fix, signal);
	emit({
		type: "lint-fixed",
		round,
		files: [path],
		findingsBefore: lintOf(before.report),
		findingsAfter: lintOf(after.report),
		takenBack: fault !== null,
		reason: fault ?? "what ruff calls unsafe or has no fix for; the tests that it can touch pass",
		durationMs: clock.now() - startedAt,
	});
	return fault === null
		? { ...after, fixedFiles: [...new Set([...before.fixedFiles, path])] }
		: { ...(await probeAffected(context, signal)), fixedFiles: before.fixedFiles };
}

/** What speaks against a fix, in words; null where nothing does. */
function faultOf(before: Probed, after: Probed): string | null {
	const [broken] = newlyFailing(before, after);
	if (broken !== undefined) return `${broken} failed with them`;
	const { pytest } = after.report;
	// Answers that are known of this very content come from tests that ran.
	if (pytest.cache === "miss" && pytest.wave === null) return "no test runs what they change";
	return lintOf(after.report) < lintOf(before.report) ? null : "lint found as much as before";
}

function passes({ pytest }: WorkspaceReport): boolean {
	return pytest.status === "clean" && pytest.counts.passed > 0;
}

function filesOf({ ruff }: WorkspaceReport): readonly string[] {
	return ruff.status === "findings" ? [...new Set(ruff.findings.map(({ file }) => file))] : [];
}

function lintIn({ ruff }: WorkspaceReport, file: string): readonly LintFinding[] {
	return ruff.status === "findings" ? ruff.findings.filter((finding) => finding.file === file) : [];
}

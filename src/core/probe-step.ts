/** The first step of a round: judge the workspace, affected part first; only a full probe may say green. */
import type { Verdict } from "./events.ts";
import type { ProbeProgress, ProbeRequest, Probes } from "./ports.ts";
import type { ProbeName } from "./probes/finding.ts";
import type { WorkspaceReport } from "./probes/report.ts";
import { verdictOf } from "./probes/verdict.ts";
import type { RunContext } from "./run-state.ts";

/** What probing needs of a run; a probe outside a run has this much too. */
export interface ProbeContext extends Pick<RunContext, "emit" | "clock"> {
	readonly parts: { readonly probes: Probes };
}

export interface Probed {
	readonly report: WorkspaceReport;
	readonly verdict: Verdict;
	/** What changed since the probe before, also where it took two looks. */
	readonly files: readonly string[];
	readonly filesMs: number;
	readonly wallMs: number;
}

/**
 * Probes, and probes again in full where the affected part is clean.
 * @param previous the report of the round before, for the delta; null in the first round, which is always full
 */
export async function probeStep(
	context: ProbeContext,
	round: number,
	previous: WorkspaceReport | null,
	signal: AbortSignal,
): Promise<Probed> {
	const startedAt = context.clock.now();
	let report = await probeOnce(
		context,
		round,
		{ scope: previous === null ? "full" : "affected", fresh: false },
		signal,
	);
	let verdict = verdictOf(report, previous);
	let files = report.changedFiles;
	let filesMs = report.filesMs;
	if (verdict.state === "affected-green") {
		report = await probeOnce(context, round, { scope: "full", fresh: false }, signal);
		verdict = verdictOf(report, previous);
		files = [...new Set([...files, ...report.changedFiles])];
		filesMs += report.filesMs;
	}
	const wallMs = context.clock.now() - startedAt;
	context.emit({ type: "verdict", round, files, filesMs, durationMs: wallMs, ...verdict });
	return { report, verdict, files, filesMs, wallMs };
}

async function probeOnce(
	{ parts, emit, clock }: ProbeContext,
	round: number,
	request: ProbeRequest,
	signal: AbortSignal,
): Promise<WorkspaceReport> {
	const open = new Map<ProbeName, number>();
	const onProgress = (progress: ProbeProgress) => {
		if (progress.kind === "started") {
			open.set(progress.probe, clock.now());
			emit({ type: "probe-started", round, probe: progress.probe, scope: progress.scope, wave: progress.wave });
		} else {
			open.delete(progress.report.probe);
			emit({ type: "probe-finished", round, ...progress.report });
		}
	};
	try {
		return await parts.probes.probe(request, onProgress, signal);
	} finally {
		for (const [probe, startedAt] of open) {
			emit({
				type: "probe-finished",
				round,
				probe,
				status: "not-run",
				reason: signal.aborted ? "cancelled" : "crashed",
				message: signal.aborted ? "it was cancelled" : "the probe engine ended before the probe did",
				fix: signal.aborted ? "" : "Run the task again; the log has the engine's last words (Show Log).",
				cache: "miss",
				why: "",
				scope: request.scope,
				wave: null,
				form: null,
				durationMs: clock.now() - startedAt,
			});
		}
	}
}

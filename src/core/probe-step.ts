/** Judging the workspace: the affected part first, then the whole; only the whole may say green. */
import { isAbort } from "./errors.ts";
import type { ProbeProgress, ProbeRequest, Probes } from "./ports.ts";
import type { ProbeName } from "./probes/finding.ts";
import type { ProbeScope, WorkspaceReport } from "./probes/report.ts";
import { verdictOf } from "./probes/verdict.ts";
import type { Probed } from "./round-record.ts";
import type { RoundContext } from "./run-state.ts";

/** What probing needs of a round; a probe outside a run has this much too. Where there is no report before, it is of all. */
export interface ProbeContext extends Pick<RoundContext, "emit" | "clock" | "round" | "previous"> {
	readonly parts: { readonly probes: Probes };
}

/** Probes, and probes again in full where the affected part is clean. */
export async function probeStep(context: ProbeContext, signal: AbortSignal): Promise<Probed> {
	const affected = await probeAffected(context, signal);
	if (affected.verdict.state !== "affected-green") return affected;
	return probeWhole(context, affected, { background: false }, signal);
}

/** Probes what changes can have touched. @param scope of a round's first probe, unless a probe before it knows all */
export async function probeAffected(
	context: ProbeContext,
	signal: AbortSignal,
	scope: ProbeScope = context.previous === null ? "full" : "affected",
): Promise<Probed> {
	return judge(context, { scope, fresh: false }, { files: [], filesMs: 0, wallMs: 0 }, signal);
}

/**
 * Probes the whole after its affected part.
 * @param affected what the part said
 */
export async function probeWhole(
	context: ProbeContext,
	affected: Probed,
	{ background }: { readonly background: boolean },
	signal: AbortSignal,
): Promise<Probed> {
	const request: ProbeRequest = { scope: "full", fresh: false, ...(background ? { background } : {}) };
	return judge(context, request, affected, signal);
}

async function judge(
	context: ProbeContext,
	request: ProbeRequest,
	before: Pick<Probed, "files" | "filesMs" | "wallMs">,
	signal: AbortSignal,
): Promise<Probed> {
	const { round, previous, clock, emit } = context;
	const startedAt = clock.now();
	const report = await probeOnce(context, request, signal);
	const verdict = verdictOf(report, previous);
	const files = [...new Set([...before.files, ...report.changedFiles])];
	const filesMs = before.filesMs + report.filesMs;
	const wallMs = before.wallMs + clock.now() - startedAt;
	// One beside the model that came to no verdict is asked again; what was judged before it stands till then.
	const saysNothing = request.background === true && report.pytest.status === "not-run";
	if (!saysNothing) emit({ type: "verdict", round, files, filesMs, durationMs: wallMs, ...verdict });
	return { report, verdict, files, filesMs, wallMs };
}

async function probeOnce(
	{ parts, emit, clock, round }: ProbeContext,
	request: ProbeRequest,
	signal: AbortSignal,
): Promise<WorkspaceReport> {
	const open = new Map<ProbeName, number>();
	const beside = request.background === true ? ({ background: true } as const) : {};
	const onProgress = (progress: ProbeProgress) => {
		if (progress.kind === "started") {
			const { probe, scope, wave } = progress;
			open.set(probe, clock.now());
			emit({ type: "probe-started", round, probe, scope, wave, ...beside });
		} else if (progress.kind === "failing") {
			emit({ type: "probe-failing", round, finding: progress.finding });
		} else {
			open.delete(progress.report.probe);
			emit({ type: "probe-finished", round, ...progress.report, ...beside });
		}
	};
	let ending: typeof CANCELLED | typeof CRASHED = CRASHED;
	try {
		return await parts.probes.probe(request, onProgress, signal);
	} catch (error) {
		if (isAbort(error)) ending = CANCELLED;
		throw error;
	} finally {
		for (const [probe, startedAt] of open) {
			emit({
				type: "probe-finished",
				round,
				probe,
				status: "not-run",
				...ending,
				cache: "miss",
				why: "",
				scope: request.scope,
				wave: null,
				form: null,
				durationMs: clock.now() - startedAt,
				...beside,
			});
		}
	}
}

const CANCELLED = { reason: "cancelled", message: "it was cancelled", fix: "" } as const;
const CRASHED = {
	reason: "crashed",
	message: "the probe engine ended before the probe did",
	fix: "Run the task again; the log has the engine's last words (Show Log).",
} as const;

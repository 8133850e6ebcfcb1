/** Judging the workspace: the affected part first, then the whole; only the whole may say green. */
import { isAbort } from "./errors.ts";
import type { ProbeProgress, ProbeRequest, Probes } from "./ports.ts";
import type { ProbeName } from "./probes/finding.ts";
import type { WorkspaceReport } from "./probes/report.ts";
import { verdictOf } from "./probes/verdict.ts";
import type { Probed } from "./round-record.ts";
import type { RunContext } from "./run-state.ts";

/** What probing needs of a run; a probe outside a run has this much too. */
export interface ProbeContext extends Pick<RunContext, "emit" | "clock"> {
	readonly parts: { readonly probes: Probes };
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
	const affected = await probeAffected(context, round, previous, signal);
	if (affected.verdict.state !== "affected-green") return affected;
	return probeWhole(context, round, affected, previous, { background: false }, signal);
}

/**
 * Probes what changes can have touched.
 * @param previous as for `probeStep`
 */
export async function probeAffected(
	context: ProbeContext,
	round: number,
	previous: WorkspaceReport | null,
	signal: AbortSignal,
): Promise<Probed> {
	const request: ProbeRequest = { scope: previous === null ? "full" : "affected", fresh: false };
	return judge(context, round, request, { files: [], filesMs: 0, wallMs: 0 }, previous, signal);
}

/**
 * Probes the whole after its affected part.
 * @param affected what the part said
 * @param previous as for `probeStep`
 */
export async function probeWhole(
	context: ProbeContext,
	round: number,
	affected: Probed,
	previous: WorkspaceReport | null,
	{ background }: { readonly background: boolean },
	signal: AbortSignal,
): Promise<Probed> {
	const request: ProbeRequest = { scope: "full", fresh: false, ...(background ? { background } : {}) };
	return judge(context, round, request, affected, previous, signal);
}

async function judge(
	context: ProbeContext,
	round: number,
	request: ProbeRequest,
	before: Pick<Probed, "files" | "filesMs" | "wallMs">,
	previous: WorkspaceReport | null,
	signal: AbortSignal,
): Promise<Probed> {
	const startedAt = context.clock.now();
	const report = await probeOnce(context, round, request, signal);
	const verdict = verdictOf(report, previous);
	const files = [...new Set([...before.files, ...report.changedFiles])];
	const filesMs = before.filesMs + report.filesMs;
	const wallMs = before.wallMs + context.clock.now() - startedAt;
	// One beside the model that came to no verdict is asked again; what was judged before it stands till then.
	const saysNothing = request.background === true && report.pytest.status === "not-run";
	if (!saysNothing) context.emit({ type: "verdict", round, files, filesMs, durationMs: wallMs, ...verdict });
	return { report, verdict, files, filesMs, wallMs };
}

async function probeOnce(
	{ parts, emit, clock }: ProbeContext,
	round: number,
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

/** A run in a few figures, for the history and for comparisons; and what its probes would have cost one after the other. */
import type { OutcomeKind, Phases } from "./events.ts";
import type { ProbeName } from "./probes/finding.ts";
import { isAbsentOr, isCount, isKeyOf, isNumber, isShaped, isText, isTrue } from "./record/guards.ts";
import type { ProbeEntry, Timeline } from "./timeline-types.ts";

export interface RunSummary {
	readonly runId: string;
	readonly task: string;
	readonly model: string;
	/** ISO 8601. */
	readonly startedAt: string;
	readonly outcome: OutcomeKind;
	/** Whether it was asked for a plan and gave one: it counts as stopped, and yet nothing went wrong. */
	readonly planned?: true;
	/** As `askedRounds`. */
	readonly rounds: number;
	readonly durationMs: number;
	readonly totals: Phases;
	readonly filesChanged: number;
}

const MAX_TASK_CHARS = 500;

/** Whether a stored value is a run's figures. */
export const isRunSummary = isShaped<RunSummary>({
	runId: isText,
	task: isText,
	model: isText,
	startedAt: isText,
	outcome: isKeyOf<OutcomeKind>({ green: true, stopped: true, failed: true, cancelled: true }),
	planned: isAbsentOr(isTrue),
	rounds: isCount,
	durationMs: isNumber,
	totals: isShaped<Phases>({ model: isNumber, probe: isNumber, context: isNumber, tools: isNumber }),
	filesChanged: isCount,
});

/** Null while the run goes on. */
export function summaryOf(timeline: Timeline, startedAt: string): RunSummary | null {
	const { runId, task, model, outcome, rounds, durationMs, totals, filesChanged } = timeline;
	if (outcome === null || runId === "") return null;
	return {
		runId,
		task: task.slice(0, MAX_TASK_CHARS),
		model,
		startedAt,
		outcome: outcome.kind,
		...(outcome.plan === undefined ? {} : { planned: true as const }),
		rounds: askedRounds(rounds),
		durationMs,
		totals,
		filesChanged: filesChanged.length,
	};
}

/** Rounds in which the model was asked: the last one of a run may be no more than the probe that ends it. */
export function askedRounds(rounds: Timeline["rounds"]): number {
	const last = rounds.at(-1);
	return last === undefined ? 0 : last.round - (last.model === null ? 1 : 0);
}

/** In English, like the command line. */
export function modelCallWords(calls: number): string {
	return calls === 1 ? "1 model call" : `${calls} model calls`;
}

export interface SequentialProbes {
	/** Wall-clock milliseconds that the probes took. */
	readonly tookMs: number;
	/** What the same rounds would have taken with every probe in full, uncached, one after the other. */
	readonly sequentialMs: number;
	/** Full, uncached probes that were measured: `sequentialMs` is made of their durations alone. */
	readonly measured: number;
}

/**
 * Every round's probes at the duration of their newest full, uncached run. Null where a probe that was asked never ran so:
 * nothing is guessed.
 */
export function sequentialProbes({ rounds }: Pick<Timeline, "rounds">): SequentialProbes | null {
	const full = new Map<ProbeName, number>();
	let measured = 0;
	let tookMs = 0;
	let sequentialMs = 0;
	for (const { probes, phases } of rounds) {
		if (phases === null) continue;
		const ran = probes.filter(hasRun);
		for (const { probe, scope, cache, durationMs } of ran) {
			if (scope !== "full" || cache !== "miss") continue;
			full.set(probe, durationMs);
			measured += 1;
		}
		for (const probe of new Set(ran.map((entry) => entry.probe))) {
			const durationMs = full.get(probe);
			if (durationMs === undefined) return null;
			sequentialMs += durationMs;
		}
		tookMs += phases.probe;
	}
	return measured === 0 ? null : { tookMs, sequentialMs, measured };
}

function hasRun(entry: ProbeEntry): entry is Extract<ProbeEntry, { status: "clean" | "findings" }> {
	return entry.status === "clean" || entry.status === "findings";
}

/** A report as rows that can be shown: figures with their number of samples, a rank, for whom a model fits, what has changed. */
import type { ToolProtocol } from "../model/conversation.ts";
import type { BenchmarkReport, ModelBenchmark, RateSample } from "./report.ts";

export interface Spread {
	readonly median: number;
	readonly min: number;
	readonly max: number;
	readonly n: number;
}

/** `k` of `n`, and half the width of its 95 % interval in percentage points (Wilson). */
export interface Share {
	readonly k: number;
	readonly n: number;
	readonly errorPoints: number;
}

/**
 * For whom a model fits: `first` is the fastest to green of those that may be trusted with a task; `reliable` may be, too; `edits` calls
 * tools well and does not finish tasks; `answers` does neither and is quick to answer.
 */
export type FitsFor = "first" | "reliable" | "edits" | "answers" | "nobody" | "unknown";

export interface BenchmarkRow {
	readonly model: string;
	readonly about: string;
	/** 1 is the best; null where it is not to be trusted with a task, or was not measured to the end. */
	readonly rank: number | null;
	readonly fitsFor: FitsFor;
	readonly protocol: ToolProtocol;
	readonly simpleMs: Spread | null;
	readonly firstTokenMs: Spread | null;
	readonly toolMs: Spread | null;
	readonly valid: Share | null;
	readonly right: Share | null;
	/** Files in calls that are whole and define what was asked for. */
	readonly files: Share | null;
	/** Calls that were not made where none was wanted. */
	readonly restraint: Share | null;
	readonly green: Share | null;
	readonly timeToGreenMs: Spread | null;
	readonly rounds: number | null;
	readonly readPerSecond: Spread | null;
	readonly writePerSecond: Spread | null;
	readonly coldStartMs: number | null;
	readonly prefixKept: boolean | null;
	readonly memoryBytes: number | null;
	readonly gpuPercent: number | null;
	readonly contextLength: number;
	readonly notes: readonly string[];
	/** Against the last run with the same files of the model; ratios of now to then. */
	readonly change: {
		readonly at: string;
		readonly timeToGreen: number | null;
		readonly writing: number | null;
		readonly valid: Share | null;
		readonly green: Share | null;
	} | null;
}

/** What a model must reach to be trusted with a task. */
const MIN_VALID = 0.8;
const MIN_GREEN = 2 / 3;

/** The best first, those without a rank last. @param last the run before, or null */
export function tableOf(report: BenchmarkReport, last: BenchmarkReport | null): readonly BenchmarkRow[] {
	const rows = report.models.map((model) => rowOf(model, last));
	const ranked = rows
		.filter((row) => isTrusted(row) && row.timeToGreenMs !== null)
		.sort((a, b) => (a.timeToGreenMs?.median ?? 0) - (b.timeToGreenMs?.median ?? 0))
		.map((row, index): BenchmarkRow => ({ ...row, rank: index + 1, fitsFor: index === 0 ? "first" : "reliable" }));
	const others = rows.filter(({ model }) => !ranked.some((row) => row.model === model));
	return [
		...ranked,
		...others.sort((a, b) => shareOf(b.green) - shareOf(a.green) || shareOf(b.valid) - shareOf(a.valid)),
	];
}

function rowOf(measured: ModelBenchmark, last: BenchmarkReport | null): BenchmarkRow {
	const { tools, projects, protocol, memory, simple } = measured;
	const own = tools.filter((sample) => sample.protocol === protocol);
	const greens = projects.filter(({ green }) => green);
	const valid = share(own, (sample) => sample.valid);
	const green = share(projects, (sample) => sample.green);
	return {
		model: measured.model,
		about: [gigabytes(measured.sizeBytes), measured.parameterSize, measured.quantization].filter(Boolean).join(" · "),
		rank: null,
		fitsFor: fitOf(measured, valid),
		protocol,
		simpleMs: spread(simple.map(({ totalMs }) => totalMs)),
		firstTokenMs: spread(simple.map(({ firstTokenMs }) => firstTokenMs)),
		toolMs: spread(own.filter(({ wanted, valid: good }) => wanted > 0 && good).map(({ durationMs }) => durationMs)),
		valid,
		right: share(own, (sample) => sample.right),
		files: share(
			own.filter(({ goodFile }) => goodFile !== null),
			(sample) => sample.goodFile === true,
		),
		restraint: share(
			own.filter(({ wanted }) => wanted === 0),
			(sample) => sample.valid,
		),
		green,
		timeToGreenMs: spread(greens.map(({ durationMs }) => durationMs)),
		rounds: spread(greens.map(({ rounds }) => rounds))?.median ?? null,
		readPerSecond: spread(measured.prefill.flatMap(perSecond)),
		writePerSecond: spread(measured.decode.flatMap(perSecond)),
		coldStartMs: measured.coldStartMs,
		prefixKept: measured.prefixKept,
		memoryBytes: memory?.sizeBytes ?? null,
		gpuPercent: memory === null || memory.sizeBytes === 0 ? null : (memory.vramBytes / memory.sizeBytes) * 100,
		contextLength: measured.contextLength,
		notes: notesOf(measured),
		change: changeOf(measured, last),
	};
}

function isTrusted({ valid, green }: Pick<BenchmarkRow, "valid" | "green">): boolean {
	return shareOf(valid) >= MIN_VALID && shareOf(green) >= MIN_GREEN;
}

function fitOf({ failure, simple }: ModelBenchmark, valid: Share | null): FitsFor {
	if (valid === null) return failure === null && simple.length > 0 ? "answers" : "unknown";
	if (valid.k / valid.n >= MIN_VALID) return "edits";
	return valid.k / valid.n >= 0.5 ? "answers" : "nobody";
}

function notesOf({ cutSteps, noProjects, failure }: ModelBenchmark): readonly string[] {
	return [
		...(cutSteps.length === 0 ? [] : [`The time limit cut short: ${cutSteps.join(", ")}.`]),
		...(noProjects === null ? [] : [`No small project was tried: ${noProjects}`]),
		...(failure === null ? [] : [`Ended early: ${failure}`]),
	];
}

function changeOf(measured: ModelBenchmark, last: BenchmarkReport | null): BenchmarkRow["change"] {
	const before = last?.models.find(({ model, digest }) => model === measured.model && digest === measured.digest);
	if (last === null || before === undefined) return null;
	const then = rowOf(before, null);
	const now = rowOf(measured, null);
	return {
		at: last.at,
		timeToGreen: ratio(now.timeToGreenMs, then.timeToGreenMs),
		writing: ratio(now.writePerSecond, then.writePerSecond),
		valid: then.valid,
		green: then.green,
	};
}

function ratio(now: Spread | null, then: Spread | null): number | null {
	return now === null || then === null || then.median === 0 ? null : now.median / then.median;
}

function perSecond({ tokens, ms }: RateSample): readonly number[] {
	return ms > 0 ? [(tokens / ms) * 1000] : [];
}

/** Null for no samples: a figure that was not measured is none. */
export function spread(samples: readonly number[]): Spread | null {
	const sorted = [...samples].sort((a, b) => a - b);
	const [min] = sorted;
	const max = sorted.at(-1);
	const middle = sorted[Math.floor((sorted.length - 1) / 2)];
	const next = sorted[Math.ceil((sorted.length - 1) / 2)];
	if (min === undefined || max === undefined || middle === undefined || next === undefined) return null;
	return { median: (middle + next) / 2, min, max, n: sorted.length };
}

function share<T extends object>(samples: readonly T[], holds: (sample: T) => boolean): Share | null {
	const n = samples.length;
	if (n === 0) return null;
	const k = samples.filter(holds).length;
	const z = 1.96;
	const half = (z / (1 + (z * z) / n)) * Math.sqrt(((k / n) * (1 - k / n)) / n + (z * z) / (4 * n * n));
	return { k, n, errorPoints: Math.round(half * 100) };
}

function shareOf(value: Share | null): number {
	return value === null ? 0 : value.k / value.n;
}

function gigabytes(bytes: number): string {
	return bytes > 0 ? `${(bytes / 1e9).toFixed(1)} GB` : "";
}

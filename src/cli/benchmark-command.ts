/** `jetbox models --benchmark`: the classic table first, then what ranks, then what has changed. */
import { type BenchmarkRow, type FitsFor, type Share, type Spread, tableOf } from "../core/benchmark/table.ts";
import { jsonLine, visible } from "../core/visible-text.ts";
import type { Command } from "./arguments.ts";
import { type CliEnvironment, type ExitCode, obtainServerConsent, openFolder } from "./environment.ts";

const MS_PER_SECOND = 1000;

const FITS: Readonly<Record<FitsFor, string>> = {
	first: "first choice here",
	reliable: "for whole tasks",
	edits: "for single edits, with a look at each",
	answers: "for questions, not for edits",
	nobody: "its calls are not to be relied on",
	unknown: "not measured",
};

/** Measures the installed models, or those named by --only; 0 where every one was measured, 1 where one failed. */
export async function benchmarkCommand(
	command: Extract<Command, { kind: "models" }>,
	environment: CliEnvironment,
	signal: AbortSignal,
): Promise<ExitCode> {
	const { terminal } = environment;
	const machine = environment.machine({ ...command, sandbox: "auto" });
	await obtainServerConsent(environment, machine, signal);
	const [last] = await machine.benchmarks(1);
	const request = { only: command.only, minutesPerModel: command.minutes, root: await openFolder(".") };
	const report = await machine.benchmark(request, (step) => terminal.err(visible(step)), signal);
	const table = tableOf(report, last ?? null);
	if (command.json) terminal.out(jsonLine({ report, table }));
	else for (const line of linesOf(table)) terminal.out(visible(line));
	return report.models.every(({ failure }) => failure === null) ? 0 : 1;
}

function linesOf(table: readonly BenchmarkRow[]): readonly string[] {
	if (table.length === 0) return ["There is no model to measure."];
	const classic = [
		["model", "simple question", "tool call", "tool support", "for whom"],
		...table.map((row) => [row.model, time(row.simpleMs), time(row.toolMs), support(row), FITS[row.fitsFor]]),
	];
	const measured = [
		["model", "rank", "to green", "time to green", "right calls", "reads/s", "writes/s", "cold start", "prefix"],
		...table.map((row) => [
			row.model,
			row.rank === null ? "-" : String(row.rank),
			share(row.green),
			time(row.timeToGreenMs),
			share(row.right),
			rate(row.readPerSecond),
			rate(row.writePerSecond),
			row.coldStartMs === null ? "-" : seconds(row.coldStartMs),
			row.prefixKept === null ? "-" : row.prefixKept ? "kept" : "lost",
		]),
	];
	const notes = table.flatMap((row) => [...row.notes.map((note) => `${row.model}: ${note}`), ...changes(row)]);
	return [...columns(classic), "", ...columns(measured), ...(notes.length > 0 ? ["", ...notes] : [])];
}

function changes({ model, change }: BenchmarkRow): readonly string[] {
	if (change === null) return [];
	const parts = [
		change.timeToGreen === null ? "" : `time to green x${change.timeToGreen.toFixed(2)}`,
		change.writing === null ? "" : `writing x${change.writing.toFixed(2)}`,
		change.green === null ? "" : `then ${share(change.green)} to green`,
	].filter((part) => part !== "");
	return parts.length === 0 ? [] : [`${model}, against ${change.at}: ${parts.join(", ")}.`];
}

function support({ protocol, valid }: BenchmarkRow): string {
	return valid === null ? "-" : `${protocol}, ${valid.k} of ${valid.n} valid (+-${valid.errorPoints} %)`;
}

function share(value: Share | null): string {
	return value === null ? "-" : `${value.k} of ${value.n}`;
}

function time(value: Spread | null): string {
	return value === null ? "-" : `${seconds(value.median)} (${seconds(value.min)}..${seconds(value.max)}, n ${value.n})`;
}

function rate(value: Spread | null): string {
	return value === null ? "-" : value.median.toFixed(1);
}

function seconds(ms: number): string {
	return ms < MS_PER_SECOND ? `${Math.round(ms)} ms` : `${(ms / MS_PER_SECOND).toFixed(1)} s`;
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
	const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
	return rows.map((row) =>
		row
			.map((cell, at) => cell.padEnd(widths[at] ?? 0))
			.join("  ")
			.trimEnd(),
	);
}

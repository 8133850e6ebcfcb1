/** ROUND lines: one a round, for logs, terminals and comparisons by grep. The form is part of the headless contract. */
import type { ModelEntry, ProbeEntry, RoundEntry } from "./timeline.ts";

/** The line of a finished round; times in whole milliseconds. */
export function formatRoundLine(entry: RoundEntry): string {
	const phases = entry.phases ?? { model: 0, probe: 0, context: 0, tools: 0 };
	return [
		`ROUND ${entry.round}`,
		`model ${ms(phases.model)} ms ${modelDetail(entry.model)}`,
		`probe ${ms(phases.probe)} ms (${probeDetail(entry)})`,
		`context ${ms(phases.context)} ms`,
		`tools ${ms(phases.tools)} ms`,
		`total ${ms(entry.durationMs ?? 0)} ms`,
		verdictDetail(entry),
	].join(" | ");
}

function modelDetail(model: ModelEntry | null): string {
	if (model === null) return "(not called)";
	const { loadMs, prefillMs, decodeMs, promptTokens, cachedTokens, outputTokens } = model;
	const cached = cachedTokens === null ? "cached unknown" : `${cachedTokens} cached`;
	return `(load ${ms(loadMs)}, prefill ${ms(prefillMs)}, decode ${ms(decodeMs)}; ${promptTokens} tok in, ${cached}, ${outputTokens} out)`;
}

function probeDetail({ probes, filesMs }: RoundEntry): string {
	const parts = (["ruff", "pytest"] as const).map((name) => {
		const entries = probes.filter(({ probe }) => probe === name);
		const last = entries.at(-1);
		if (last?.status === "not-run") return `${name} not run: ${last.reason}`;
		return `${name} ${ms(entries.reduce((sum, entry) => sum + durationOf(entry), 0))}`;
	});
	const finished = probes.filter((entry) => entry.status !== "running");
	const missed = finished.find((entry) => entry.cache === "miss");
	const cache = finished.length === 0 ? "unfinished" : missed === undefined ? "hit" : `miss: ${missed.why}`;
	return `${parts.join(", ")}, files ${ms(filesMs)}; ${cache}`;
}

function durationOf(entry: ProbeEntry): number {
	return entry.status === "running" ? 0 : entry.durationMs;
}

function verdictDetail({ verdict }: RoundEntry): string {
	if (verdict === null) return "no verdict";
	if (verdict.state === "affected-green") return `affected tests pass, full run pending, ${verdict.delta.fixed} fixed`;
	if (verdict.state !== "failing") return `${verdict.state}, ${verdict.delta.fixed} fixed`;
	return `${verdict.failing.length} failing, ${verdict.delta.fixed} fixed`;
}

function ms(value: number): number {
	return Math.round(value);
}

export const PHASES = ["model", "probe", "context", "tools", "total"] as const;

/** Milliseconds of one ROUND line. */
export type RoundTimes = { readonly [phase in (typeof PHASES)[number]]: number };

/** The times of all ROUND lines in a log, in their order; other lines are passed over. */
export function parseRoundLines(text: string): readonly RoundTimes[] {
	return text
		.split("\n")
		.filter((line) => /^(?:.*\s)?ROUND \d+ \| /.test(line))
		.map((line) => {
			const time = (phase: string) => Number(new RegExp(`\\| ${phase} (\\d+) ms`).exec(line)?.[1] ?? 0);
			return {
				model: time("model"),
				probe: time("probe"),
				context: time("context"),
				tools: time("tools"),
				total: time("total"),
			};
		});
}

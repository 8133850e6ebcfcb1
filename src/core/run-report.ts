/** A finished run as a Markdown page or as JSON, for a person to hand on. In English, like the command line. */
import { type Known, redact, redactAll } from "./redaction.ts";
import { formatRoundLine } from "./round-line.ts";
import { modelCallWords, type RunSummary, sequentialProbes } from "./run-summary.ts";
import type { RoundEntry, Timeline } from "./timeline-types.ts";

/** A run of the history, whole. */
export interface PastRun {
	readonly summary: RunSummary;
	readonly timeline: Timeline;
}

/** Version of the exported form. */
const FORM = 1;

export function runAsJson(run: PastRun, known: Known): string {
	return `${JSON.stringify(redactAll({ jetboxRun: FORM, ...run }, known), null, "\t")}\n`;
}

export function runAsMarkdown({ summary, timeline }: PastRun, known: Known): string {
	const { outcome, filesChanged, rounds, verdict, baseline } = timeline;
	const lines = [
		`# Jetbox run of ${summary.startedAt}`,
		"",
		...quoted(summary.task),
		"",
		`- Model: ${summary.model}`,
		`- Outcome: **${summary.planned ? "planned" : summary.outcome}**. ${outcome?.reason ?? ""}`,
		`- ${modelCallWords(summary.rounds)} in ${seconds(summary.durationMs)}`,
		`- At the start: ${baseline?.detail ?? "not known"}; at the end: ${verdict?.detail ?? "not known"}`,
		`- Files changed: ${filesChanged.map(code).join(", ") || "none"}`,
		...sequentialLine(timeline),
		"",
		"## Rounds",
		"",
		...rounds.flatMap(roundLines),
	];
	return redact(`${lines.join("\n").trimEnd()}\n`, known);
}

function sequentialLine(timeline: Timeline): readonly string[] {
	const compared = sequentialProbes(timeline);
	if (compared === null) return [];
	const { tookMs, sequentialMs, measured } = compared;
	return [
		`- Probes took ${seconds(tookMs)}; in full, uncached and one after the other about ${seconds(sequentialMs)} (reckoned from ${measured} measured ones)`,
	];
}

function roundLines(round: RoundEntry): readonly string[] {
	const calls = round.tools.map(({ name, target, result }) => {
		const end = result === null ? "not finished" : result.ok ? "ok" : result.code;
		return `- ${code(name)} ${code(target)}: ${end}`;
	});
	const { verdict } = round;
	return [
		`### Round ${round.round}`,
		"",
		`${verdict?.detail ?? "No verdict."}`,
		"",
		code(formatRoundLine(round)),
		"",
		...calls,
		...(calls.length > 0 ? [""] : []),
	];
}

function quoted(text: string): readonly string[] {
	return text.split("\n").map((line) => `> ${line}`);
}

/** In backticks, more of them than stand within. */
function code(text: string): string {
	const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
	const fence = "`".repeat(longest + 1);
	const line = text.replaceAll("\n", " ");
	return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}

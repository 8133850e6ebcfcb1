/** A run for people: what happens now, each round's line, and at the end where the time went. */
import { escalationWords, lintFixedWords } from "../core/event-words.ts";
import type { EventSink, RunEvent } from "../core/events.ts";
import type { Finding } from "../core/probes/finding.ts";
import { formatRoundLine } from "../core/round-line.ts";
import { askedRounds, modelCallWords } from "../core/run-summary.ts";
import { EMPTY_TIMELINE, reduce, type Timeline } from "../core/timeline.ts";
import { visible } from "../core/visible-text.ts";
import type { Terminal } from "./terminal.ts";

/** @param label words that must stand wherever the model is named, or null */
export function createHumanSink(terminal: Terminal, label: string | null): EventSink {
	let timeline: Timeline = EMPTY_TIMELINE;
	/** Of a probe after the round's verdict; why there is another is told after it, and stands before it. */
	let held: readonly string[] | null = null;
	/** Of the test that failed first, told before its probe ended. */
	let early = "";
	const show = (lines: readonly string[]) => {
		for (const line of lines) terminal.err(terminal.style("dim", line));
	};
	return (event) => {
		timeline = reduce(timeline, event);
		const lines = progressLines(event, label).filter((line) => event.type !== "probe-finished" || line !== early);
		if (event.type === "probe-failing") early = lines[0] ?? "";
		if (event.type === "probe-finished" && event.probe === "pytest") early = "";
		const isOfProbe = event.type === "probe-finished" || event.type === "probe-failing";
		if (isOfProbe && held !== null) held = [...held, ...lines];
		else show(lines);
		if (event.type === "verdict") held ??= [];
		else if (!event.type.startsWith("probe-")) {
			show(held ?? []);
			held = event.type === "lint-fixed" ? [] : null;
		}
		if (event.type === "round-finished") {
			const entry = timeline.rounds.find(({ round }) => round === event.round);
			if (entry !== undefined) terminal.out(formatRoundLine(entry));
		}
		if (event.type === "run-finished") for (const line of summary(event, timeline, terminal)) terminal.out(line);
	};
}

/** Writes one ROUND line a round. */
export function createRoundLineSink(write: (line: string) => void): EventSink {
	let timeline: Timeline = EMPTY_TIMELINE;
	return (event) => {
		timeline = reduce(timeline, event);
		if (event.type !== "round-finished") return;
		const entry = timeline.rounds.find(({ round }) => round === event.round);
		if (entry !== undefined) write(formatRoundLine(entry));
	};
}

function progressLines(event: RunEvent, label: string | null): readonly string[] {
	switch (event.type) {
		case "run-started":
			return [
				`Task: ${visible(event.task)}`,
				`Model: ${visible(event.model)} (${event.protocol} calls, ${event.contextLength} tokens of context)`,
				...(label === null ? [] : [label]),
			];
		case "probe-finished":
			if (event.status === "not-run") return [`  ${event.probe} did not run: ${visible(event.message)}`];
			return event.findings.slice(0, 5).map(findingLine);
		case "probe-failing":
			return [findingLine(event.finding)];
		case "model-state":
			return event.state === "loading" ? ["  loading the model..."] : [];
		case "tool-finished":
			return [
				`  ${event.ok ? "done" : "refused"}: ${visible(event.name)} ${visible(firstLine(event.ok ? event.files.join(", ") : event.message))}`,
			];
		case "lint-fixed":
			return [`  ${visible(lintFixedWords(event))}`];
		case "escalated":
			return [`  ${visible(escalationWords(event))}`];
		case "notice":
			return [`  note: ${visible(event.message)}`];
		default:
			return [];
	}
}

function findingLine({ file, line, message }: Finding): string {
	return `  ${visible(`${file}:${line} ${firstLine(message)}`)}`;
}

function summary(
	event: Extract<RunEvent, { type: "run-finished" }>,
	{ rounds }: Timeline,
	terminal: Terminal,
): readonly string[] {
	const { outcome, filesChanged, durationMs, totals } = event;
	const colour = outcome.kind === "green" ? "green" : outcome.kind === "failed" ? "red" : "yellow";
	const share = (ms: number) => `${Math.round(ms)} ms`;
	return [
		"",
		`${terminal.style(colour, outcome.kind.toUpperCase())}: ${visible(outcome.reason)}`,
		...(outcome.fix ? [`Next: ${visible(outcome.fix)}`] : []),
		`${modelCallWords(askedRounds(rounds))} in ${(durationMs / 1000).toFixed(1)} s: model ${share(totals.model)}, probes ${share(totals.probe)}, context ${share(totals.context)}, tools ${share(totals.tools)}`,
		filesChanged.length === 0
			? "No file was changed."
			: `Changed: ${visible(filesChanged.join(", "))}   (jetbox undo puts them back)`,
	];
}

function firstLine(text: string): string {
	return text.split("\n", 1)[0] ?? "";
}

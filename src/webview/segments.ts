/** What a round did when, in lanes: probes beside each other, the model, and Jetbox's own work. */
import type { ModelEntry, RoundEntry } from "../core/timeline.ts";
import type { TimePart } from "./time-parts.ts";

export const LANES = ["ruff", "pytest", "model", "work"] as const;
export type Lane = (typeof LANES)[number];

export interface Segment {
	readonly lane: Lane;
	/** `asking`: the call under way, whose parts the server tells only at its end. */
	readonly part: TimePart | "asking";
	/** Milliseconds since the round began. */
	readonly startMs: number;
	readonly durationMs: number;
	readonly running: boolean;
}

/** More tool calls than this in one round are drawn as one. */
const MAX_TOOL_SEGMENTS = 24;

/** @param now milliseconds since the run began: the end of what still runs */
export function segmentsOf(round: RoundEntry, now: number): readonly Segment[] {
	const since = (at: number) => Math.max(0, at - round.startedAt);
	const probes = round.probes.map((entry): Segment => {
		const running = entry.status === "running";
		const durationMs = running ? now - entry.startedAt : entry.durationMs;
		return { lane: entry.probe, part: entry.probe, startMs: since(entry.startedAt), durationMs, running };
	});
	return [...probes, ...modelSegments(round, now), ...toolSegments(round, now)].filter(
		({ durationMs }) => durationMs > 0,
	);
}

/** Milliseconds of the round so far. */
export function roundMs(round: RoundEntry, now: number): number {
	return Math.max(1, round.durationMs ?? now - round.startedAt);
}

function modelSegments({ startedAt, model, phases }: RoundEntry, now: number): readonly Segment[] {
	if (model === null) return [];
	const at = Math.max(0, model.startedAt - startedAt);
	const contextMs = phases?.context ?? 0;
	const context: Segment = {
		...{ lane: "work", part: "context", startMs: Math.max(0, at - contextMs) },
		...{ durationMs: contextMs, running: false },
	};
	if (!model.finished) {
		const durationMs = now - model.startedAt;
		return [context, { lane: "model", part: "asking", startMs: at, durationMs, running: true }];
	}
	return [context, ...callSegments(model, at)];
}

/** Loading and reading at the call's begin, writing at its end; between them is what the server did not account for. */
function callSegments(model: ModelEntry, at: number): readonly Segment[] {
	const { loadMs, prefillMs, decodeMs, durationMs } = model;
	const lane = "model";
	const decodeAt = at + Math.max(loadMs + prefillMs, durationMs - decodeMs);
	return [
		{ lane, part: "load", startMs: at, durationMs: loadMs, running: false },
		{ lane, part: "prefill", startMs: at + loadMs, durationMs: prefillMs, running: false },
		{ lane, part: "decode", startMs: decodeAt, durationMs: decodeMs, running: false },
	];
}

function toolSegments({ startedAt, tools }: RoundEntry, now: number): readonly Segment[] {
	const [first] = tools;
	if (first === undefined) return [];
	const endOf = (tool: RoundEntry["tools"][number]) =>
		tool.result === null ? now : tool.startedAt + tool.result.durationMs;
	const segment = (part: "tools" | "you", from: number, to: number, running: boolean): Segment => ({
		...{ lane: "work", part, running },
		...{ startMs: Math.max(0, from - startedAt), durationMs: to - from },
	});
	if (tools.length > MAX_TOOL_SEGMENTS)
		return [segment("tools", first.startedAt, Math.max(...tools.map(endOf)), tools.at(-1)?.result === null)];
	return tools.flatMap((tool) => {
		// The question comes before the change: what a tool does before it asks is too short to be seen.
		const answeredAt = tool.startedAt + (tool.result?.waitedMs ?? 0);
		return [
			segment("you", tool.startedAt, answeredAt, false),
			segment("tools", answeredAt, endOf(tool), tool.result === null),
		];
	});
}

/** The seven parts into which a round's time is split, in the order of the bar. */
import type { RoundEntry } from "../core/timeline.ts";

export const TIME_PARTS = ["ruff", "pytest", "context", "load", "prefill", "decode", "tools"] as const;
export type TimePart = (typeof TIME_PARTS)[number];
export type TimeParts = Readonly<Record<TimePart, number>>;

/** Milliseconds of each part, as far as the round has come. ruff and pytest may overlap. */
export function timePartsOf({ probes, model, phases, tools }: RoundEntry): TimeParts {
	const probeMs = (name: "ruff" | "pytest") =>
		probes.reduce((sum, entry) => sum + (entry.probe === name && entry.status !== "running" ? entry.durationMs : 0), 0);
	return {
		ruff: probeMs("ruff"),
		pytest: probeMs("pytest"),
		context: phases?.context ?? 0,
		load: model?.loadMs ?? 0,
		prefill: model?.prefillMs ?? 0,
		decode: model?.decodeMs ?? 0,
		tools: phases?.tools ?? tools.reduce((sum, { result }) => sum + (result?.durationMs ?? 0), 0),
	};
}

/** Wall-clock milliseconds of the round so far. */
export function wallMsOf(round: RoundEntry, parts: TimeParts): number {
	if (round.durationMs !== null) return round.durationMs;
	const probe = Math.max(parts.ruff, parts.pytest);
	return probe + parts.context + (round.model?.durationMs ?? 0) + parts.tools;
}

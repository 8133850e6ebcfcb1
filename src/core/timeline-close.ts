/** What a run's end makes of a round that a cancel or a failure left open. */
import type { Outcome } from "./events.ts";
import type { ProbeEntry, RoundEntry, ToolEntry } from "./timeline-types.ts";

/** Whether something of the round still runs. */
export function isOpen({ phases, model, probes, tools }: RoundEntry): boolean {
	return (
		phases === null ||
		model?.finished === false ||
		probes.some(({ status }) => status === "running") ||
		tools.some(({ result }) => result === null)
	);
}

/** The round with whatever was left open ended, as the run ended. */
export function closeRound(round: RoundEntry, { kind }: Outcome, at: number): RoundEntry {
	const end = kind === "cancelled" ? "cancelled" : "crashed";
	const message = kind === "cancelled" ? "it was cancelled" : "the run ended before it did";
	const probes = round.probes.map((entry): ProbeEntry => {
		if (entry.status !== "running") return entry;
		const durationMs = at - entry.startedAt;
		return {
			...entry,
			status: "not-run",
			durationMs,
			cache: "miss",
			why: "",
			form: null,
			reason: end,
			message,
			fix: "",
		};
	});
	const tools = round.tools.map((tool): ToolEntry => {
		if (tool.result !== null) return tool;
		const durationMs = at - tool.startedAt;
		return { ...tool, result: { ok: false, code: end, message, durationMs, files: [] } };
	});
	const { model } = round;
	const closed = model?.finished === false ? { ...model, finished: true, durationMs: at - model.startedAt } : model;
	const phases = round.phases ?? {
		model: closed?.durationMs ?? 0,
		// The two probes run side by side.
		probe: Math.max(0, ...probes.map((entry) => (entry.status === "running" ? 0 : entry.durationMs))),
		context: 0,
		tools: tools.reduce((sum, { result }) => sum + (result?.durationMs ?? 0), 0),
	};
	return { ...round, probes, tools, model: closed, phases, durationMs: round.durationMs ?? at - round.startedAt };
}

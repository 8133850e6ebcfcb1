/** The first step of a round: scopes, and probes that the engine never finished. */
import { expect, test } from "vitest";
import { createEmitter } from "../../../src/core/events.ts";
import type { Probes } from "../../../src/core/ports.ts";
import { probeStep } from "../../../src/core/probe-step.ts";
import { createEventRecorder } from "../../fakes/event-recorder.ts";
import { createManualClock } from "../../fakes/manual-clock.ts";
import { type ReportSketch, reportOfSketch } from "../../fakes/reports.ts";
import { createScriptedProbes } from "../../fakes/scripted-probes.ts";

const never = new AbortController().signal;

function contextOf<T extends Probes>(probes: T) {
	const recorder = createEventRecorder();
	const clock = createManualClock();
	const emit = createEmitter(clock, [recorder.sink], (error) => {
		throw error;
	});
	return { recorder, clock, context: { parts: { probes }, emit, clock } };
}

const FAILING: ReportSketch = { failing: { "test_a.py::one": "x" } };

test("the first probe is full, the next asks for the affected part, and its green for the whole", async () => {
	const reports = [
		reportOfSketch(FAILING),
		reportOfSketch({ scope: "affected", changedFiles: ["a.py"] }),
		reportOfSketch({ changedFiles: ["b.py"] }),
	];
	const { context, recorder } = contextOf(createScriptedProbes(reports));
	const first = await probeStep({ ...context, round: 1, previous: null }, never);
	const second = await probeStep({ ...context, round: 2, previous: first.report }, never);
	expect(context.parts.probes.requests.map(({ scope }) => scope)).toEqual(["full", "affected", "full"]);
	expect(second.verdict).toMatchObject({ state: "green", delta: { fixed: 1, added: 0, still: 0 } });
	expect(recorder.of("verdict").at(-1)?.files).toEqual(["a.py", "b.py"]);
});

test("an affected part that fails is told at once, without the whole", async () => {
	const probes = createScriptedProbes([reportOfSketch({ ...FAILING, scope: "affected" })]);
	const { context } = contextOf(probes);
	const { verdict } = await probeStep({ ...context, round: 2, previous: reportOfSketch(FAILING) }, never);
	expect(verdict.state).toBe("failing");
	expect(probes.requests).toHaveLength(1);
});

test("a probe that the engine began and never ended is closed as crashed, timed, and the error goes on", async () => {
	const { context, recorder, clock } = contextOf<Probes>({
		async probe(_request, onProgress) {
			onProgress({ kind: "started", probe: "ruff", scope: "full", wave: null });
			onProgress({ kind: "started", probe: "pytest", scope: "full", wave: null });
			onProgress({ kind: "finished", report: reportOfSketch({}).ruff });
			clock.advance(70);
			throw new Error("the engine is gone");
		},
		checkSyntax: async () => null,
		fixLint: async () => null,
	});
	await expect(probeStep({ ...context, round: 1, previous: null }, never)).rejects.toThrow("the engine is gone");
	expect(recorder.of("probe-finished").map(({ probe }) => probe)).toEqual(["ruff", "pytest"]);
	expect(recorder.of("probe-finished")[1]).toMatchObject({ status: "not-run", reason: "crashed", durationMs: 70 });
	expect(recorder.of("verdict")).toEqual([]);
});

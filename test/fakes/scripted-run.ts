/** The loop over written probes and a written model, and what holds for every run. */
import { expect } from "vitest";
import type { EventSink, Outcome, RunEvent } from "../../src/core/events.ts";
import type { Approver, Clock, LargerModel } from "../../src/core/ports.ts";
import type { RunRecord } from "../../src/core/record/entries.ts";
import { run } from "../../src/core/run.ts";
import type { RunOptions } from "../../src/core/run-state.ts";
import { createUnaskedApprover } from "./approvers.ts";
import { createEventRecorder, type EventRecorder } from "./event-recorder.ts";
import { createManualClock } from "./manual-clock.ts";
import { createMemoryRecord } from "./memory-record.ts";
import { createMemoryWorkspace, type MemoryWorkspace } from "./memory-workspace.ts";
import { type ReportSketch, reportOfSketch } from "./reports.ts";
import { createScriptedModel, type ScriptedAnswer, type ScriptedModel } from "./scripted-model.ts";
import { createScriptedProbes, type ScriptedProbes, type ScriptedProbesOptions } from "./scripted-probes.ts";

export const FAILING: ReportSketch = { failing: { "test_a.py::test_one": "assert 1 == 2" }, changedFiles: ["a.py"] };
export const GREEN: ReportSketch = { passed: 3, changedFiles: ["a.py"] };
export const READ: ScriptedAnswer = { calls: [{ name: "read_file", arguments: { path: "a.py" } }] };
export const WRITE: ScriptedAnswer = {
	calls: [{ name: "write_file", arguments: { path: "b.py", content: "x = 2\n" } }],
};

export interface Setting {
	readonly reports?: readonly (ReportSketch | Error)[];
	readonly answers?: Parameters<typeof createScriptedModel>[0];
	readonly model?: Parameters<typeof createScriptedModel>[1];
	readonly largerModel?: LargerModel;
	readonly probeDelayMs?: number;
	readonly hold?: ScriptedProbesOptions["hold"];
	readonly fixLint?: ScriptedProbesOptions["fixLint"];
	readonly fixUnsafely?: ScriptedProbesOptions["fixUnsafely"];
	readonly options?: Partial<RunOptions>;
	readonly approver?: Approver;
	readonly workspace?: MemoryWorkspace;
	readonly record?: RunRecord;
	readonly sinks?: readonly EventSink[];
	readonly clock?: Clock;
	/** The first event of this type aborts the run. */
	readonly cancelAt?: RunEvent["type"];
}

export interface Ran {
	readonly outcome: Outcome;
	readonly recorder: EventRecorder;
	readonly model: ScriptedModel;
	readonly probes: ScriptedProbes;
	readonly workspace: MemoryWorkspace;
	readonly errors: readonly string[];
}

/** Runs the loop over fakes. */
export async function runWith(setting: Setting): Promise<Ran> {
	const recorder = createEventRecorder();
	const cancel = new AbortController();
	const canceller: EventSink = ({ type }) => {
		if (type === setting.cancelAt) cancel.abort(new DOMException("Stopped by you.", "AbortError"));
	};
	const model = createScriptedModel(setting.answers ?? [WRITE], setting.model);
	const workspace = setting.workspace ?? createMemoryWorkspace({ "a.py": "x = 1\n" });
	const probes = createScriptedProbes(
		(setting.reports ?? [FAILING, GREEN]).map((report) => (report instanceof Error ? report : reportOfSketch(report))),
		{
			delayMs: setting.probeDelayMs ?? 0,
			hold: setting.hold ?? (() => undefined),
			fixLint: setting.fixLint ?? (() => null),
			fixUnsafely: setting.fixUnsafely ?? (() => null),
		},
	);
	const errors: string[] = [];
	const outcome = await run(
		{
			model,
			probes,
			workspace,
			approver: setting.approver ?? createUnaskedApprover(),
			record: setting.record ?? createMemoryRecord(),
			largerModel: setting.largerModel ?? null,
		},
		{
			runId: "run-1",
			task: "Make the failing tests pass",
			maxRounds: 6,
			maxMinutes: 10,
			approve: "edits",
			noProgressRounds: 3,
			resume: null,
			notices: [],
			...setting.options,
		},
		[...(setting.sinks ?? []), recorder.sink, canceller],
		{
			clock: setting.clock ?? createManualClock(),
			logger: {
				info: () => undefined,
				warn: (message) => errors.push(message),
				error: (message, error) => errors.push(`${message} ${String(error)}`),
			},
		},
		cancel.signal,
	);
	return { outcome, recorder, model, probes, workspace, errors };
}

/** What holds for every run, however it ended. */
export function expectWellFormed({ events }: EventRecorder, outcome: Outcome): void {
	expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
	expect(events[0]?.type).toBe("run-started");
	expect(events.filter(({ type }) => type === "run-finished")).toHaveLength(1);
	expect(events.at(-1)).toMatchObject({ type: "run-finished", outcome });
	const open: string[] = [];
	for (const event of events) {
		const [stage, edge] = [event.type.replace(/-(started|finished)$/, ""), event.type.split("-").at(-1)];
		const key =
			"probe" in event
				? `${stage} ${event.probe} ${event.background === true}`
				: "callId" in event
					? `${stage} ${event.callId}`
					: stage;
		if (edge === "started") {
			expect(open).not.toContain(key);
			open.push(key);
		} else if (edge === "finished") {
			expect(open).toContain(key);
			open.splice(open.indexOf(key), 1);
		}
	}
	expect(open).toEqual([]);
}

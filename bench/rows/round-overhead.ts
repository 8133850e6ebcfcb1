/** What a round costs besides model, tools and probes: requests, decoding, budget, stop conditions, events, timeline. */
import assert from "node:assert/strict";
import type { RunEvent } from "../../src/core/events.ts";
import type { ChatModel, Probes } from "../../src/core/ports.ts";
import { run } from "../../src/core/run.ts";
import { EMPTY_TIMELINE, reduce } from "../../src/core/timeline.ts";
import { clock } from "../../src/node/clock.ts";
import { createUnaskedApprover } from "../../test/fakes/approvers.ts";
import { createMemoryRecord } from "../../test/fakes/memory-record.ts";
import { createMemoryWorkspace } from "../../test/fakes/memory-workspace.ts";
import { reportOfSketch } from "../../test/fakes/reports.ts";
import { type Result, spreadOf, words } from "../measure.ts";

const GOAL_MS = 2;
const ROUNDS = 30;
const FILE_LINES = 200;

/** Every round reads one file that it has not read before; model and probes answer at once. */
export async function roundOverhead(runs: number): Promise<Result> {
	const samples: number[] = [];
	for (let index = 0; index < runs; index += 1) samples.push(...(await oneRun()));
	const spread = spreadOf(samples);
	return {
		id: "round",
		what: "a round without model, tools and probes",
		measured: words(spread),
		goal: `<= ${GOAL_MS} ms`,
		met: spread.median <= GOAL_MS,
		figures: { overheadMs: spread },
	};
}

async function oneRun(): Promise<readonly number[]> {
	const text = Array.from({ length: FILE_LINES }, (_, line) => `value_${line} = ${line}\n`).join("");
	const files = Object.fromEntries(Array.from({ length: ROUNDS }, (_, index) => [`file_${index}.py`, text]));
	let timeline = EMPTY_TIMELINE;
	const overheads: number[] = [];
	const sink = (event: RunEvent): void => {
		timeline = reduce(timeline, event);
		if (event.type === "round-finished") overheads.push(event.durationMs - event.phases.tools);
	};
	const complaints: unknown[] = [];
	const outcome = await run(
		{
			model: instantModel(),
			probes: instantProbes(),
			workspace: createMemoryWorkspace(files),
			approver: createUnaskedApprover(),
			record: createMemoryRecord(),
		},
		{
			runId: "bench",
			task: "Make the failing tests pass",
			maxRounds: ROUNDS,
			maxMinutes: 10,
			approve: "edits",
			noProgressRounds: ROUNDS,
			resume: null,
			notices: [],
		},
		[sink],
		{
			clock,
			logger: {
				info: () => undefined,
				warn: (message) => complaints.push(message),
				error: (message, error) => complaints.push(message, error),
			},
		},
		new AbortController().signal,
	);
	assert.deepEqual(complaints, []);
	assert.equal(outcome.kind, "stopped", outcome.reason);
	assert.ok(overheads.length >= ROUNDS, `only ${overheads.length} rounds: ${outcome.reason}`);
	assert.equal(timeline.state, "finished");
	return overheads;
}

function instantModel(): ChatModel {
	let calls = 0;
	return {
		name: "instant",
		protocol: "native",
		takesTools: true,
		toolResults: "tool",
		canThink: false,
		sharesProcessor: false,
		continuesAnswers: false,
		contextLength: 32_768,
		async chat() {
			const call = { id: `call_${calls}`, name: "read_file", arguments: { path: `file_${calls % ROUNDS}.py` } };
			calls += 1;
			const usage = { loadMs: 0, prefillMs: 0, decodeMs: 0, promptTokens: 0, cachedTokens: null, outputTokens: 1 };
			return { content: "", toolCalls: [call], doneReason: "stop", usage };
		},
		warmUp: async () => undefined,
	};
}

function instantProbes(): Probes {
	const report = reportOfSketch({ failing: { "test_a.py::test_one": "assert 1 == 2" }, lint: ["a.py:1 F401 unused"] });
	return {
		async probe(_request, onProgress) {
			for (const { probe, scope } of [report.ruff, report.pytest])
				onProgress({ kind: "started", probe, scope, wave: null });
			for (const each of [report.ruff, report.pytest]) onProgress({ kind: "finished", report: each });
			return report;
		},
		checkSyntax: async () => null,
		fixLint: async () => null,
	};
}

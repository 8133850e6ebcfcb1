import { expect, test } from "vitest";
import { formatRoundLine, parseRoundLines } from "../../../src/core/round-line.ts";
import type { RoundEntry } from "../../../src/core/timeline.ts";

const ENTRY: RoundEntry = {
	round: 3,
	startedAt: 0,
	durationMs: 1004.4,
	phases: { model: 607.2, probe: 379, context: 15, tools: 3 },
	probes: [
		{
			probe: "ruff",
			scope: "affected",
			wave: null,
			form: null,
			startedAt: 0,
			status: "clean",
			durationMs: 44,
			cache: "hit",
			why: "unchanged",
			findingCount: 0,
			counts: null,
		},
		{
			probe: "pytest",
			scope: "affected",
			wave: "B",
			form: "parked",
			startedAt: 0,
			status: "findings",
			durationMs: 280,
			cache: "miss",
			why: "2 files changed",
			findingCount: 2,
			counts: { passed: 1, failed: 2, skipped: 0, errors: 0 },
		},
	],
	filesMs: 2,
	verdict: {
		state: "failing",
		detail: "2 failing",
		failing: ["a", "b"],
		findings: 2,
		delta: { fixed: 1, added: 0, still: 2 },
	},
	model: {
		startedAt: 380,
		finished: true,
		ok: true,
		durationMs: 607,
		loadMs: 0,
		prefillMs: 120,
		decodeMs: 487,
		promptTokens: 1204,
		cachedTokens: 1088,
		outputTokens: 62,
		tokensPerSecond: 127,
		toolCalls: [],
	},
	tools: [],
	notices: [],
};

test("the line has the form of the headless contract", () => {
	expect(formatRoundLine(ENTRY)).toBe(
		"ROUND 3 | model 607 ms (load 0, prefill 120, decode 487; 1204 tok in, 1088 cached, 62 out) | probe 379 ms (ruff 44, pytest 280, files 2; miss: 2 files changed) | context 15 ms | tools 3 ms | total 1004 ms | 2 failing, 1 fixed",
	);
});

test("a round without a model call and with a probe that did not run says so", () => {
	const line = formatRoundLine({
		...ENTRY,
		model: null,
		probes: [
			{
				probe: "pytest",
				scope: "full",
				wave: null,
				form: null,
				startedAt: 0,
				status: "not-run",
				durationMs: 1,
				cache: "miss",
				why: "first probe",
				reason: "no-tests",
				message: "",
				fix: "",
			},
		],
	});
	expect(line).toContain("(not called)");
	expect(line).toContain("pytest not run: no-tests");
});

test("lines are read back, also behind a log's prefix; others are passed over", () => {
	const line = formatRoundLine(ENTRY);
	expect(parseRoundLines(`noise\n${line}\n2026-11-24 [info] ${line}\nROUND x`)).toEqual([
		{ model: 607, probe: 379, context: 15, tools: 3, total: 1004 },
		{ model: 607, probe: 379, context: 15, tools: 3, total: 1004 },
	]);
});

import { describe, expect, test } from "vitest";
import type { RunEvent } from "../../../src/core/events.ts";
import { EMPTY_TIMELINE, LIVE_TEXT_CHARS, reduce, type Timeline } from "../../../src/core/timeline.ts";
import { failingTest } from "../../fakes/reports.ts";
import { type EventLog, eventLog } from "../../fixtures/events.ts";

function replay(name: EventLog): Timeline {
	return eventLog(name).reduce(reduce, EMPTY_TIMELINE);
}

function freeze<T>(value: T): T {
	if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
		Object.freeze(value);
		for (const part of Object.values(value)) freeze(part);
	}
	return value;
}

describe("a green run", () => {
	const end = replay("green");

	test("ends finished, with outcome, files and no findings", () => {
		expect(end).toMatchObject({
			state: "finished",
			outcome: { kind: "green" },
			findings: [],
			liveText: "",
			modelState: null,
		});
		expect(end.filesChanged).toEqual(["shop/cart.py", "shop/price.py"]);
		expect(end.verdict?.state).toBe("green");
		expect(end.baseline).toMatchObject({ state: "failing", findings: 5 });
	});

	test("keeps each round's probes in the order of their start, affected before full", () => {
		expect(end.rounds.map(({ round }) => round)).toEqual([1, 2, 3]);
		expect(end.rounds[2]?.probes.map(({ probe, scope, status }) => `${probe} ${scope} ${status}`)).toEqual([
			"ruff affected clean",
			"pytest affected clean",
			"ruff full clean",
			"pytest full clean",
		]);
		expect(end.rounds[2]?.probes[2]).toMatchObject({ cache: "hit", why: "unchanged" });
	});

	test("keeps the model's figures and each tool's result", () => {
		expect(end.rounds[0]?.model).toMatchObject({ finished: true, ok: true, loadMs: 2103, outputTokens: 212 });
		expect(end.rounds[0]?.model).not.toHaveProperty("type");
		expect(end.rounds[1]?.tools.map(({ name, result }) => [name, result?.ok, result?.code])).toEqual([
			["edit_file", true, "ok"],
			["edit_file", false, "outside-workspace"],
		]);
		expect(end.rounds[2]?.model).toBeNull();
	});

	test("adds up the finished rounds", () => {
		expect(end.totals).toEqual({ model: 10_617, probe: 2_249, context: 1, tools: 16 });
	});

	test("puts failing tests before lint findings, whichever probe answered first", () => {
		const atVerdict = eventLog("green").findIndex(({ type }) => type === "verdict");
		const state = eventLog("green").slice(0, atVerdict).reduce(reduce, EMPTY_TIMELINE);
		expect(state.findings.map(({ probe }) => probe)).toEqual(["pytest", "pytest", "ruff", "ruff", "ruff"]);
	});
});

test("a cancelled run leaves nothing open, though its events stop short", () => {
	const end = replay("cancelled");
	expect(end.outcome?.kind).toBe("cancelled");
	expect(end.rounds[0]).toMatchObject({ durationMs: 1202.5, model: { finished: true, ok: false, durationMs: 700 } });
	expect(end.rounds[0]?.phases).toEqual({ model: 700, probe: 500, context: 0, tools: 0 });
	expect(end.totals).toEqual({ model: 700, probe: 500, context: 0, tools: 0 });
	expect(end.liveText).toBe("");
});

test("open probes and tools are closed as cancelled", () => {
	const events = eventLog("cancelled-in-probe").filter(
		(event) => event.type !== "probe-finished" || event.probe === "ruff",
	);
	const withTool: RunEvent = {
		type: "tool-started",
		round: 1,
		name: "search",
		callId: "c",
		target: "x",
		seq: 9,
		at: 390,
	};
	const end = [...events.slice(0, -1), withTool, ...events.slice(-1)].reduce(reduce, EMPTY_TIMELINE);
	expect(end.rounds[0]?.probes[1]).toMatchObject({
		probe: "pytest",
		status: "not-run",
		reason: "cancelled",
		durationMs: 400,
	});
	expect(end.rounds[0]?.tools[0]?.result).toMatchObject({ ok: false, code: "cancelled", durationMs: 11 });
	expect(end.totals.probe).toBe(399.5);
});

test("a probe that could not run is neither clean nor findings", () => {
	const end = replay("not-run");
	expect(end.rounds[0]?.probes[1]).toMatchObject({ status: "not-run", reason: "tool-missing" });
	expect(end.verdict?.state).toBe("not-run");
	expect(end.outcome?.fix).toContain("pip install pytest");
});

test("a failed run keeps its notices, each where it belongs", () => {
	const end = replay("failed");
	expect(end.rounds[0]?.notices).toEqual([
		{ level: "warning", message: "The server closed the connection; trying once more." },
	]);
	expect(end.notices).toEqual([
		{ level: "info", message: "The conversation was shortened to fit the model's context window." },
	]);
	expect(end.rounds[0]?.model?.ok).toBe(false);
});

test.each([0, 1])(
	"the first failing test stands with the tests that run, and goes with their end (round %s)",
	(round) => {
		const at = { round, seq: 1, at: 1 };
		const probe = { probe: "pytest", scope: "affected", wave: "A" } as const;
		const began: readonly RunEvent[] = [
			...(round === 0 ? [] : [{ ...at, type: "round-started" } as const]),
			{ ...at, ...probe, type: "probe-started", probe: "ruff", wave: null },
			{ ...at, ...probe, type: "probe-started", scope: "full", wave: "C", background: true },
			{ ...at, ...probe, type: "probe-started" },
			{ ...at, type: "probe-failing", finding: failingTest("t.py::test_a", "no") },
		];
		const probesOf = ({ outside, rounds }: Timeline) => (round === 0 ? outside : rounds.at(-1)?.probes);
		const running = began.reduce(reduce, EMPTY_TIMELINE);
		expect(probesOf(running)?.map((entry) => "failing" in entry && entry.failing)).toEqual([
			false,
			false,
			"t.py::test_a",
		]);
		expect(running.findings).toEqual([]);
		const ended = {
			...probe,
			cache: "miss",
			why: "",
			form: "forked",
			durationMs: 1,
			status: "clean",
			findings: [],
		} as const;
		const after = reduce(running, { ...at, ...ended, type: "probe-finished" });
		expect(probesOf(after)?.at(-1)).not.toHaveProperty("failing");
	},
);

test("a cancelled probe leaves the findings that were known", () => {
	const before = eventLog("failed").slice(0, -1).reduce(reduce, EMPTY_TIMELINE);
	const cancelled = eventLog("cancelled-in-probe").find(
		(event) => event.type === "probe-finished" && event.status === "not-run",
	);
	expect(before.findings).toHaveLength(1);
	expect(cancelled && reduce(before, cancelled).findings).toHaveLength(1);
});

test("a probe outside a run renews findings and verdict, and adds no round", () => {
	const outside = eventLog("failed")
		.filter(({ type }) => ["probe-started", "probe-finished", "verdict"].includes(type))
		.map((event): RunEvent => ("round" in event ? { ...event, round: 0 } : event));
	const end = replay("green");
	const after = outside.reduce(reduce, end);
	expect(after.rounds).toBe(end.rounds);
	expect(after).toMatchObject({ state: "finished", durationMs: end.durationMs, verdict: { state: "failing" } });
	expect(after.findings).toHaveLength(1);
	expect(after.baseline).toBe(end.baseline);
});

test("a probe outside a run keeps how it was had until the next one, or a run", () => {
	const asked = (seq: number, at: number): RunEvent => ({
		...{ type: "probe-started", round: 0, probe: "pytest", scope: "full", wave: "C" },
		...{ seq, at },
	});
	const once = reduce(reduce(EMPTY_TIMELINE, asked(0, 1)), asked(1, 2));
	expect(once.outside).toHaveLength(2);
	expect(reduce(once, asked(0, 3)).outside).toMatchObject([{ probe: "pytest", wave: "C", startedAt: 3 }]);
	const [started] = eventLog("green");
	expect(started && reduce(once, started).outside).toEqual([]);
});

test("a probe beside the model ends where it began, and does not pass for one of the loop's", () => {
	const started = { type: "probe-started", round: 1, probe: "pytest", scope: "full", wave: "C" } as const;
	const events: readonly RunEvent[] = [
		{ type: "round-started", round: 1, seq: 0, at: 0 },
		{ type: "model-started", round: 1, promptTokensEstimate: 1, seq: 1, at: 1 },
		{ ...started, background: true, seq: 2, at: 2 },
		{ type: "round-started", round: 2, seq: 3, at: 3 },
		{ ...started, wave: "A", round: 2, seq: 4, at: 4 },
		{
			...{ type: "probe-finished", round: 1, probe: "pytest", scope: "full", wave: "C", form: "forked" },
			...{ status: "clean", findings: [], cache: "miss", why: "", durationMs: 5, background: true, seq: 5, at: 7 },
		},
	];
	const states = events.map((_, index) => events.slice(0, index + 1).reduce(reduce, EMPTY_TIMELINE));
	expect(states[2]?.state).toBe("asking");
	expect(states[5]?.rounds.map(({ probes }) => probes.map(({ status }) => status))).toEqual([["clean"], ["running"]]);
});

test("a new run starts from nothing", () => {
	const [started] = eventLog("cancelled");
	expect(started && reduce(replay("green"), started)).toEqual({
		...EMPTY_TIMELINE,
		runId: "r1",
		task: "Fix the tests.",
		model: "qwen2.5-coder:7b",
		protocol: "native",
		workspace: "/home/you/shop",
		maxRounds: 12,
		contextLength: 16_384,
		state: "probing",
	});
});

test("what is put back after the run is told beside its end, until the next run", () => {
	const end = replay("green");
	const put = (files: readonly string[]): RunEvent => ({ type: "undone", files, seq: 0, at: 5 });
	const undone = [put(["shop/cart.py"]), put(["shop/cart.py", "shop/price.py"])].reduce(reduce, end);
	expect(undone.undone).toEqual(["shop/cart.py", "shop/price.py"]);
	expect({ ...undone, undone: [] }).toEqual(end);
	expect(eventLog("green").reduce(reduce, undone).undone).toEqual([]);
});

test("every step is pure: deeply frozen states go through unharmed", () => {
	for (const name of ["green", "cancelled", "not-run", "failed"] as const) {
		let state = freeze(EMPTY_TIMELINE);
		for (const event of eventLog(name)) state = freeze(reduce(state, freeze(event)));
		expect(state.state).toBe("finished");
	}
});

test("F78 rounds, text, notices and messages stay capped", () => {
	let state = EMPTY_TIMELINE;
	for (let round = 1; round <= 500; round++) {
		state = reduce(state, { type: "round-started", round, seq: 0, at: round });
		state = reduce(state, { type: "model-delta", round, text: "😀".repeat(900), thinking: false, seq: 0, at: round });
		state = reduce(state, { type: "notice", level: "info", message: "n", seq: 0, at: round });
	}
	expect(state.rounds).toHaveLength(200);
	expect(state.rounds.at(-1)?.round).toBe(500);
	expect(state.liveText.length).toBeLessThanOrEqual(LIVE_TEXT_CHARS);
	expect(() => encodeURIComponent(state.liveText)).not.toThrow();
	expect(state.notices).toHaveLength(100);
});

test("events of an unknown round change no round", () => {
	const end = replay("failed");
	const late: RunEvent = { type: "tool-started", round: 77, name: "x", callId: "c", target: "", seq: 0, at: 1 };
	expect(reduce(end, late).rounds).toBe(end.rounds);
	expect(
		reduce(end, { type: "round-finished", round: 77, durationMs: 1, phases: end.totals, seq: 0, at: 1 }).totals,
	).toBe(end.totals);
});

/** Fresh, stale, running, wave: folded from the events of a probe and the hints of changes. */
import { expect, test } from "vitest";
import type { RunEvent } from "../../../src/core/events.ts";
import type { ProbeName } from "../../../src/core/probes/finding.ts";
import type { Wave } from "../../../src/core/probes/form.ts";
import { changed, NOT_PROBED, type ProbeState, reduceProbe } from "../../../src/vscode/probe-state.ts";

const IN_ROUND = { round: 0, seq: 0, at: 0 };

function started(probe: ProbeName, wave: Wave | null = null): RunEvent {
	return { ...IN_ROUND, type: "probe-started", probe, scope: "full", wave };
}

function finished(probe: ProbeName, wave: Wave | null = null): RunEvent {
	const how = { scope: "full", wave, form: null, cache: "miss", why: "", durationMs: 1 } as const;
	return { ...IN_ROUND, ...how, type: "probe-finished", probe, status: "clean", findings: [] };
}

function cancelled(probe: ProbeName): RunEvent {
	const how = { scope: "full", wave: null, form: null, cache: "miss", why: "", durationMs: 1 } as const;
	const why = { status: "not-run", reason: "cancelled", message: "", fix: "" } as const;
	return { ...IN_ROUND, ...how, ...why, type: "probe-finished", probe };
}

const VERDICT: RunEvent = {
	...{ ...IN_ROUND, type: "verdict", filesMs: 0, durationMs: 1, files: [] },
	...{ state: "green", detail: "3 tests pass", failing: [], findings: 0, delta: { fixed: 0, added: 0, still: 0 } },
};
const WHOLE = [started("ruff"), finished("ruff"), started("pytest", "C"), finished("pytest", "C"), VERDICT];

function after(events: readonly RunEvent[], state: ProbeState = NOT_PROBED): ProbeState {
	return events.reduce(reduceProbe, state);
}

test("a whole probe is fresh, with its wave", () => {
	expect(after(WHOLE)).toEqual({
		verdict: { state: "green", detail: "3 tests pass" },
		running: new Set(),
		isProbing: false,
		wave: "C",
		isStale: false,
		isInRun: false,
	});
});

test("while it goes on, what runs is known", () => {
	expect(after(WHOLE.slice(0, 1)).running).toEqual(new Set(["ruff"]));
	expect(after(WHOLE.slice(0, 3))).toMatchObject({ running: new Set(["pytest"]), wave: "C", isProbing: true });
});

test("a change makes it stale until the next probe begins; one meanwhile is not forgotten at its end", () => {
	const stale = changed(after(WHOLE));
	expect(stale.isStale).toBe(true);
	expect(after(WHOLE, stale).isStale).toBe(false);
	expect(after(WHOLE.slice(2), changed(after(WHOLE.slice(0, 2)))).isStale).toBe(true);
});

test("a task at work is known from its beginning to its end", () => {
	const begun: RunEvent = {
		...{ ...IN_ROUND, type: "run-started", runId: "r", task: "t", model: "m", protocol: "text", workspace: "/w" },
		...{ maxRounds: 1, contextLength: 1 },
	};
	const ended: RunEvent = {
		...{ ...IN_ROUND, type: "run-finished", rounds: 1, durationMs: 1, filesChanged: [] },
		outcome: { kind: "green", reason: "All green." },
		totals: { model: 0, probe: 0, context: 0, tools: 0 },
	};
	expect(after([begun, ...WHOLE]).isInRun).toBe(true);
	expect(after([begun, ...WHOLE, ended]).isInRun).toBe(false);
});

test("a probe that was cancelled leaves the verdict before it, as a stale one", () => {
	const state = after([started("ruff"), cancelled("ruff")], after(WHOLE));
	expect(state).toMatchObject({ verdict: { state: "green" }, isStale: true, isProbing: false });
	expect(after(WHOLE, state).isStale).toBe(false);
});

test("what the model changes makes it stale; what it reads does not", () => {
	const tool = (files: readonly string[]): RunEvent => ({
		...{ ...IN_ROUND, type: "tool-finished", name: "edit_file", callId: "1", ok: true, code: "ok", message: "" },
		...{ durationMs: 1, files },
	});
	expect(after([tool(["a.py"])], after(WHOLE)).isStale).toBe(true);
	expect(after([tool([])], after(WHOLE)).isStale).toBe(false);
});

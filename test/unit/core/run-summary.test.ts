import { expect, test } from "vitest";
import { type PastRun, runAsJson, runAsMarkdown } from "../../../src/core/run-report.ts";
import { isRunSummary, sequentialProbes, summaryOf } from "../../../src/core/run-summary.ts";
import { EMPTY_TIMELINE, reduce, type Timeline } from "../../../src/core/timeline.ts";
import { type EventLog, eventLog } from "../../fixtures/events.ts";

const STARTED = "2026-11-25T10:00:00.000Z";
const KNOWN = { workspace: "/home/you/shop", home: "/home/you" };

function replay(name: EventLog): Timeline {
	return eventLog(name).reduce(reduce, EMPTY_TIMELINE);
}

function kept(timeline: Timeline): PastRun {
	const summary = summaryOf(timeline, STARTED);
	if (summary === null) throw new Error("The run has not ended.");
	return { summary, timeline };
}

test("a run that goes on has no summary, a finished one its figures", () => {
	expect(summaryOf(eventLog("green").slice(0, -1).reduce(reduce, EMPTY_TIMELINE), STARTED)).toBeNull();
	expect(summaryOf(replay("green"), STARTED)).toMatchObject({
		runId: "r1",
		startedAt: STARTED,
		outcome: "green",
		rounds: 2,
		filesChanged: 2,
	});
});

test("a plan is told from a run that stopped short, and its figures read back", () => {
	const planned = eventLog("green").map((event) =>
		event.type === "run-finished"
			? { ...event, outcome: { kind: "stopped" as const, reason: "The plan is ready.", plan: "First, look." } }
			: event,
	);
	const { summary, timeline } = kept(planned.reduce(reduce, EMPTY_TIMELINE));
	expect(summary).toMatchObject({ outcome: "stopped", planned: true });
	expect(isRunSummary(JSON.parse(JSON.stringify(summary)))).toBe(true);
	expect(runAsMarkdown({ summary, timeline }, KNOWN)).toContain("Outcome: **planned**");
	expect(isRunSummary(kept(replay("green")).summary)).toBe(true);
});

test("probes one after the other are reckoned from full, uncached ones alone", () => {
	// Rounds 1 and 2: 38.2 + 812.5 ms each; round 3: ruff's full probe was a hit, pytest's took 640 ms.
	const compared = sequentialProbes(replay("green"));
	expect(compared?.measured).toBe(3);
	expect(compared?.sequentialMs).toBeCloseTo(2 * (38.2 + 812.5) + 38.2 + 640);
	expect(compared?.tookMs).toBeCloseTo(814 + 404 + 1031);
});

test("nothing is reckoned where no full probe was measured", () => {
	const hits = eventLog("green").map((event) =>
		event.type === "probe-finished" ? { ...event, cache: "hit" as const } : event,
	);
	expect(sequentialProbes(hits.reduce(reduce, EMPTY_TIMELINE))).toBeNull();
	expect(sequentialProbes(EMPTY_TIMELINE)).toBeNull();
});

test("an exported page names task, outcome, rounds and calls, and no path of the person", () => {
	const page = runAsMarkdown(kept(replay("green")), KNOWN);
	expect(page).toContain("> Make the failing tests pass and clean up the lint errors.");
	expect(page).toContain("Outcome: **green**");
	expect(page).toContain("### Round 3");
	expect(page).toContain("- `edit_file` `../etc/passwd`: outside-workspace");
	expect(page).not.toContain("/home/you");
});

test("exported JSON reads back as the run", () => {
	const run = kept(replay("failed"));
	const value: unknown = JSON.parse(runAsJson(run, KNOWN));
	expect(value).toMatchObject({ jetboxRun: 1, summary: { runId: "r1", outcome: "failed" } });
	expect(runAsJson(run, KNOWN)).not.toContain("/home/you");
});

test("backticks in a target cannot break out of their line", () => {
	const events = eventLog("green").map((event) =>
		event.type === "tool-started" ? { ...event, target: "a`b\n# not a heading" } : event,
	);
	const page = runAsMarkdown(kept(events.reduce(reduce, EMPTY_TIMELINE)), KNOWN);
	expect(page).toContain("`` a`b # not a heading ``");
	expect(page).not.toMatch(/^# not a heading/m);
});

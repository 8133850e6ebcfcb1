/** A run that is cut off after any entry of its record goes on from there, and no call is done twice. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Outcome } from "../../../../src/core/events.ts";
import type { RunEntry } from "../../../../src/core/record/entries.ts";
import { parseEntry } from "../../../../src/core/record/entries.ts";
import { filesOf, foldRecord, halfDoneRound, resumePoint } from "../../../../src/core/record/kept-run.ts";
import { run } from "../../../../src/core/run.ts";
import { EMPTY_TIMELINE, reduce } from "../../../../src/core/timeline.ts";
import { createUnaskedApprover } from "../../../fakes/approvers.ts";
import { createEventRecorder } from "../../../fakes/event-recorder.ts";
import { createManualClock } from "../../../fakes/manual-clock.ts";
import { createMemoryRecord, type MemoryRecord } from "../../../fakes/memory-record.ts";
import { createMemoryWorkspace, type MemoryWorkspace } from "../../../fakes/memory-workspace.ts";
import { reportOfSketch } from "../../../fakes/reports.ts";
import { createScriptedModel, type ScriptedAnswer, type ScriptedModel } from "../../../fakes/scripted-model.ts";
import { createScriptedProbes } from "../../../fakes/scripted-probes.ts";
import { eventLog } from "../../../fixtures/events.ts";

const FAILING = { failing: { "test_a.py::test_one": "assert 1 == 2" }, passed: 2 };
const GREEN = { passed: 3 };
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

function writing(...paths: readonly string[]): ScriptedAnswer {
	return { calls: paths.map((path) => ({ name: "write_file", arguments: { path, content: `text = "${path}"\n` } })) };
}

const ANSWERS: readonly ScriptedAnswer[] = [
	{ calls: [{ name: "read_file", arguments: { path: "a.py" } }] },
	writing("b.py", "c.py"),
	writing("d.py"),
];

interface Ran {
	readonly outcome: Outcome;
	readonly model: ScriptedModel;
	readonly events: ReturnType<typeof createEventRecorder>;
}

async function runOn(
	workspace: MemoryWorkspace,
	record: MemoryRecord,
	answers: readonly ScriptedAnswer[],
	undoneRounds: ReadonlySet<number> = new Set(),
): Promise<Ran> {
	const { run: before } = foldRecord(record.text());
	const model = createScriptedModel(answers);
	const events = createEventRecorder();
	const reports = [...answers.map(() => FAILING), GREEN].map((sketch) => reportOfSketch(sketch));
	const outcome = await run(
		{ model, probes: createScriptedProbes(reports), workspace, approver: createUnaskedApprover(), record },
		{
			runId: "r",
			task: "Make the failing tests pass",
			maxRounds: 9,
			maxMinutes: 1,
			approve: "edits",
			noProgressRounds: 9,
			resume: before === null ? null : resumePoint(before, undoneRounds),
			notices: [],
		},
		[events.sink],
		{ clock: createManualClock(), logger: QUIET },
		new AbortController().signal,
	);
	return { outcome, model, events };
}

async function wholeRun(): Promise<readonly RunEntry[]> {
	const record = createMemoryRecord();
	const { outcome } = await runOn(createMemoryWorkspace({ "a.py": "x = 1\n" }), record, ANSWERS);
	expect(outcome.kind).toBe("green");
	return record.entries;
}

test("the record holds each step before it is taken", async () => {
	const steps = (await wholeRun()).map((entry) => {
		switch (entry.kind) {
			case "round":
				return `round ${entry.round}`;
			case "call":
			case "result":
				return `${entry.kind} ${entry.callId}`;
			default:
				return entry.kind;
		}
	});
	expect(steps).toEqual([
		"run",
		...["round 1", "result call_1"],
		...["round 2", "call call_2", "result call_2", "call call_3", "result call_3"],
		...["round 3", "call call_4", "result call_4"],
		"end",
	]);
});

test("F56: cut off after any entry, with the last change done or not, the run goes on and does no call again", async () => {
	const entries = await wholeRun();
	for (let kept = 1; kept < entries.length - 1; kept += 1) {
		for (const lastChangeDone of [false, true]) {
			const before = entries.slice(0, kept);
			const done = new Set(before.flatMap((entry) => (entry.kind === "result" ? entry.files : [])));
			const begun = before.at(-1);
			if (lastChangeDone && begun?.kind === "call")
				done.add({ call_2: "b.py", call_3: "c.py", call_4: "d.py" }[begun.callId] ?? "");
			const files = Object.fromEntries([...done].map((path) => [path, `text = "${path}"\n`]));
			const workspace = createMemoryWorkspace({ "a.py": "x = 1\n", ...files });
			const record = createMemoryRecord(before);
			const { outcome, model, events } = await runOn(workspace, record, [writing("e.py")]);

			expect(outcome.kind).toBe("green");
			expect(workspace.changes.map(({ path }) => path)).toEqual(["e.py"]);
			const rounds = before.filter(({ kind }) => kind === "round").length;
			const [started] = events.of("run-started");
			expect(started?.roundsBefore).toBe(rounds === 0 ? undefined : rounds);
			expect(events.of("round-started")[0]?.round).toBe(rounds + 1);
			const asked = model.requests[0]?.messages ?? [];
			const calls = asked.flatMap((message) => (message.role === "assistant" ? message.toolCalls : []));
			const answers = asked.flatMap((message) => (message.role === "tool" ? [message.toolCallId] : []));
			expect(answers).toEqual(calls.map(({ id }) => id));
			const { run: whole, damagedLines } = foldRecord(record.text());
			expect(record.entries.filter((entry) => parseEntry(JSON.stringify(entry)) === null)).toEqual([]);
			expect(damagedLines).toBe(0);
			expect(whole?.end).toBe("green");
			expect(new Set(whole?.rounds.flatMap((round) => round.calls.map(({ call }) => call.id))).size).toBe(
				whole?.rounds.flatMap((round) => round.calls).length,
			);
		}
	}
});

test("F56: what was cut off is told as that, and an undone round as undone", async () => {
	const entries = await wholeRun();
	const cut = entries.slice(
		0,
		entries.findIndex((entry) => entry.kind === "call" && entry.callId === "call_3"),
	);
	const { run: kept } = foldRecord(
		[...cut, { kind: "call", round: 2, callId: "call_3" }].map((entry) => JSON.stringify(entry)).join("\n"),
	);
	if (kept === null) throw new Error("no run");
	expect(halfDoneRound(kept)?.round).toBe(2);
	expect(filesOf(kept)).toEqual(["b.py"]);
	const told = (undone: readonly number[]) =>
		resumePoint(kept, new Set(undone)).conversation.flatMap((message) =>
			message.role === "tool" ? [message.content] : [],
		);
	expect(told([])[1]).toContain("created b.py");
	expect(told([])[2]).toContain("cut off");
	expect(told([2])[1]).toContain("The user undid this round");
	expect(resumePoint(kept, new Set([2])).filesChanged).toEqual([]);
	expect(resumePoint(kept, new Set())).toMatchObject({
		filesChanged: ["b.py"],
		seenPaths: ["a.py", "b.py", "c.py"],
		rounds: 2,
		calls: 3,
	});
});

test("F51 F56: a file that was read before the cut must be read again before it is replaced whole", async () => {
	const entries = await wholeRun();
	const workspace = createMemoryWorkspace({ "a.py": "x = 1\n" });
	const { events } = await runOn(workspace, createMemoryRecord(entries.slice(0, 3)), [
		writing("a.py"),
		writing("e.py"),
	]);
	expect(events.of("tool-finished").map(({ code }) => code)).toEqual(["changed", "ok"]);
	expect(workspace.files.get("a.py")).toBe("x = 1\n");
});

test("the rounds of a run that goes on follow those that it had", () => {
	const before = eventLog("green").reduce(reduce, EMPTY_TIMELINE);
	const [start] = eventLog("green");
	if (start?.type !== "run-started") throw new Error("no start");
	expect(reduce(before, { ...start, roundsBefore: before.rounds.length }).rounds).toBe(before.rounds);
	expect(reduce(before, start).rounds).toEqual([]);
});

test("F57: a record that was cut, damaged or forged is read as it is or not at all, and never as another", async () => {
	const text = (await wholeRun()).map((entry) => `${JSON.stringify(entry)}\n`).join("");
	const lines = text.split("\n");
	const damage = fc.oneof(
		fc.nat(text.length).map((length) => text.slice(0, length)),
		fc
			.tuple(fc.nat(text.length - 1), fc.string({ maxLength: 20 }))
			.map(([at, junk]) => text.slice(0, at) + junk + text.slice(at + 1)),
		fc
			.tuple(fc.nat(lines.length - 1), fc.oneof(fc.json(), fc.string()))
			.map(([at, junk]) => lines.with(at, junk).join("\n")),
		fc.constantFrom(
			text.replace('"version":1', '"version":2'),
			text.replace('"kind":"run"', '"__proto__":{"kind":"run"}'),
			`${text}{"kind":"end"`,
			text.repeat(2),
			"\0\0\0\0",
		),
	);
	fc.assert(
		fc.property(damage, (damaged) => {
			const { run: kept } = foldRecord(damaged);
			if (kept === null) return;
			expect(kept.rounds.every(({ round }) => Number.isSafeInteger(round))).toBe(true);
			expect(Object.hasOwn(resumePoint(kept, new Set()), "conversation")).toBe(true);
			expect(({} as Readonly<Record<string, unknown>>)["kind"]).toBeUndefined();
		}),
		{ numRuns: 1_000 },
	);
	expect(parseEntry('{"kind":"end","end":"approved"}')).toBeNull();
	expect(foldRecord(text.replace('"version":1', '"version":2')).run).toBeNull();
	expect(foldRecord(text.replace(/"round":2,"report/, '"round":-2,"report')).damagedLines).toBe(1);
});

/** The evaluation's tasks prove themselves: each is unsolved at its start and solved by its solution. Statistics by known values. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { EventSum } from "../../../bench/eval/jetbox-attempt.ts";
import { judge } from "../../../bench/eval/judge.ts";
import { medianOf, wilsonInterval } from "../../../bench/eval/statistics.ts";
import { KINDS, layOut, loadTasks } from "../../../bench/eval/tasks.ts";
import { eventLog } from "../../fixtures/events.ts";
import { venvPython } from "../../fixtures/venv.ts";

const tools = { python: venvPython, ruff: join(dirname(venvPython), "ruff") };
const tasks = loadTasks(join(import.meta.dirname, "../../../bench/eval/tasks"));

describe.concurrent("a task is unsolved at its start and solved by its solution", () => {
	test.for(tasks)("$name", { concurrent: true }, async (task, { expect: expecting }) => {
		const folder = mkdtempSync(join(tmpdir(), "jetbox-task-"));
		try {
			layOut(task, ["project"], folder);
			expecting(await judge(task, folder, tools)).toMatchObject({ green: false });
			layOut(task, ["solution"], folder);
			expecting(await judge(task, folder, tools)).toEqual({ green: true, detail: "" });
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});

test("there are at least thirty tasks, of every kind, and one of forty modules", () => {
	expect(tasks.length).toBeGreaterThanOrEqual(30);
	expect(new Set(tasks.map(({ kind }) => kind))).toEqual(new Set(KINDS));
});

test("the interval of Wilson's score", () => {
	const { low, high } = wilsonInterval(8, 10);
	expect([low, high].map((share) => share.toFixed(3))).toEqual(["0.490", "0.943"]);
	expect(wilsonInterval(0, 10).low).toBe(0);
	expect(wilsonInterval(10, 10).high).toBeCloseTo(1);
	expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
});

test("the median of odd, even and no values", () => {
	expect([medianOf([3, 1, 2]), medianOf([4, 1, 2, 3]), medianOf([])]).toEqual([2, 2.5, null]);
});

test("a run's events add up", () => {
	const sum = new EventSum();
	expect(sum.read()).toBeNull();
	for (const event of eventLog("green")) sum.add(event);
	const ran = sum.read();
	expect(ran).toMatchObject({ claimedGreen: true, rounds: 3, answers: 2, escalations: 0 });
	expect(ran?.modelPhases?.decode).toBeGreaterThan(0);
	expect(ran?.tokensOut).toBeGreaterThan(0);
});

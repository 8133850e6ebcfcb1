/** What an evaluation says of its attempts, and in which order it makes them. */
import { expect, test } from "vitest";
import { type Attempt, attemptKey } from "../../../bench/eval/attempt.ts";
import { comparisonOf, pairTableOf } from "../../../bench/eval/comparison.ts";
import { filledPage } from "../../../bench/eval/document.ts";
import { parseOptions } from "../../../bench/eval/options.ts";
import { pictureOf } from "../../../bench/eval/picture.ts";
import { orderOf, planOf } from "../../../bench/eval/plan.ts";
import { optionsOfSetting } from "../../../bench/eval/settings.ts";
import { failureTableOf, kindTableOf, tableOf, timeTableOf } from "../../../bench/eval/table.ts";
import { KINDS, type Task } from "../../../bench/eval/tasks.ts";

function attempt(given: Partial<Attempt>): Attempt {
	return {
		system: "jetbox",
		setting: "default",
		model: "m",
		task: "t",
		kind: "fix",
		repeat: 1,
		startedAt: "2026-01-01T00:00:00.000Z",
		label: "",
		maxMinutes: 3,
		claimedGreen: true,
		green: true,
		detail: "",
		ending: "",
		rounds: 2,
		durationMs: 1_000,
		tokensIn: 10,
		tokensOut: 5,
		tokensCached: 5,
		answers: 2,
		malformed: 0,
		editsRefused: 0,
		deterministicFixes: 0,
		escalations: 0,
		phases: null,
		modelPhases: null,
		...given,
	};
}

const TASKS: readonly Task[] = KINDS.flatMap((kind) =>
	[1, 2, 3].map((number) => ({ name: `${kind}-${number}`, kind, sentence: "", lintMustBeClean: false, folder: "" })),
);
const PLANNED = { models: ["m"], systems: ["jetbox", "aider"], settings: ["default"], tasks: TASKS, limit: null };

test("the table counts by the hidden tests and names what was falsely claimed", () => {
	const table = tableOf([attempt({}), attempt({ task: "u", green: false, malformed: 1 })]);
	expect(table).toContain("| jetbox m | 1 of 2 | 9 %..91 % | 1 | 1 s | 2 | 10 / 5 | 50 % | 1 of 4 (25 %) | 0 | 0 |");
	expect(kindTableOf([attempt({}), attempt({ task: "u", green: false })])).toContain("| fix | 1 of 2, 1 s |");
});

test("where the time went is told of those that know it", () => {
	const phases = { model: 800, probe: 100, context: 0, tools: 0 };
	const known = attempt({ phases, modelPhases: { load: 0, prefill: 300, decode: 500 } });
	expect(timeTableOf([known])).toContain("| jetbox m | 80 % | 30 % | 50 % | 10 % | 50 ms | 10 % |");
	expect(timeTableOf([attempt({ system: "aider" })])).toContain("| aider m | - | - | - | - | - | - |");
});

test("on the same tasks: the ratio of the green, and of the times on what both solve", () => {
	const table = pairTableOf([
		attempt({ task: "a" }),
		attempt({ task: "b" }),
		attempt({ task: "only jetbox tried it" }),
		attempt({ system: "aider", task: "a", durationMs: 3_000 }),
		attempt({ system: "aider", task: "b", green: false }),
	]);
	expect(table).toContain("| jetbox m | aider m | 2 | 2 : 1 | 2.00x | 1 | 1 s : 3 s | 3.00x |");
});

test("failures: Jetbox's own, the longest first, with what would break the table taken out", () => {
	const table = failureTableOf(
		[
			attempt({ task: "short", green: false, durationMs: 1_000 }),
			attempt({ task: "long", green: false, durationMs: 9_000, detail: "a | b\nc" }),
			attempt({ task: "other", system: "aider", green: false }),
		],
		1,
	);
	expect(table).toContain("| long | default m | 9 s | 2 | 0 |  | a / b c |");
	expect(table).not.toMatch(/short|other/);
});

test("a comparison names what only one side solved, and the time on what both did", () => {
	const before = [
		attempt({ task: "a", durationMs: 4_000 }),
		attempt({ task: "b" }),
		attempt({ task: "c", green: false }),
		attempt({ task: "a", system: "aider", durationMs: 1 }),
	];
	const after = [attempt({ task: "a" }), attempt({ task: "b", green: false }), attempt({ task: "c" })];
	const words = comparisonOf(before, after);
	expect(words).toContain("green: 2 before, 2 after");
	expect(words).toContain("solved only before: b");
	expect(words).toContain("solved only after: c");
	expect(words).toContain("the 1 tasks that both solve: 4 s before, 1 s after, 4.00x faster");
});

test("a page's tables are made anew between their marks, and nothing else of it changes", () => {
	const page =
		"# Q\n<!-- eval a.jsonl summary -->\nold\n<!-- end -->\ntext\n<!-- eval b.jsonl pairs -->\n<!-- end -->\n";
	const filled = filledPage(page, (file) => (file === "a.jsonl" ? [attempt({})] : []));
	expect(filled).toContain("| jetbox m | 1 of 1 |");
	expect(filled).not.toContain("old");
	expect(filled).toContain("-->\ntext\n<!-- eval b.jsonl pairs -->\n\n(no attempts yet)\n\n<!-- end -->\n");
	expect(filledPage(filled, (file) => (file === "a.jsonl" ? [attempt({})] : []))).toBe(filled);
	expect(() => filledPage("<!-- eval a.jsonl gossip -->\n<!-- end -->", () => [])).toThrow("gossip");
});

test("the picture has a point and a label for each group", () => {
	const picture = pictureOf([attempt({}), attempt({ system: "aider", green: false })]);
	expect(picture.match(/r="6"/g)).toHaveLength(2);
	expect(picture).toContain("aider m (0 of 1)");
});

test("the order is the seed's, and every beginning of it holds the kinds in equal parts", () => {
	const order = orderOf(TASKS, 7);
	expect(order).toEqual(orderOf(TASKS, 7));
	expect(order).not.toEqual(orderOf(TASKS, 8));
	expect(order.slice(0, KINDS.length).map(({ kind }) => kind)).toEqual(KINDS);
	expect(new Set(order)).toEqual(new Set(TASKS));
});

test("a task is tried by all systems before the next one is, and none is always the first", () => {
	const plan = planOf({ ...PLANNED, repeats: 1, seed: 7 });
	const names = plan.map(({ task }) => task.name);
	expect(names.filter((_, at) => at % 2 === 0)).toEqual(names.filter((_, at) => at % 2 === 1));
	expect(plan.slice(0, 4).map(({ system }) => system)).toEqual(["jetbox", "aider", "aider", "jetbox"]);
});

test("settings are Jetbox's alone, repeats come last, and no attempt is planned twice", () => {
	const plan = planOf({ ...PLANNED, settings: ["default", "no-cache"], limit: 2, repeats: 2, seed: 7 });
	expect(plan).toHaveLength(2 * 3 * 2);
	expect(plan.filter(({ system, setting }) => system === "aider" && setting !== "default")).toEqual([]);
	expect(plan.map(({ repeat }) => repeat)).toEqual([...Array(6).fill(1), ...Array(6).fill(2)]);
	expect(new Set(plan.map((planned) => attemptKey({ ...planned, task: planned.task.name }))).size).toBe(plan.length);
});

test("options that name nothing are told", () => {
	const root = ["--root", new URL("../../..", import.meta.url).pathname];
	expect(parseOptions([...root, "--task", "nothing-of-the-kind"])).toMatchObject({
		wrong: expect.stringContaining("No task"),
	});
	for (const name of ["no-luck", "text+no-luck"])
		expect(parseOptions([...root, "--setting", name])).toMatchObject({ wrong: `Unknown: ${name}.` });
	expect(parseOptions([...root, "--setting", "text+no-cache"])).toMatchObject({ settings: ["text+no-cache"] });
	expect(optionsOfSetting("text+no-cache")).toEqual(["--protocol", "text", "--set", "probe.cache=off"]);
	expect(parseOptions([...root, "--task", "lint", "--max-minutes", "3"])).toMatchObject({ maxMinutes: 3, repeats: 1 });
	expect(parseOptions(["--help"])).toBe("help");
});

/** The limit of a test run: between a floor and the person's limit, and told in words where it strikes. */
import { expect, test } from "vitest";
import { timeLimitOf, withLimitExplained } from "../../../../src/core/probes/time-limit.ts";

test.each([
	["nothing is known", null, 120_000, 120_000, null],
	["a quick suite gets the floor", 300, 120_000, 20_000, "the whole suite last took 0.3 s"],
	["a slower one ten times as long as it took", 6_000, 120_000, 60_000, "the whole suite last took 6.0 s"],
	["a slow one the person's limit", 30_000, 120_000, 120_000, null],
	["never more than the person's limit", 300, 5_000, 5_000, null],
])("%s", (_what, wholeMs, mostMs, limitMs, why) => {
	expect(timeLimitOf(wholeMs, mostMs)).toEqual({ limitMs, why });
});

const LATE = { status: "not-run", reason: "timed-out", message: "it took longer than 20 s", fix: "Look." } as const;

test("where the lower limit struck, the words say whence it comes and what to do", () => {
	const told = withLimitExplained(LATE, timeLimitOf(300, 120_000), 120_000);
	expect(told).toMatchObject({ message: expect.stringContaining("the whole suite last took 0.3 s") });
	expect(told).toMatchObject({ fix: expect.stringContaining("120 s (jetbox.pytestTimeout)") });
});

test("the person's own limit needs no such words, and neither does any other end", () => {
	expect(withLimitExplained(LATE, timeLimitOf(null, 120_000), 120_000)).toBe(LATE);
	const crashed = { ...LATE, reason: "crashed" } as const;
	expect(withLimitExplained(crashed, timeLimitOf(300, 120_000), 120_000)).toBe(crashed);
});

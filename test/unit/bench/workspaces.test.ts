/** The benchmark's projects are the same bytes every time, and of the sizes that its table names. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { generateAwkward } from "../../../bench/workspaces/awkward.ts";
import { generateHeavy } from "../../../bench/workspaces/heavy.ts";
import { generateLarge, generateMedium } from "../../../bench/workspaces/layered.ts";
import { createRandom } from "../../../bench/workspaces/random.ts";
import { generateSmall } from "../../../bench/workspaces/small.ts";
import { generateTricky } from "../../../bench/workspaces/tricky.ts";
import type { GeneratedWorkspace } from "../../../bench/workspaces/workspace.ts";

const GENERATORS = [generateSmall, generateMedium, generateLarge, generateHeavy, generateAwkward, generateTricky];

function hashOf({ files }: GeneratedWorkspace): string {
	const hash = createHash("sha256");
	for (const [path, content] of files) hash.update(`${path}\0`).update(content).update("\0");
	return hash.digest("hex");
}

function testsIn({ files }: GeneratedWorkspace): number {
	return [...files.values()].reduce((sum, text) => sum + (`${text}`.match(/^ *def test_/gm)?.length ?? 0), 0);
}

test("each generator writes the same bytes again, and each its own", () => {
	const first = GENERATORS.map((generate) => hashOf(generate()));
	expect(GENERATORS.map((generate) => hashOf(generate()))).toEqual(first);
	expect(new Set(first).size).toBe(GENERATORS.length);
});

test("random numbers are the same for the same seed, within their limit, and of every value", () => {
	const draw = (seed: number) => {
		const random = createRandom(seed);
		return Array.from({ length: 200 }, () => random.below(6));
	};
	expect(draw(1)).toEqual(draw(1));
	expect(draw(1)).not.toEqual(draw(2));
	expect([...new Set(draw(1))].sort()).toEqual([0, 1, 2, 3, 4, 5]);
	const items = [1, 2, 3, 4, 5, 6, 7];
	expect([...createRandom(3).shuffle(items)].sort()).toEqual(items);
});

test("M has 40 modules and 300 tests, L 600 modules, 3,000 tests and about 73,000 lines", () => {
	const medium = generateMedium();
	const large = generateLarge();
	expect([medium.modules.length, testsIn(medium)]).toEqual([40, 300]);
	expect([large.modules.length, testsIn(large), large.reach.size]).toEqual([600, 3_000, 300]);
	const python = [...large.files].filter(([path]) => path.endsWith(".py"));
	const lines = python.reduce((sum, [, text]) => sum + `${text}`.split("\n").length - 1, 0);
	expect(Math.round(lines / 1_000)).toBe(73);
});

test("the typical module of L is reached by 2 of 300 test files, the hub by 37", () => {
	const { reach, typical, hub } = generateLarge();
	const files = [typical, hub].map((module) => [...reach.values()].filter((reached) => reached.has(module)).length);
	expect(files).toEqual([2, 37]);
});

test("S and F have 4 tests, T 36 that can be collected", () => {
	expect([testsIn(generateSmall()), testsIn(generateHeavy())]).toEqual([4, 4]);
	const { counts } = generateTricky();
	// Two of the errors are files that cannot be collected.
	expect(counts.passed + counts.failed + counts.skipped + counts.errors - 2).toBe(36);
});

/** All gates and rows, in the order of the table, with the ids that `--only` takes. */
import type { BenchContext } from "./context.ts";
import { equalLint } from "./gates/equal-lint.ts";
import { equalTests } from "./gates/equal-tests.ts";
import { noMiss } from "./gates/no-miss.ts";
import { stale } from "./gates/stale.ts";
import type { Result } from "./measure.ts";
import { heavyRow } from "./rows/heavy.ts";
import { hitRows } from "./rows/hit.ts";
import { largeRows, mediumRows } from "./rows/layered.ts";
import { lintRows } from "./rows/lint.ts";
import { parallelRow } from "./rows/parallel.ts";
import { reArmRow } from "./rows/re-arm.ts";
import { RIVAL_IDS, rivalRows, WATCHER_ID, watcherRow } from "./rows/rivals.ts";
import { roundOverhead } from "./rows/round-overhead.ts";
import { smallRows } from "./rows/small.ts";

export interface Measurement {
	readonly ids: readonly string[];
	readonly measure: (context: BenchContext) => Promise<readonly Result[]>;
}

const one = (id: string, measure: (context: BenchContext) => Promise<Result>): Measurement => ({
	ids: [id],
	measure: async (context) => [await measure(context)],
});

export const GATES: readonly Measurement[] = [
	one("equal-lint", equalLint),
	one("equal-tests", equalTests),
	one("no-miss", noMiss),
	one("stale", stale),
];

export const ROWS: readonly Measurement[] = [
	{ ids: ["hit-S", "hit-M", "hit-L"], measure: hitRows },
	{ ids: ["probe-S-pass", "probe-S-break", "sandbox", "burst"], measure: smallRows },
	{ ids: ["probe-M", "full-M", "full-M-two"], measure: mediumRows },
	{ ids: ["probe-L-typical", "probe-L-hub", "first-fail-L", "full-L", "full-L-two"], measure: largeRows },
	one("heavy-F", heavyRow),
	{ ids: ["lint", "lint-probe"], measure: lintRows },
	one("re-arm", reArmRow),
	one("parallel", parallelRow),
	{ ids: RIVAL_IDS, measure: rivalRows },
	one(WATCHER_ID, watcherRow),
	one("round", ({ amounts }) => roundOverhead(amounts.rounds)),
];

/** Row on S: how long after a verdict the next run is ready for, by copies of a process and by one process a run. */
import { type BenchContext, workspaceFor } from "../context.ts";
import { createEdits } from "../edits.ts";
import { assertGreen } from "../engine.ts";
import { type Result, short, takeTurns, timed, words } from "../measure.ts";
import { generateSmall, SMALL_BREAK, SMALL_MODULE } from "../workspaces/small.ts";

const COPIES_GOAL_MS = 100;
const SINGLE_GOAL_MS = 400;

export async function reArmRow(context: BenchContext): Promise<Result> {
	const copies = await readied(context, "auto");
	const single = await readied(context, "parked");
	const of = await takeTurns(context.amounts.pairs, [
		{ name: "copies", sample: copies },
		{ name: "single", sample: single },
	]);
	const [one, other] = [of("copies"), of("single")];
	return {
		id: "re-arm",
		what: `S, from a verdict until the next run is ready for: copies of a process ${words(one)}, a process a run ${words(other)}`,
		measured: `${short(one.median)}, ${short(other.median)} ms`,
		goal: `<= ${COPIES_GOAL_MS}, ${SINGLE_GOAL_MS} ms`,
		met: one.median <= COPIES_GOAL_MS && other.median <= SINGLE_GOAL_MS,
		figures: { copiesMs: one, singleMs: other },
	};
}

/** Milliseconds from the verdict of an edit until nothing is being made ready any more. */
async function readied(context: BenchContext, workers: "auto" | "parked"): Promise<() => Promise<number>> {
	const small = generateSmall();
	const root = workspaceFor(context, small, `re-arm-${workers}`);
	const edits = createEdits(root, SMALL_MODULE, SMALL_BREAK);
	const engine = context.engines.open(context.plain, root, { workers });
	assertGreen(await engine.probe("full"), small.counts);
	await engine.rest();
	return async () => {
		edits.pass();
		assertGreen(await engine.probe("affected"));
		const ms = await timed(engine.ready);
		await engine.rest();
		return ms;
	};
}

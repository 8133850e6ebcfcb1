/** Row of ruff and pytest at once against one after the other, each judging anew. */
import { type BenchContext, workspaceFor } from "../context.ts";
import { assertGreen } from "../engine.ts";
import { type Result, takeTurns, timed, words } from "../measure.ts";
import { generateMedium } from "../workspaces/layered.ts";

const GOAL = 1.05;

export async function parallelRow({ ...context }: BenchContext): Promise<Result> {
	const { plain: environment, engines, amounts } = context;
	const medium = generateMedium();
	const open = (parallel: boolean) =>
		engines.open(environment, workspaceFor(context, medium, `parallel-${parallel}`), { parallel });
	const parallel = open(true);
	const sequential = open(false);
	const judged = (engine: typeof parallel) => async (): Promise<number> => {
		const ms = await timed(async () => assertGreen(await engine.probe("full", true), medium.counts));
		await engine.rest();
		return ms;
	};
	for (const engine of [parallel, sequential]) await judged(engine)();
	const of = await takeTurns(amounts.pairs, [
		{ name: "parallel", sample: judged(parallel) },
		{ name: "sequential", sample: judged(sequential) },
	]);
	const [one, other] = [of("parallel"), of("sequential")];
	const ratio = one.median / other.median;
	return {
		id: "parallel",
		what: `M, ruff and pytest together ${words(one)} against in turn ${words(other)}`,
		measured: `${ratio.toFixed(2)}x`,
		goal: `<= ${GOAL}x`,
		met: ratio <= GOAL,
		figures: { parallelMs: one, sequentialMs: other, ratio },
	};
}

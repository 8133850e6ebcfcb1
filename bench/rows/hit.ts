/** Rows of asking again about unchanged content: the files are swept, no process is started. */
import assert from "node:assert/strict";
import type { WorkspaceReport } from "../../src/core/probes/report.ts";
import { type BenchContext, workspaceFor } from "../context.ts";
import { assertGreen } from "../engine.ts";
import { fasterRow, type Result, takeTurns, timed } from "../measure.ts";
import { sequentialForm } from "../plain-tools.ts";
import { generateLarge, generateMedium } from "../workspaces/layered.ts";
import { generateSmall } from "../workspaces/small.ts";
import type { GeneratedWorkspace } from "../workspaces/workspace.ts";

const GOAL = 1_000;
const LARGE_GOAL_MS = 10;
/** A hit is too short for one reading. */
const HITS_A_SAMPLE = 50;

export async function hitRows(context: BenchContext): Promise<readonly Result[]> {
	const { pairs, largePairs } = context.amounts;
	const large = await hitRow(context, generateLarge(), largePairs);
	const hit = large.figures["ms"];
	const median = typeof hit === "object" ? hit.median : Number.POSITIVE_INFINITY;
	return [
		await hitRow(context, generateSmall(), pairs),
		await hitRow(context, generateMedium(), pairs),
		{ ...large, goal: `${large.goal}, <= ${LARGE_GOAL_MS} ms`, met: large.met && median <= LARGE_GOAL_MS },
	];
}

async function hitRow(context: BenchContext, workspace: GeneratedWorkspace, pairs: number): Promise<Result> {
	const { plain: environment, engines } = context;
	const root = workspaceFor(context, workspace, "hit");
	const engine = engines.open(environment, root);
	/** Milliseconds of one; what asserts its outcome takes a tenth of that, and comes after. */
	const hit = async (): Promise<number> => {
		const reports: WorkspaceReport[] = [];
		const ms = await timed(async () => {
			for (let count = 0; count < HITS_A_SAMPLE; count += 1) reports.push(await engine.probe("full"));
		});
		for (const report of reports) {
			assertGreen(report, workspace.counts);
			assert.deepEqual([report.ruff.cache, report.pytest.cache], ["hit", "hit"]);
		}
		return ms / HITS_A_SAMPLE;
	};
	assertGreen(await engine.probe("full"), workspace.counts);
	await engine.rest();
	const of = await takeTurns(pairs, [
		{ name: "hit", sample: hit },
		{
			name: "plain",
			sample: () =>
				timed(async () => {
					assert.deepEqual(await sequentialForm(environment, root), {
						lintClean: true,
						passed: workspace.counts.passed,
						failed: 0,
					});
				}),
		},
	]);
	return fasterRow({
		id: `hit-${workspace.id}`,
		what: `${workspace.id} unchanged, with the sweep of its files`,
		one: of("hit"),
		other: of("plain"),
		otherName: "ruff, then pytest",
		goal: GOAL,
	});
}

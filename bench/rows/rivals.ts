/** Rows on M: an edit that passes, judged by the engine and by what people use today for the same purpose. */
import assert from "node:assert/strict";
import { type BenchContext, workspaceFor } from "../context.ts";
import { createEdits } from "../edits.ts";
import { fasterRow, type Result, takeTurns, timed } from "../measure.ts";
import { runPlain, summaryOf } from "../plain-tools.ts";
import { generateMedium, type LayeredWorkspace } from "../workspaces/layered.ts";
import { type EditedCopy, editOf, engineCopy } from "./edited-copy.ts";
import { startWatcher } from "./watcher.ts";

/** Sooner than it, no more is promised. */
const GOAL = 1;
const WHAT = "M, an edit that passes, affected verdict with lint";

interface Rival {
	readonly id: string;
	readonly name: string;
	readonly args: readonly string[];
	/** Whether it may leave out tests that the edit cannot have touched. */
	readonly selects: boolean;
}

const RIVALS: readonly Rival[] = [
	{ id: "rival-lf", name: "pytest -x --lf", args: ["-q", "-x", "--lf"], selects: false },
	{ id: "rival-xdist", name: "pytest-xdist -n 2", args: ["-q", "-n", "2"], selects: false },
	{ id: "rival-testmon", name: "pytest-testmon", args: ["-q", "--testmon"], selects: true },
];
const WATCHER = { id: "rival-watcher", name: "pytest-watcher, from the edit" };
export const RIVAL_IDS = RIVALS.map(({ id }) => id);
export const WATCHER_ID = WATCHER.id;

export async function rivalRows(context: BenchContext): Promise<readonly Result[]> {
	const medium = generateMedium();
	const ours = await oursOn(context, medium, "rivals");
	const others = await Promise.all(
		RIVALS.map(async (rival) => ({ rival, sample: await copyOf(context, medium, rival) })),
	);
	const of = await takeTurns(context.amounts.pairs, [
		{ name: "ours", sample: ours.pass },
		...others.map(({ rival: { id }, sample }) => ({ name: id, sample })),
	]);
	return RIVALS.map(({ id, name }) =>
		fasterRow({ id, what: WHAT, one: of("ours"), other: of(id), otherName: name, goal: GOAL }),
	);
}

/** By itself: a process that stays and fails takes no other row with it. */
export async function watcherRow(context: BenchContext): Promise<Result> {
	const { id, name } = WATCHER;
	const medium = generateMedium();
	const ours = await oursOn(context, medium, "watched");
	const root = workspaceFor(context, medium, id);
	const edits = createEdits(root, medium.typical.path);
	const watcher = await startWatcher(context.rivals, root, medium.counts.passed);
	try {
		const of = await takeTurns(context.amounts.pairs, [
			{ name: "ours", sample: ours.pass },
			{
				name: id,
				async sample() {
					await watcher.rest();
					return timed(() => watcher.verdictAfter(edits.pass));
				},
			},
		]);
		return fasterRow({ id, what: WHAT, one: of("ours"), other: of(id), otherName: name, goal: GOAL });
	} finally {
		await watcher.stop();
	}
}

function oursOn(context: BenchContext, medium: LayeredWorkspace, side: string): Promise<EditedCopy> {
	return engineCopy(context, context.rivals, medium, editOf(medium.typical), side);
}

/** Its first run, which learns what there is, is not timed. */
async function copyOf(context: BenchContext, medium: LayeredWorkspace, rival: Rival): Promise<EditedCopy["pass"]> {
	const root = workspaceFor(context, medium, rival.id);
	const edits = createEdits(root, medium.typical.path);
	const run = async (isFirst: boolean) => {
		const { code, stdout, stderr } = await runPlain(context.rivals.pytest, rival.args, root);
		const { passed, failed } = summaryOf(stdout);
		assert.equal(code, 0, `${stdout}${stderr}`.slice(-2_000));
		assert.equal(failed, 0);
		if (isFirst || !rival.selects) assert.equal(passed, medium.counts.passed);
		else assert.notEqual(passed, 0);
	};
	await run(true);
	return () =>
		timed(async () => {
			edits.pass();
			await run(false);
		});
}

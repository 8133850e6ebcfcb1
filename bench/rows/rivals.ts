/** Rows on M: an edit that passes, judged by the engine and by what people use today for the same purpose. */
import assert from "node:assert/strict";
import { type BenchContext, workspaceFor } from "../context.ts";
import { createEdits } from "../edits.ts";
import { fasterRow, type Result, takeTurns, timed } from "../measure.ts";
import { runPlain, summaryOf } from "../plain-tools.ts";
import { generateMedium, type LayeredWorkspace } from "../workspaces/layered.ts";
import { type EditedCopy, editOf, engineCopy } from "./edited-copy.ts";
import { LostChange, startWatcher, type Watcher } from "./watcher.ts";

/** Sooner than it, no more is promised. */
const GOAL = 1;
const MAX_LOST = 3;

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
export const RIVAL_IDS = [...RIVALS, WATCHER].map(({ id }) => id);

export async function rivalRows(context: BenchContext): Promise<readonly Result[]> {
	const { rivals: environment, amounts } = context;
	const medium = generateMedium();
	const edited = editOf(medium.typical);
	const ours = await engineCopy(context, environment, medium, edited, "engine");
	const others = await Promise.all(
		RIVALS.map(async (rival) => ({ rival, sample: await copyOf(context, medium, rival) })),
	);
	const root = workspaceFor(context, medium, WATCHER.id);
	const edits = createEdits(root, edited.file);
	const watcher = await startWatcher(environment, root, medium.counts.passed);
	try {
		const of = await takeTurns(amounts.pairs, [
			{ name: "ours", sample: ours.pass },
			...others.map(({ rival: { id }, sample }) => ({ name: id, sample })),
			{ name: WATCHER.id, sample: () => timeWatched(watcher, edits.pass) },
		]);
		return [...RIVALS, WATCHER].map(({ id, name }) =>
			fasterRow({
				id,
				what: "M, an edit that passes, affected verdict with lint",
				one: of("ours"),
				other: of(id),
				otherName: name,
				goal: GOAL,
			}),
		);
	} finally {
		await watcher.stop();
	}
}

/** A change that it loses even so is made again. */
async function timeWatched(watcher: Watcher, change: () => void): Promise<number> {
	for (let lost = 0; ; lost += 1) {
		await watcher.rest();
		try {
			return await timed(() => watcher.verdictAfter(change));
		} catch (error) {
			if (!(error instanceof LostChange) || lost === MAX_LOST) throw error;
		}
	}
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

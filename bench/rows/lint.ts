/** Row on L: what an edit costs in lint alone, by the resident server and by the command line. */
import assert from "node:assert/strict";
import { type BenchContext, workspaceFor } from "../context.ts";
import { createEdits } from "../edits.ts";
import { fasterRow, type Result, takeTurns, timed } from "../measure.ts";
import { runPlain } from "../plain-tools.ts";
import { generateLarge } from "../workspaces/layered.ts";

const GOAL = 20;

export async function lintRow(context: BenchContext): Promise<Result> {
	const { plain: environment, amounts } = context;
	const large = generateLarge();
	const file = large.typical.path;
	const root = workspaceFor(context, large, "lint-engine");
	const engine = context.engines.open(environment, root, { pytestEnabled: false });
	const edits = createEdits(root, file);
	const plainRoot = workspaceFor(context, large, "lint-plain");
	const plainEdits = createEdits(plainRoot, file);
	const first = await engine.probe("full");
	assert.equal(first.ruff.status, "clean", JSON.stringify(first.ruff).slice(0, 2_000));
	const resident = async (): Promise<number> => {
		edits.pass();
		const { ruff } = await engine.probe("affected");
		assert.deepEqual([ruff.status, ruff.cache, ruff.form], ["clean", "miss", "resident"], JSON.stringify(ruff));
		return ruff.durationMs;
	};
	// The server is believed after it was held against the command line once.
	await engine.probe("full", true);
	const of = await takeTurns(amounts.pairs, [
		{ name: "resident", sample: resident },
		{
			name: "cli",
			sample: () =>
				timed(async () => {
					plainEdits.pass();
					assert.equal((await runPlain(environment.ruff, ["check", "."], plainRoot)).code, 0);
				}),
		},
	]);
	return fasterRow({
		id: "lint",
		what: "L, an edit's lint by the resident server, its own time of the probe",
		one: of("resident"),
		other: of("cli"),
		otherName: "ruff check .",
		goal: GOAL,
	});
}

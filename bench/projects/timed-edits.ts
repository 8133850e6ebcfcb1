/** Edits of a project that change nothing for its tests: from the edit to the verdict, against ruff, then pytest. */
import assert from "node:assert/strict";
import { createEdits } from "../edits.ts";
import { type Engines, failingOf } from "../engine.ts";
import { type Spread, spreadOf, timed } from "../measure.ts";
import { runPlain } from "../plain-tools.ts";
import { createRandom } from "../workspaces/random.ts";
import { ARGUMENTS, type PlainTruth, type Project, steady } from "./plain-truth.ts";
import { sourcesOf } from "./project-files.ts";

/** pytest's exit codes, https://docs.pytest.org/en/stable/reference/exit-codes.html */
const PASSED = 0;
const FAILED = 1;

/** One source after the other in shuffled order; both sides on one copy, since that is the one which is installed. */
export async function timeEdits(
	{ root, environment }: Project,
	engines: Engines,
	truth: PlainTruth,
	pairs: number,
): Promise<{ readonly plain: Spread; readonly verdict: Spread }> {
	// One for each file for good: a text that comes again is known to the engine.
	const files = createRandom(pairs).shuffle(sourcesOf(root).map((file) => createEdits(root, file)));
	const failing = steady(truth.failing, truth);
	const plain: number[] = [];
	const verdict: number[] = [];
	const engine = engines.open(environment, root);
	const judge = async () => assert.deepEqual(steady(failingOf(await engine.probe("affected")), truth), failing);
	const runBoth = async () => {
		await runPlain(environment.ruff, ["check", "."], root);
		const { code } = await runPlain(environment.pytest, ARGUMENTS, root);
		const expected = truth.failing.length > 0 ? FAILED : PASSED;
		assert.ok(code === expected || truth.unsteady.size > 0, `plain pytest ended with ${code}`);
	};
	try {
		await engine.probe("full", true);
		for (let pair = 0; pair < pairs; pair += 1) {
			const edits = files[pair % files.length];
			assert.ok(edits !== undefined, "The project has no source.");
			const edited = (work: () => Promise<unknown>) =>
				timed(async () => {
					edits.pass();
					await work();
				});
			const sides = [async () => verdict.push(await edited(judge)), async () => plain.push(await edited(runBoth))];
			try {
				for (const side of pair % 2 === 0 ? sides : sides.reverse()) {
					await side();
					await engine.rest();
				}
			} finally {
				edits.restore();
			}
			await engine.probe("affected");
			await engine.rest();
		}
	} finally {
		await engine.dispose();
	}
	return { plain: spreadOf(plain), verdict: spreadOf(verdict) };
}

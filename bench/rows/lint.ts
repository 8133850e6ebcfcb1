/** Rows on L: what lint costs by the resident server and by the command line. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type RuffServer, startRuffServer } from "../../src/node/probes/lint/ruff-server.ts";
import { probeEnvironment } from "../../src/node/probes/tools/environment.ts";
import { type BenchContext, workspaceFor } from "../context.ts";
import { createEdits } from "../edits.ts";
import { fasterRow, type Result, takeTurns, timed } from "../measure.ts";
import { runPlain } from "../plain-tools.ts";
import { generateLarge } from "../workspaces/layered.ts";

const GOAL = 20;
/** An exchange is too short for one reading. */
const TEXTS_A_SAMPLE = 20;
const START_LIMIT_MS = 60_000;

/** The server's exchange itself (didChange, then pull), and all that lint takes of a probe after a pause. */
export async function lintRows(context: BenchContext): Promise<readonly Result[]> {
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
	// The server is believed after it was held against the command line once.
	await engine.probe("full", true);
	const ended = new AbortController();
	const launch = { command: environment.ruff, args: ["server"], env: probeEnvironment(process.env) };
	const server = await startRuffServer(root, launch, null, START_LIMIT_MS, ended.signal);
	try {
		const exchange = createExchange(server, file, readFileSync(join(plainRoot, file), "utf8"));
		const of = await takeTurns(amounts.pairs, [
			{ name: "exchange", sample: exchange },
			{
				name: "probe",
				async sample() {
					edits.pass();
					const { ruff } = await engine.probe("affected");
					assert.deepEqual([ruff.status, ruff.cache, ruff.form], ["clean", "miss", "resident"], JSON.stringify(ruff));
					return ruff.durationMs;
				},
			},
			{
				name: "cli",
				sample: () =>
					timed(async () => {
						plainEdits.pass();
						assert.equal((await runPlain(environment.ruff, ["check", "."], plainRoot)).code, 0);
					}),
			},
		]);
		const common = { other: of("cli"), otherName: "ruff check ." };
		const what = `L, a changed text judged by the resident server (didChange, then pull), ${TEXTS_A_SAMPLE} in a row, each`;
		const inProbe = "L, an edit's lint after a pause, all its time of the probe";
		return [
			fasterRow({ ...common, id: "lint", what, one: of("exchange"), goal: GOAL }),
			published(fasterRow({ ...common, id: "lint-probe", what: inProbe, one: of("probe"), goal: 0 })),
		];
	} finally {
		ended.abort();
	}
}

/** Each sample: milliseconds of one exchange, of texts that differ; every other one has a finding, which is asserted. */
function createExchange(server: RuffServer, file: string, text: string): () => Promise<number> {
	let count = 0;
	return async () => {
		const all = await timed(async () => {
			for (let index = 0; index < TEXTS_A_SAMPLE; index += 1) {
				count += 1;
				const added = index % 2 === 0 ? `MARK = ${count}` : `if MARK_${count}:\n    pass`;
				const codes = (await server.judge(file, `${text}\n${added}\n`)).map(({ code }) => code);
				assert.deepEqual(codes, index % 2 === 0 ? [] : ["F821"]);
			}
		});
		return all / TEXTS_A_SAMPLE;
	};
}

function published(row: Result): Result {
	return { ...row, goal: "published", met: true };
}

/** Row on F: heavy third-party imports. */
import type { BenchContext } from "../context.ts";
import { fasterRow, type Result, takeTurns } from "../measure.ts";
import { generateHeavy, HEAVY_MODULE } from "../workspaces/heavy.ts";
import { engineCopy, plainCopy } from "./edited-copy.ts";

const GOAL = 40;

export async function heavyRow(context: BenchContext): Promise<Result> {
	const { heavy: environment, amounts } = context;
	const heavy = generateHeavy();
	const edited = { file: HEAVY_MODULE, breaking: { from: ".sum()", to: ".max()" } };
	const plain = plainCopy(context, environment, heavy, edited, "plain");
	const ours = await engineCopy(context, environment, heavy, edited, "engine");
	const of = await takeTurns(amounts.pairs, [
		{ name: "plain", sample: plain.pass },
		{ name: "pass", sample: ours.pass, times: 3 },
	]);
	return fasterRow({
		id: "heavy-F",
		what: "F, an edit that passes, beside numpy, pandas, pydantic, requests and sqlalchemy",
		one: of("pass"),
		other: of("plain"),
		otherName: "ruff, then pytest",
		goal: GOAL,
	});
}

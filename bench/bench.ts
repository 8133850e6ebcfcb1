/**
 * The measurements outside the editor. The only argument is what run.mjs wants as JSON; the results go into the file named
 * there. The gates run first: times of an engine that is wrong count for nothing.
 */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchContext, QUICK, WHOLE } from "./context.ts";
import { createEngines } from "./engine.ts";
import { ensureEnvironment, HEAVY, RIVALS, TOOLS } from "./environments.ts";
import type { Result } from "./measure.ts";
import { GATES, type Measurement, ROWS } from "./measurements.ts";

interface Wanted {
	/** Any Python with venv. */
	readonly python: string;
	readonly enginePath: string;
	/** Folder of the environments. */
	readonly cache: string;
	readonly resultPath: string;
	readonly quick: boolean;
	/** Ids of rows; empty for all. */
	readonly only: readonly string[];
}

const wanted: Wanted = JSON.parse(process.argv[2] ?? "");
const scratch = realpathSync(mkdtempSync(join(tmpdir(), "jetbox-bench-")));
try {
	const environment = (name: string, requirements: readonly string[]) =>
		ensureEnvironment(wanted.python, wanted.cache, name, requirements);
	const context: BenchContext = {
		engines: createEngines(wanted.enginePath),
		scratch,
		plain: await environment("plain", TOOLS),
		heavy: await environment("heavy", HEAVY),
		rivals: await environment("rivals", RIVALS),
		amounts: wanted.quick ? QUICK : WHOLE,
	};
	const gates = await measureAll(GATES, context);
	const broken = gates.some(({ met }) => !met);
	const results = broken ? gates : [...gates, ...(await measureAll(ROWS, context))];
	writeFileSync(wanted.resultPath, JSON.stringify({ broken, results, tools: TOOLS }));
} finally {
	rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}

async function measureAll(measurements: readonly Measurement[], context: BenchContext): Promise<readonly Result[]> {
	const results: Result[] = [];
	for (const { ids, measure } of measurements) {
		const asked = ids.filter((id) => wanted.only.length === 0 || wanted.only.includes(id));
		if (asked.length === 0) continue;
		console.error(`bench: ${asked.join(", ")} ...`);
		try {
			results.push(...(await measure(context)).filter(({ id }) => asked.includes(id)));
		} catch (error) {
			// A wrong outcome has no time; what is left may still be measured.
			console.error(error);
			results.push(...asked.map((id) => failedRow(id, error)));
		} finally {
			await context.engines.disposeAll();
		}
	}
	return results;
}

function failedRow(id: string, error: unknown): Result {
	const words = error instanceof Error ? error.message : String(error);
	const what = `no figure: ${words.replaceAll(/\s+/g, " ").slice(0, 300)}`;
	return { id, what, measured: "failed", goal: "a right outcome", met: false, figures: {} };
}

/** The measurements outside the editor. Told by its environment where the tools are; prints one JSON line of results. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheHit, parallelForm } from "./probes.ts";
import { roundOverhead } from "./round-overhead.ts";
import { writeWorkspace } from "./workspaces.ts";

const TESTS = 300;
const FULL = { runs: 20, pairs: 15 };
const QUICK = { runs: 5, pairs: 5 };

const [python = "", ruff = "", enginePath = "", resultPath = "", quick] = process.argv.slice(2);
const { runs, pairs } = quick === "quick" ? QUICK : FULL;
const tools = { python, ruff, enginePath };
const scratch = realpathSync(mkdtempSync(join(tmpdir(), "jetbox-bench-")));
try {
	writeWorkspace(scratch, TESTS);
	const results = [
		await roundOverhead(runs),
		await cacheHit(tools, scratch, TESTS, pairs),
		await parallelForm(tools, scratch, TESTS, pairs),
	];
	writeFileSync(resultPath, JSON.stringify(results));
} finally {
	rmSync(scratch, { recursive: true, force: true });
}

/** All projects of the catalog, one after the other. The only argument is what run.mjs wants as JSON; the results go into the file named there. */
import { writeFileSync } from "node:fs";
import { QUICK, WHOLE } from "../context.ts";
import { createEngines } from "../engine.ts";
import { ensureEnvironment, TOOLS } from "../environments.ts";
import type { Result } from "../measure.ts";
import { CATALOG, type CatalogEntry } from "./catalog.ts";
import { rowsOf } from "./rows.ts";
import { unpackProject } from "./source-distribution.ts";
import { tryProject } from "./trial.ts";

interface Wanted {
	/** Any Python with venv and pip. */
	readonly python: string;
	readonly enginePath: string;
	/** Folder of the projects and their environments, outside of every repository. */
	readonly cache: string;
	readonly resultPath: string;
	readonly quick: boolean;
	/** Names of projects; empty for all. */
	readonly only: readonly string[];
}

const wanted: Wanted = JSON.parse(process.argv[2] ?? "");
const engines = createEngines(wanted.enginePath);
const results: Result[] = [];
for (const entry of CATALOG) {
	if (wanted.only.length > 0 && !wanted.only.includes(entry.name)) continue;
	console.error(`bench: ${entry.name} ...`);
	const known = results.length;
	try {
		results.push(...(await measure(entry)));
	} catch (error) {
		// What one project does not let us measure, the next may.
		console.error(error);
		const what = `no figure: ${error instanceof Error ? error.message : String(error)}`;
		results.push({ id: entry.name, what, measured: "failed", goal: "all equal, 0 wrong", met: false, figures: {} });
	} finally {
		await engines.disposeAll();
	}
	for (const { met, measured, what } of results.slice(known)) {
		console.error(`bench: ${met ? "ok" : "MISSED"}: ${measured}: ${what}`);
	}
}
writeFileSync(wanted.resultPath, JSON.stringify({ results }));

async function measure(entry: CatalogEntry): Promise<readonly Result[]> {
	const { python, cache, quick } = wanted;
	const root = await unpackProject(python, cache, entry);
	const requirements = [...TOOLS, ...entry.requirements, "--editable", root];
	const environment = await ensureEnvironment(python, cache, `${entry.name}-${entry.version}/venv`, requirements);
	const trial = await tryProject({ root, environment }, engines, (quick ? QUICK : WHOLE).projects);
	for (const words of trial.unequal) console.error(`${entry.name}: unequal: ${words}`);
	for (const words of trial.missed) console.error(`${entry.name}: missed: ${words}`);
	for (const words of trial.invented) console.error(`${entry.name}: invented: ${words}`);
	return rowsOf(entry, trial);
}

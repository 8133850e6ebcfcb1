/** What every benchmark ends with: a table on the terminal, its figures as JSON in bench/results/, 1 where a goal is missed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

const RESULTS = join(import.meta.dirname, "results");

/**
 * @param results rows of bench/measure.ts
 * @param about what else belongs to the figures, such as the model
 * @returns the exit code
 */
export function report(results, about) {
	mkdirSync(RESULTS, { recursive: true });
	const at = new Date().toISOString();
	const machine = { cpus: cpus().length, node: process.version, platform: process.platform };
	const path = join(RESULTS, `${at.replaceAll(":", "-")}.json`);
	writeFileSync(path, `${JSON.stringify({ at, ...about, machine, results }, null, "\t")}\n`);
	console.log(`\n${"".padEnd(8)}${"measured".padEnd(28)}${"goal".padEnd(28)}what`);
	for (const { what, measured, goal, met } of results) {
		console.log(`${(met ? "ok" : "MISSED").padEnd(8)}${measured.padEnd(28)}${goal.padEnd(28)}${what}`);
	}
	const missed = results.filter(({ met }) => !met);
	const verdict = missed.length === 0 ? "Every goal is met." : `Missed: ${missed.map(({ id }) => id).join(", ")}.`;
	console.log(`\n${verdict} Medians (p10..p90), interleaved; trust the ratios. Figures: ${path}`);
	return missed.length === 0 ? 0 : 1;
}

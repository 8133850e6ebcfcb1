/** What every benchmark ends with: a table on the terminal, its figures as JSON and Markdown in bench/results/, 1 where a goal is missed. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

const RESULTS = join(import.meta.dirname, "results");
const DOCS = join(import.meta.dirname, "../docs/performance.md");
/** What lies between them in the page is the last table that `--docs` put there. */
const BEGIN = "<!-- npm run bench -- --docs writes from here -->";
const END = "<!-- to here -->";

/**
 * @param results rows of bench/measure.ts
 * @param about what else belongs to the figures, such as the model
 * @param page whether docs/performance.md gets the table
 * @returns the exit code
 */
export function report(results, about, page = false) {
	mkdirSync(RESULTS, { recursive: true });
	const at = new Date().toISOString();
	const machine = { cpus: cpus().length, node: process.version, platform: process.platform };
	const path = join(RESULTS, at.replaceAll(":", "-"));
	writeFileSync(`${path}.json`, `${JSON.stringify({ at, ...about, machine, results }, null, "\t")}\n`);
	const table = markdownOf(results, { at, machine, ...about });
	writeFileSync(`${path}.md`, table);
	if (page) writeIntoPage(table);
	console.log(`\n${"".padEnd(8)}${"measured".padEnd(28)}${"goal".padEnd(28)}what`);
	for (const { what, measured, goal, met } of results) {
		console.log(`${(met ? "ok" : "MISSED").padEnd(8)}${measured.padEnd(28)}${goal.padEnd(28)}${what}`);
	}
	const missed = results.filter(({ met }) => !met);
	const verdict = missed.length === 0 ? "Every goal is met." : `Missed: ${missed.map(({ id }) => id).join(", ")}.`;
	console.log(`\n${verdict} Medians (p10..p90), interleaved; trust the ratios. Figures: ${path}.json`);
	return missed.length === 0 ? 0 : 1;
}

function markdownOf(results, { at, machine, python = "", tools = [], quick = false }) {
	const versions = [`Node ${machine.node.slice(1)}`, python, ...tools.map((tool) => tool.replace("==", " "))];
	const cell = (text) => text.replaceAll("|", "\\|");
	const rows = results.map(
		({ what, measured, goal, met }) =>
			`| ${cell(what)} | ${cell(measured)} | ${cell(goal)}${met ? "" : ", **missed**"} |`,
	);
	return [
		`\`npm run bench${quick ? " -- --quick" : ""}\` on ${at.slice(0, 10)}, ${machine.platform}, ${machine.cpus} cores, ${versions.filter((words) => words !== "").join(", ")}; medians (p10..p90).`,
		"",
		"| what | measured | goal |",
		"| --- | --- | --- |",
		...rows,
		"",
	].join("\n");
}

/** @throws Error where the page has no place for it */
function writeIntoPage(table) {
	const text = readFileSync(DOCS, "utf8");
	const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
	if (begin < 0 || end < begin) throw new Error(`${DOCS} has lost its two comments for the table.`);
	writeFileSync(DOCS, `${text.slice(0, begin + BEGIN.length)}\n${table}${text.slice(end)}`);
}

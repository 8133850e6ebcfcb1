/**
 * `npm run eval`: tasks, each in a fresh copy, by Jetbox or a baseline, judged by hidden tests. Goes on where an interrupted run
 * stopped: the result file is read first.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { appendAttempt, attemptKey, readAttempts } from "./attempt.ts";
import { comparisonOf } from "./comparison.ts";
import { filledPage } from "./document.ts";
import { type EvalOptions, parseOptions, USAGE } from "./options.ts";
import { pictureOf } from "./picture.ts";
import { type Planned, planOf } from "./plan.ts";
import { reportOf } from "./report.ts";
import { labelOf, runAttempt } from "./run-attempt.ts";

const MS_PER_MINUTE = 60_000;
const RESULTS = "bench/eval/results";

process.exitCode = await main();

async function main(): Promise<number> {
	const options = parseOptions(process.argv.slice(2));
	if (options === "help") {
		console.log(USAGE);
		return 0;
	}
	if ("wrong" in options) {
		console.error(`${options.wrong}\n${USAGE}`);
		return 2;
	}
	if (options.docs !== null) {
		fillPage(options.docs, options.root);
		return 0;
	}
	const stopped = new AbortController();
	for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopped.abort());
	mkdirSync(dirname(options.out), { recursive: true });
	if (!options.report) await attemptAll(options, stopped.signal);
	tell(options);
	return stopped.signal.aborted ? 130 : 0;
}

function fillPage(page: string, root: string): void {
	const read = (file: string) => readAttempts(join(root, RESULTS, file));
	writeFileSync(page, filledPage(readFileSync(page, "utf8"), read));
	console.log(`Filled: ${page}`);
}

/** What the result file does not hold yet, in the plan's order, until the time or the person says stop. */
async function attemptAll(options: EvalOptions, signal: AbortSignal): Promise<void> {
	const { out, stopAfterMinutes } = options;
	const latest =
		stopAfterMinutes === null ? Number.POSITIVE_INFINITY : performance.now() + stopAfterMinutes * MS_PER_MINUTE;
	const known = new Set(readAttempts(out).map(attemptKey));
	for (const planned of planOf(options)) {
		if (known.has(attemptKey({ ...planned, task: planned.task.name }))) continue;
		if (signal.aborted || performance.now() > latest) return;
		await attemptOne(planned, options, signal);
	}
}

async function attemptOne(planned: Planned, options: EvalOptions, signal: AbortSignal): Promise<void> {
	const label = labelOf(planned);
	try {
		const attempt = await runAttempt(planned, options, signal);
		appendAttempt(options.out, attempt);
		const word = attempt.green ? "green" : attempt.claimedGreen ? "FALSELY GREEN" : "not green";
		const seconds = (attempt.durationMs / 1_000).toFixed(0);
		console.log(`${label}: ${word}, ${attempt.rounds} rounds, ${seconds} s; ${attempt.ending}`);
	} catch (error) {
		if (signal.aborted) return;
		console.error(`${label}: could not be run: ${error instanceof Error ? error.message : String(error)}`);
	}
}

function tell({ out, compare }: EvalOptions): void {
	const attempts = readAttempts(out);
	const picture = `${out.replace(/\.jsonl$/, "")}.svg`;
	writeFileSync(picture, pictureOf(attempts));
	console.log(`\n${reportOf(attempts)}\n`);
	if (compare !== null) console.log(`${comparisonOf(readAttempts(compare), attempts)}\n`);
	console.log(`Attempts: ${out}\nPicture: ${picture}`);
}

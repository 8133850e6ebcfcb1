/** One run in one worker, from its order to its end. */
import type { TestFinding } from "../../../../core/probes/finding.ts";
import { createReporterLines } from "../../../../core/probes/reporter-lines.ts";
import type { Reported, TestRunEnd } from "../../../../core/probes/test-report.ts";
import { endedFirst, type ProcessEnd } from "../../processes/child-end.ts";
import type { WorkerProcess } from "./worker-process.ts";
import { textOf, textsOf, type WorkerOrder, type WorkerRecord } from "./worker-wire.ts";

/** After the verdict a process may finish what it registered for its end; then it is ended. */
const LINGER_MS = 1_000;
/** A copy that is to end is given this long before the process it was copied from is ended with it. */
const COPY_END_MS = 1_500;

export interface RunAnswer {
	readonly end: TestRunEnd | Extract<ProcessEnd, { kind: "not-started" }>;
	readonly reported: Reported;
	readonly lastWords: string;
	/** Why the worker refused, and the files that are not what it has loaded; else null. */
	readonly stale: { readonly why: string; readonly files: readonly string[] } | null;
}

/** What the next worker may load ahead. */
export interface Loaded {
	readonly modules: readonly string[];
	/** Whether a test looks at what is loaded. */
	readonly looksAtModules: boolean;
}

export interface RunParts {
	readonly order: WorkerOrder;
	/** Whether a copy of the worker runs, and the worker stays. */
	readonly copies: boolean;
	readonly timeoutMs: number;
	readonly onFailing?: (finding: TestFinding) => void;
	readonly onLoaded: (loaded: Loaded) => void;
	readonly onAdvice: (record: WorkerRecord) => void;
}

export interface StartedRun {
	/** At pytest's verdict, not at the process's end. Rejects with signal.reason, after the processes are gone. */
	readonly answer: Promise<RunAnswer>;
	/** When the run's processes are gone. */
	readonly gone: Promise<void>;
}

export function startRun(worker: WorkerProcess, parts: RunParts, signal: AbortSignal): StartedRun {
	const { order, copies, timeoutMs, onFailing } = parts;
	const lines = createReporterLines(onFailing);
	let stale: RunAnswer["stale"] = null;
	let onFinished: () => void = () => undefined;
	let onExit: (end: ProcessEnd) => void = () => undefined;
	const finished = new Promise<"finished">((resolve) => {
		onFinished = () => resolve("finished");
	});
	let isOver = false;
	const over = new Promise<ProcessEnd>((resolve) => {
		onExit = (end) => {
			isOver = true;
			resolve(end);
		};
	});
	const forget = worker.listen((record) => {
		// Before its run begins a process speaks for nobody.
		if (record["run"] !== order.run && (copies || record["run"] !== undefined)) return;
		if (record["kind"] === "loaded") {
			parts.onLoaded({ modules: textsOf(record["modules"]), looksAtModules: record["looksAtModules"] === true });
		} else if (record["kind"] === "advice") parts.onAdvice(record);
		else if (record["kind"] === "stale") stale = { why: textOf(record["why"]), files: textsOf(record["files"]) };
		else if (record["kind"] === "exit") onExit(exitOf(record));
		else lines.take(record);
		if (record["kind"] === "finish") onFinished();
	});
	void worker.ended.then(onExit);

	const stop = async (): Promise<void> => {
		if (isOver) return;
		if (!copies) return worker.end("gently");
		worker.send({ kill: order.run });
		await within(over, COPY_END_MS);
		if (!isOver) await worker.end("at-once");
	};
	const answered = async (): Promise<RunAnswer> => {
		const first = await endedFirst(Promise.race([finished, over]), timeoutMs, signal);
		if (first === "aborted") {
			await stop();
			throw signal.reason;
		}
		if (first === "timed-out") await stop();
		const reported = lines.read();
		const said = { reported, stale, lastWords: worker.lastWords() };
		if (first === "timed-out") return { end: { kind: "timed-out", limitMs: timeoutMs }, ...said };
		if (first === "finished") return { end: { kind: "exited", code: reported.finished ?? -1 }, ...said };
		if (first.kind === "timed-out" || first.kind === "aborted")
			throw new Error(`A worker cannot end as ${first.kind}.`);
		return { end: first, ...said };
	};
	worker.send(order);
	const answer = answered();
	const gone = answer
		.catch(() => undefined)
		.then(() => within(over, LINGER_MS))
		.then(stop)
		.then(forget)
		.then(() => undefined);
	return { answer, gone };
}

function exitOf(record: WorkerRecord): ProcessEnd {
	const { code, signal } = record;
	return typeof signal === "string"
		? { kind: "signalled", signal }
		: { kind: "exited", code: typeof code === "number" ? code : -1 };
}

async function within(promise: Promise<unknown>, ms: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	await Promise.race([
		promise,
		new Promise((resolve) => {
			timer = setTimeout(resolve, ms);
		}),
	]);
	clearTimeout(timer);
}

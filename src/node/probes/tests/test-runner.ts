/** Runs tests: the whole suite or the tests of some files, each run in a process of its own, the fastest that can be had. */
import { join } from "node:path";
import { orAborted } from "../../../core/or-aborted.ts";
import type { FileChange } from "../../../core/probes/affected.ts";
import type { ProbeSettings, ToolState } from "../../../core/probes/engine-messages.ts";
import type { TestFinding } from "../../../core/probes/finding.ts";
import { notRun } from "../../../core/probes/report.ts";
import { isJudged, judgeTestRun, NO_PYTEST, type TestJudgement } from "../../../core/probes/test-report.ts";
import type { TestRun, WorkerForm } from "../../../core/probes/test-run.ts";
import { removeBytecode } from "../content/bytecode.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { PythonInfo } from "../tools/interpreter.ts";
import { pytestArgumentsFor, pytestConfigIn } from "./pytest-config.ts";
import { removeFolder } from "./workers/private-folders.ts";
import { createWorkerPool, PARKING_LIMIT_MS, type Station, type Target } from "./workers/worker-pool.ts";
import { type RunAnswer, startRun } from "./workers/worker-run.ts";
import { parseAdvice } from "./workers/worker-wire.ts";

const BYTES_PER_MB = 1024 * 1024;
/** An engine that only gives an answer of an earlier session has ended by then. */
const PREPARE_MS = 250;

export interface TestRunRequest {
	readonly python: PythonInfo;
	/**
	 * Workspace-relative test files, or null for the whole suite as plain pytest collects it. Of named files, only those run
	 * that plain pytest would collect.
	 */
	readonly files: readonly string[] | null;
	/** Files that another process takes, where `files` is null. */
	readonly leftOut?: readonly string[];
	readonly timeoutMs: number;
	/** It leaves the processor to everything else. */
	readonly background?: boolean;
	/** Told the first test that fails as it does: that need not wait for the last one. Where a run is begun again, of that one too. */
	readonly onFailing?: (finding: TestFinding) => void;
}

export interface TestRunner {
	/**
	 * Answers at pytest's verdict; what the process does for its own end comes after, see `settled`. Several at a time are fine.
	 * @throws signal.reason when aborted, after the run's processes are gone
	 */
	run(request: TestRunRequest, signal: AbortSignal): Promise<TestRun>;
	/** Tells which files changed, came or went: a process that has loaded one, or would load another now, is given up and the next made ready. */
	changed(changes: readonly FileChange[]): void;
	/** Which form is in force and why; for Check Setup. Waits for what is made ready, but for no run. */
	describe(python: PythonInfo, signal: AbortSignal): Promise<ToolState>;
	/** Makes processes ready in a while, unless a run does so before. */
	prepare(python: PythonInfo): void;
	/** Modules that the next processes load ahead. */
	modules(): readonly string[];
	/** When the processes of all runs that were answered are gone. */
	settled(): Promise<void>;
	/** Gives up what stands ready; settles when no process lives that may have run the workspace's code. Not while a run is under way. */
	empty(): Promise<void>;
	/** Ends every process at once. */
	dispose(): void;
}

export function createTestRunner(parts: {
	readonly root: string;
	/** jetbox_worker.py; what it loads lies beside it. */
	readonly workerPath: string;
	readonly settings: Pick<ProbeSettings, "workers" | "memoryLimitMb">;
	readonly sandbox: Sandbox;
	readonly probeEnv: Readonly<Record<string, string>>;
	/** Modules that runs of an earlier session loaded. */
	readonly modules?: readonly string[];
}): TestRunner {
	const { root, workerPath, settings, sandbox, probeEnv } = parts;
	const pool = createWorkerPool({
		root,
		workerPath,
		setting: settings.workers,
		memoryBytes: settings.memoryLimitMb === null ? null : settings.memoryLimitMb * BYTES_PER_MB,
		probeEnv,
		modules: parts.modules ?? [],
		parkingLimitMs: PARKING_LIMIT_MS,
	});
	const leaving = new Set<Promise<void>>();
	/** Of the runs that have no verdict yet. */
	const underWay = new Set<Station>();
	/** Changed while a process ran that may still write bytecode of the text before. */
	const suspects = new Set<string>();
	let lastRun = 0;
	/** Of the last run: another one may be of an environment that was made since, which tests must not change. */
	let interpreter: string | null = null;
	/** pytest's, as the last aim found it. */
	let config: string | null = null;
	const disposed = new AbortController();
	let preparing: NodeJS.Timeout | null = null;

	const aim = (python: PythonInfo, confine: Target["confine"]) => {
		config = pytestConfigIn(root);
		pool.aim({ python, config, confine });
	};

	const runAt = async (station: Station, request: TestRunRequest, signal: AbortSignal): Promise<RunAnswer> => {
		const run = ++lastRun;
		const { worker, copies } = station;
		const privateDir = copies ? join(station.privateDir, `run-${run}`) : station.privateDir;
		const started = startRun(
			worker,
			{
				order: {
					run,
					args: pytestArgumentsFor(root, config, privateDir),
					files: request.files,
					leftOut: request.leftOut ?? [],
					private: privateDir,
					tag: copies ? `${worker.tag}-${run}` : worker.tag,
					background: request.background === true,
				},
				copies,
				timeoutMs: request.timeoutMs,
				...(request.onFailing === undefined ? {} : { onFailing: request.onFailing }),
				onLoaded: pool.learn,
				onAdvice: (record) => pool.advise(parseAdvice(record)),
			},
			signal,
		);
		leaving.add(started.gone);
		void started.gone.then(() => {
			leaving.delete(started.gone);
			if (leaving.size === 0) pool.renew();
			if (copies) void removeFolder(privateDir);
		});
		underWay.add(station);
		const answer = await started.answer.finally(() => underWay.delete(station));
		// Not before the verdict is on its way; after a cancel or a hang nothing is started before it is asked for.
		if (answer.end.kind !== "timed-out") pool.armSoon();
		return answer;
	};
	const forgetStaleBytecode = () => {
		removeBytecode(root, suspects);
		if (leaving.size === 0) suspects.clear();
	};
	/** Where it is refused, the run that asks for it will say so. */
	const makeReady = async (python: PythonInfo): Promise<void> => {
		const confinement = await sandbox.confinement(python, disposed.signal);
		if (confinement.kind === "refused" || lastRun > 0) return;
		aim(python, confinement.confine);
		pool.arm();
	};
	const empty = async (): Promise<void> => {
		await Promise.all([pool.clear(), ...leaving]);
	};
	/** In a new interpreter. */
	const runFresh = async (why: string, request: TestRunRequest, signal: AbortSignal): Promise<TestRun> => {
		const station = pool.spawn();
		if ("problem" in station) {
			const fix = "Make room there, or set TMPDIR to a folder that can be written.";
			return { ...NOTHING_RAN, judgement: notRun("tool-missing", station.problem, fix) };
		}
		const answer = await runAt(station, request, signal);
		return testRunOf(answer, "spawned", why);
	};
	const runReady = async (station: Station, request: TestRunRequest, signal: AbortSignal): Promise<TestRun> => {
		const { form } = station;
		const answer = await runAt(station, request, signal);
		if (answer.stale !== null) {
			removeBytecode(root, answer.stale.files);
			return runFresh(`the ready process was out of date: ${answer.stale.why}`, request, signal);
		}
		const crashed = answer.reported.finished === null && answer.end.kind !== "timed-out";
		if (crashed) {
			// Whether the project or the ready process is at fault, only a new interpreter tells.
			const again = await runFresh(`a ${form} process ended before its verdict`, request, signal);
			if (isJudged(again.judgement)) pool.blame(`a ${form} process ended early where a new interpreter did not`);
			return again;
		}
		if (answer.end.kind === "timed-out") pool.doubt(`the run before, in a ${form} process, took too long`);
		return testRunOf(answer, form, station.why);
	};
	return {
		async run(request, signal) {
			const { python } = request;
			if (python.pytest === null) return { ...NOTHING_RAN, judgement: NO_PYTEST };
			if (interpreter !== null && interpreter !== python.path) {
				await empty();
				sandbox.guardAnew();
			}
			interpreter = python.path;
			const confinement = await sandbox.confinement(python, signal);
			if (confinement.kind === "refused") {
				const { message, fix } = confinement;
				return { ...NOTHING_RAN, judgement: notRun("tool-missing", message, fix) };
			}
			aim(python, confinement.confine);
			forgetStaleBytecode();
			const station = await pool.take(signal);
			return "worker" in station ? runReady(station, request, signal) : runFresh(station.why, request, signal);
		},
		changed(changes) {
			if (leaving.size > 0) for (const { path } of changes) suspects.add(path);
			pool.changed(changes);
		},
		prepare(python) {
			preparing ??= setTimeout(() => void makeReady(python).catch(() => undefined), PREPARE_MS);
			preparing.unref();
		},
		modules: pool.learned,
		async describe(python, signal) {
			const confinement = await sandbox.confinement(python, signal);
			if (confinement.kind === "refused") {
				return { tool: "workers", state: "unusable", detail: confinement.message, fix: confinement.fix };
			}
			aim(python, confinement.confine);
			// What stands ready is busy or will be given up: the answer must not wait for the end of a long suite.
			const [running] = underWay;
			if (running !== undefined) return workersState(running, "; a run is under way");
			await orAborted(Promise.all(leaving), signal);
			pool.arm();
			await orAborted(pool.armed(), signal);
			return workersState(pool.outlook());
		},
		async settled() {
			await Promise.all(leaving);
		},
		empty,
		dispose() {
			disposed.abort(new DOMException("The engine ends.", "AbortError"));
			if (preparing !== null) clearTimeout(preparing);
			pool.dispose();
		},
	};
}

const NOTHING_RAN = { form: "spawned", why: "", complete: false, outcomes: new Map(), observed: null } as const;

const FORMS: Readonly<Record<WorkerForm, string>> = {
	forked: "each run is a copy of a process that stands ready",
	parked: "each run takes a process that stands ready",
	"parked-early": "each run takes a process that stands ready before pytest_configure",
	preloaded: "each run takes an interpreter with pytest loaded",
	spawned: "each run starts a new interpreter",
};

function workersState({ form, why }: Pick<Station, "form" | "why">, more = ""): ToolState {
	return { tool: "workers", state: "ok", detail: `${FORMS[form]}${why === "" ? "" : `: ${why}`}${more}`, fix: "" };
}

function testRunOf({ end, reported, lastWords }: RunAnswer, form: WorkerForm, why: string): TestRun {
	const { outcomes, observed, finished, ran, collected } = reported;
	const judgement = judgementOf(end, reported, lastWords);
	// A session that crashed before it had collected anything is no empty suite, and a file that could not be collected is no test that ran.
	const complete = isJudged(judgement) && finished !== null && ran >= collected && outcomes.size === ran;
	return { judgement, form, why, complete, outcomes, observed };
}

function judgementOf(end: RunAnswer["end"], reported: RunAnswer["reported"], lastWords: string): TestJudgement {
	if (end.kind !== "not-started") return judgeTestRun(end, reported, lastWords);
	const message = `Python could not be started: ${end.message}`;
	return notRun("no-python", message, "Choose an interpreter that runs (jetbox.pythonPath).");
}

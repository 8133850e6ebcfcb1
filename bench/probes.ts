/** The probe engine as users run it, a process of its own, against the plain sequential form: `ruff check .`, then pytest. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { EngineProbes } from "../src/core/machine.ts";
import { DEFAULT_PROBE_SETTINGS } from "../src/core/probes/engine-messages.ts";
import type { WorkspaceReport } from "../src/core/probes/report.ts";
import { createEngineProbes } from "../src/node/engine-client.ts";
import { interleave, type Result, short, timed, words } from "./measure.ts";

const HIT_GOAL = 1000;
const PARALLEL_GOAL = 1.05;
/** A hit is too short for one reading. */
const HITS_A_SAMPLE = 50;

export interface ProbeTools {
	readonly python: string;
	readonly ruff: string;
	readonly enginePath: string;
}

const start = promisify(execFile);

/** Asking again about unchanged content against running both tools again. */
export async function cacheHit(tools: ProbeTools, root: string, tests: number, pairs: number): Promise<Result> {
	const engine = openEngine(tools, root, true);
	try {
		assertClean(await probe(engine, false), tests);
		const { one, other } = await interleave(
			pairs,
			async () => {
				const all = await timed(async () => {
					for (let hit = 0; hit < HITS_A_SAMPLE; hit += 1) assertHit(await probe(engine, false), tests);
				});
				return all / HITS_A_SAMPLE;
			},
			() => timed(() => sequentialForm(tools, root, tests)),
		);
		const ratio = other.median / one.median;
		return {
			id: "cache-hit",
			what: `unchanged workspace of ${tests} tests: hit ${words(one)} against ruff, then pytest ${words(other)}`,
			measured: `${short(ratio)}x`,
			goal: `>= ${HIT_GOAL}x`,
			met: ratio >= HIT_GOAL,
			figures: { hitMs: one, sequentialMs: other, ratio },
		};
	} finally {
		await engine.dispose();
	}
}

/** Both probes at once against one after the other, each judging anew. */
export async function parallelForm(tools: ProbeTools, root: string, tests: number, pairs: number): Promise<Result> {
	const parallel = openEngine(tools, root, true);
	const sequential = openEngine(tools, root, false);
	try {
		for (const engine of [parallel, sequential]) assertClean(await probe(engine, true), tests);
		const once = (engine: EngineProbes) => timed(async () => assertClean(await probe(engine, true), tests));
		const { one, other } = await interleave(
			pairs,
			() => once(parallel),
			() => once(sequential),
		);
		const ratio = one.median / other.median;
		return {
			id: "parallel",
			what: `ruff and pytest together ${words(one)} against in turn ${words(other)}`,
			measured: `${ratio.toFixed(2)}x`,
			goal: `<= ${PARALLEL_GOAL}x`,
			met: ratio <= PARALLEL_GOAL,
			figures: { parallelMs: one, sequentialMs: other, ratio },
		};
	} finally {
		await Promise.all([parallel.dispose(), sequential.dispose()]);
	}
}

function openEngine({ python, ruff, enginePath }: ProbeTools, root: string, parallel: boolean): EngineProbes {
	return createEngineProbes({
		enginePath,
		root,
		settings: { ...DEFAULT_PROBE_SETTINGS, pythonPath: python, ruffPath: ruff, parallel, sandbox: "off" },
		logger: {
			info: () => undefined,
			warn: (message) => console.error(message),
			error: (message) => console.error(message),
		},
	});
}

function probe(engine: EngineProbes, fresh: boolean): Promise<WorkspaceReport> {
	return engine.probe({ scope: "full", fresh }, () => undefined, new AbortController().signal);
}

async function sequentialForm({ python, ruff }: ProbeTools, root: string, tests: number): Promise<void> {
	await start(ruff, ["check", "."], { cwd: root });
	const { stdout } = await start(python, ["-m", "pytest", "tests/", "-q"], { cwd: root });
	assert.match(stdout, new RegExp(`^${tests} passed`, "m"));
}

function assertClean({ ruff, pytest }: WorkspaceReport, tests: number): void {
	assert.equal(ruff.status, "clean", JSON.stringify(ruff));
	assert.equal(pytest.status, "clean", JSON.stringify(pytest));
	assert.deepEqual("counts" in pytest ? pytest.counts : null, { passed: tests, failed: 0, skipped: 0, errors: 0 });
}

function assertHit(report: WorkspaceReport, tests: number): void {
	assertClean(report, tests);
	assert.deepEqual([report.ruff.cache, report.pytest.cache], ["hit", "hit"]);
}

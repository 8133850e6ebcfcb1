/** The probe engine as users run it, a process of its own, asked as the loop asks it. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineProbes } from "../src/core/machine.ts";
import type { ProbeProgress } from "../src/core/ports.ts";
import { DEFAULT_PROBE_SETTINGS, type ProbeSettings } from "../src/core/probes/engine-messages.ts";
import type { ProbeScope, TestCounts, WorkspaceReport } from "../src/core/probes/report.ts";
import { createEngineProbes } from "../src/node/engine-client.ts";
import type { Environment } from "./environments.ts";

/** Two copies are there long before, also on a busy machine. */
const COPIES_MS = 80;

export interface BenchEngine {
	/** The verdict on the workspace as it is now. */
	probe(scope: ProbeScope, fresh?: boolean, onProgress?: (progress: ProbeProgress) => void): Promise<WorkspaceReport>;
	/** The whole's verdict, judged anew in the background. */
	beside(): Promise<WorkspaceReport>;
	/** Waits until the next run is ready for. */
	ready(): Promise<void>;
	/** Waits until the engine does nothing behind the verdict: workers and their copies stand ready, no test runs. */
	rest(): Promise<void>;
	dispose(): Promise<void>;
}

export interface Engines {
	open(environment: Environment, root: string, changes?: Partial<ProbeSettings>): BenchEngine;
	/** Ends those that a measurement left open, also one that failed. */
	disposeAll(): Promise<void>;
}

/** @param enginePath the built engine.js */
export function createEngines(enginePath: string): Engines {
	const opened = new Set<BenchEngine>();
	return {
		open(environment, root, changes = {}) {
			const engine = openEngine(enginePath, environment, root, changes);
			opened.add(engine);
			return engine;
		},
		async disposeAll() {
			await Promise.all([...opened].map((engine) => engine.dispose()));
			opened.clear();
		},
	};
}

function openEngine(
	enginePath: string,
	environment: Environment,
	root: string,
	changes: Partial<ProbeSettings>,
): BenchEngine {
	const engine: EngineProbes = createEngineProbes({
		enginePath,
		root,
		settings: {
			...DEFAULT_PROBE_SETTINGS,
			pythonPath: environment.python,
			ruffPath: environment.ruff,
			sandbox: "off",
			...changes,
		},
		logger: {
			info: () => undefined,
			warn: (message) => console.error(message),
			error: (message) => console.error(message),
		},
	});
	// Check Setup's question waits for what is being made ready, but not for the copies that it makes ahead of runs.
	const ready = async (): Promise<void> => void (await engine.describe(new AbortController().signal));
	return {
		probe: (scope, fresh = false, onProgress = () => undefined) =>
			engine.probe({ scope, fresh }, onProgress, new AbortController().signal),
		beside: () =>
			engine.probe({ scope: "full", fresh: true, background: true }, () => undefined, new AbortController().signal),
		ready,
		async rest() {
			await ready();
			await sleep(COPIES_MS);
		},
		dispose: () => engine.dispose(),
	};
}

/** Node ids of the failing tests, sorted. @throws AssertionError when the tests did not run */
export function failingOf({ pytest }: WorkspaceReport): readonly string[] {
	assert.notEqual(pytest.status, "not-run", JSON.stringify(pytest));
	return pytest.status === "not-run" ? [] : [...new Set(pytest.findings.map(({ testId }) => testId))].sort();
}

/** @throws AssertionError unless lint is clean and so many tests passed */
export function assertGreen(report: WorkspaceReport, counts?: TestCounts): void {
	const { ruff, pytest } = report;
	assert.equal(ruff.status, "clean", JSON.stringify(ruff).slice(0, 2_000));
	assert.equal(pytest.status, "clean", JSON.stringify(pytest).slice(0, 2_000));
	if (counts !== undefined) assert.deepEqual("counts" in pytest ? pytest.counts : null, counts);
}

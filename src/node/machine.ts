/** The machine's ring as one object: what the roots wire and the editor's ring is handed. Its large parts are read when they are first used. */
import { join } from "node:path";
import type { Machine } from "../core/machine.ts";
import type { Logger } from "../core/ports.ts";
import type { ProbeSettings } from "../core/probes/engine-messages.ts";
import { createEngineProbes } from "./engine-client.ts";
import type { ModelSettings } from "./models/model-settings.ts";
import type { ModelHalf } from "./models/models.ts";
import { createProcessRunner } from "./probes/processes/process-runner.ts";
import { planTools } from "./tool-setup.ts";

export interface MachineSettings extends ModelSettings {
	readonly probes: ProbeSettings;
}

/**
 * @param distDir folder of the bundles (engine.js, practice-model.js, python/)
 * @param stateDir folder for journals and the probes' answers, outside every workspace
 * @param settings read at each use, so that a changed setting holds from the next run on; `root` where it is about one folder
 */
export function createMachine(parts: {
	readonly distDir: string;
	readonly stateDir: string;
	readonly settings: (root: string | null) => MachineSettings;
	readonly logger: Logger;
}): Machine {
	const { distDir, stateDir, settings, logger } = parts;
	let models: Promise<ModelHalf> | null = null;
	const modelHalf = () => {
		models ??= work().then(({ createModels }) =>
			createModels({ distDir, stateDir, settings: () => settings(null), logger }),
		);
		return models;
	};
	return {
		openProbes: (root) =>
			createEngineProbes({
				enginePath: join(distDir, "engine.js"),
				root,
				settings: settings(root).probes,
				logger,
				answersFolder: join(stateDir, "answers"),
			}),
		openRun: async (root, runId) => (await work()).openRun({ stateDir, root }, runId),
		resumableRun: async (root, runId) => (await work()).resumableRun({ stateDir, root }, runId),
		isAtWork: async (root) => (await work()).isAtWork({ stateDir, root }),
		keepRun: async (root, runId) => (await work()).keepRun({ stateDir, root }, runId),
		undo: async (root, request, signal) => (await work()).undoAlone({ stateDir, root }, request, signal),
		readText: async (root, path) => (await work()).readTextIn(root, path),
		serverAddress: async () => (await modelHalf()).serverAddress(),
		allowServer: async (url) => (await modelHalf()).allowServer(url),
		describeServer: async (signal) => (await modelHalf()).describeServer(signal),
		connectModel: async (...given) => (await modelHalf()).connectModel(...given),
		checkModel: async (...given) => (await modelHalf()).checkModel(...given),
		warmUp: async (...given) => (await modelHalf()).warmUp(...given),
		benchmark: async (...given) => (await modelHalf()).benchmark(...given),
		benchmarks: async (limit) => (await modelHalf()).benchmarks(limit),
		watch: async (root, onChange) =>
			(await work()).watchFiles(root, onChange, (error) => logger.warn(`The file watcher failed: ${String(error)}`)),
		planTools: (root) =>
			planTools({
				root,
				pythonPath: settings(root).probes.pythonPath,
				runner: createProcessRunner(),
				env: process.env,
				logger,
			}),
	};
}

function work() {
	return import("./machine-work.ts");
}

/** The machine's ring as one object: what the roots wire and the editor's ring is handed. Its large parts are read when they are first used. */
import { join } from "node:path";
import type { Machine } from "../core/machine.ts";
import type { Logger } from "../core/ports.ts";
import type { ProbeSettings } from "../core/probes/engine-messages.ts";
import { createEngineProbes } from "./engine-client.ts";
import type { ModelSettings } from "./models/model-settings.ts";
import type { ModelHalf } from "./models/models.ts";
import { createProcessRunner } from "./probes/process-runner.ts";
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
		models ??= import("./models/models.ts").then(({ createModels }) =>
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
		openRun: async (root, runId) => (await runs()).openRun({ stateDir, root }, runId),
		resumableRun: async (root, runId) => (await runs()).resumableRun({ stateDir, root }, runId),
		isAtWork: async (root) => (await runs()).isAtWork({ stateDir, root }),
		keepRun: async (root, runId) => (await runs()).keepRun({ stateDir, root }, runId),
		undo: async (root, request, signal) => (await runs()).undoAlone({ stateDir, root }, request, signal),
		readText: async (root, path) => (await import("./workspace/text-file.ts")).readTextIn(root, path),
		serverAddress: async () => (await modelHalf()).serverAddress(),
		allowServer: async (url) => (await modelHalf()).allowServer(url),
		describeServer: async (signal) => (await modelHalf()).describeServer(signal),
		connectModel: async (...given) => (await modelHalf()).connectModel(...given),
		checkModel: async (...given) => (await modelHalf()).checkModel(...given),
		warmUp: async (...given) => (await modelHalf()).warmUp(...given),
		benchmark: async (...given) => (await modelHalf()).benchmark(...given),
		benchmarks: async (limit) => (await modelHalf()).benchmarks(limit),
		watch: async (root, onChange) =>
			(await import("./file-changes.ts")).watchFiles(root, onChange, (error) =>
				logger.warn(`The file watcher failed: ${String(error)}`),
			),
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

function runs() {
	return import("./workspace/open-run.ts");
}

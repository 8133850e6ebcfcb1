/** The machine's ring as one object: what the roots wire and the editor's ring is handed. */
import { join } from "node:path";
import type { Machine } from "../core/machine.ts";
import type { Logger } from "../core/ports.ts";
import type { ProbeSettings } from "../core/probes/engine-messages.ts";
import { createEngineProbes } from "./engine-client.ts";
import { watchFiles } from "./file-changes.ts";
import type { ModelSettings } from "./models/model-settings.ts";
import { createModels } from "./models/models.ts";
import { createProcessRunner } from "./probes/process-runner.ts";
import { planTools } from "./tool-setup.ts";
import { isAtWork, keepRun, openRun, resumableRun, undoAlone } from "./workspace/open-run.ts";
import { readTextIn } from "./workspace/text-file.ts";

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
	return {
		openProbes: (root) =>
			createEngineProbes({
				enginePath: join(distDir, "engine.js"),
				root,
				settings: settings(root).probes,
				logger,
				answersFolder: join(stateDir, "answers"),
			}),
		openRun: (root, runId) => openRun({ stateDir, root }, runId),
		resumableRun: (root, runId) => resumableRun({ stateDir, root }, runId),
		isAtWork: (root) => isAtWork({ stateDir, root }),
		keepRun: (root, runId) => keepRun({ stateDir, root }, runId),
		readText: readTextIn,
		...createModels({ distDir, stateDir, settings: () => settings(null), logger }),
		watch: (root, onChange) =>
			watchFiles(root, onChange, (error) => logger.warn(`The file watcher failed: ${String(error)}`)),
		planTools: (root) =>
			planTools({
				root,
				pythonPath: settings(root).probes.pythonPath,
				runner: createProcessRunner(),
				env: process.env,
				logger,
			}),
		undo: (root, request, signal) => undoAlone({ stateDir, root }, request, signal),
	};
}

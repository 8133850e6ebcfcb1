/** The machine's ring as one object: what the roots wire and the editor's ring is handed. */
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import type { Machine, ModelInfo, ServerState } from "../core/machine.ts";
import { chooseModel } from "../core/model/model-choice.ts";
import type { Logger } from "../core/ports.ts";
import type { ProbeSettings } from "../core/probes/engine-messages.ts";
import { createEngineProbes } from "./engine-client.ts";
import { watchFiles } from "./file-changes.ts";
import { chooseProtocol, createOllamaChatModel } from "./ollama/chat-model.ts";
import { describeServer, resolveServer } from "./ollama/server.ts";
import { startPracticeModel } from "./practice-process.ts";
import { openDiskWorkspace } from "./workspace/disk-workspace.ts";
import { undoRun } from "./workspace/undo.ts";

export const PRACTICE_MODEL = "practice";

const PRACTICE_LABEL =
	"Practice model: no neural network, only template repairs, served on this machine. Install Ollama for real tasks.";

export interface MachineSettings {
	/** URL or OLLAMA_HOST form; null: OLLAMA_HOST, else the default port. */
	readonly server: string | null;
	readonly probes: ProbeSettings;
}

/**
 * @param distDir folder of the bundles (engine.js, practice-model.js, jetbox_reporter.py)
 * @param stateDir folder for journals, outside every workspace
 * @param settings read at each use, so that a changed setting holds from the next run on; `root` where it is about one folder
 */
export function createMachine(parts: {
	readonly distDir: string;
	readonly stateDir: string;
	readonly settings: (root: string | null) => MachineSettings;
	readonly logger: Logger;
}): Machine {
	const { distDir, stateDir, settings, logger } = parts;
	const server = () => resolveServer(process.env, settings(null).server);
	return {
		openProbes: (root) =>
			createEngineProbes({ enginePath: join(distDir, "engine.js"), root, settings: settings(root).probes, logger }),
		openWorkspace: (root, runId) => openDiskWorkspace({ root, runId, stateDir }),
		describeServer: async (signal) => installedOn(await describeServer(server(), signal)),
		async connectModel(choice, signal) {
			if (choice === PRACTICE_MODEL) {
				const practice = await startPracticeModel(join(distDir, "practice-model.js"), signal);
				try {
					const model = await createOllamaChatModel({ server: practice.url, model: PRACTICE_MODEL, logger }, signal);
					return { model, label: PRACTICE_LABEL, dispose: practice.stop };
				} catch (error) {
					await practice.stop();
					throw error;
				}
			}
			const state = await describeServer(server(), signal);
			if (state.kind !== "ok") {
				throw new UserError(state.kind === "unreachable" ? "unreachable" : "not-ollama", state.message, state.fix);
			}
			const name = chooseModel(choice, state.models);
			const model = await createOllamaChatModel({ server: state.server, model: name, logger }, signal);
			return { model, label: null, dispose: async () => undefined };
		},
		watch: (root, onChange) =>
			watchFiles(root, onChange, (error) => logger.warn(`The file watcher failed: ${String(error)}`)),
		undo: (root, request, signal) => undoRun({ stateDir, root }, request, signal),
	};
}

function installedOn(state: ServerState<ModelInfo>): ServerState {
	if (state.kind !== "ok") return state;
	const models = state.models.map((model) => ({
		...model,
		protocol: chooseProtocol(model.claimsTools, model.parameterSize),
		protocolBy: "size" as const,
		fits: null,
		measured: null,
	}));
	return { ...state, models };
}

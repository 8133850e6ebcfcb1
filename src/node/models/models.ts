/** The machine's model half: which server, which model, what is known of it, and a chat model ready for a run. */
import { join } from "node:path";
import type { BenchmarkTarget } from "../../core/benchmark/measure-model.ts";
import { isAbort } from "../../core/errors.ts";
import type { InstalledModel, Machine, ServerState } from "../../core/machine.ts";
import { canChat, chooseModel, PRACTICE_MODEL } from "../../core/model/model-choice.ts";
import { openingMessages } from "../../core/model/prompt.ts";
import { protocolFor } from "../../core/model/protocol.ts";
import { serverError } from "../../core/model/server-error.ts";
import type { Logger } from "../../core/ports.ts";
import type { ProbeSettings } from "../../core/probes/engine-messages.ts";
import { TOOLS } from "../../core/tools/catalog.ts";
import { addAllowed } from "./allowed-servers.ts";
import { isOnBattery } from "./battery.ts";
import { readReports, writeReport } from "./benchmark-store.ts";
import { memoryOf, startCold } from "./benchmark-target.ts";
import { measureAll } from "./benchmarking.ts";
import { createModelOpener } from "./model-opener.ts";
import { createModelServer } from "./model-server.ts";
import type { ModelSettings } from "./model-settings.ts";
import { checkSetup } from "./setup-checks.ts";
import { runTinyProject } from "./tiny-project-run.ts";

export type ModelHalf = Pick<
	Machine,
	| "serverAddress"
	| "allowServer"
	| "describeServer"
	| "connectModel"
	| "checkModel"
	| "warmUp"
	| "benchmark"
	| "benchmarks"
>;

/**
 * @param settings read at each use
 * @param stateDir folder for what is remembered, outside every workspace
 */
export function createModels(parts: {
	readonly distDir: string;
	readonly stateDir: string;
	readonly settings: () => ModelSettings & { readonly probes: ProbeSettings };
	readonly logger: Logger;
	/** Null: not known. */
	readonly onBattery?: () => Promise<boolean | null>;
}): ModelHalf {
	const { distDir, stateDir, settings, logger, onBattery = isOnBattery } = parts;
	const folders = {
		allowedPath: join(stateDir, "allowed-servers.json"),
		benchmarksDir: join(stateDir, "benchmarks"),
		recordsDir: join(stateDir, "models"),
	};
	const server = createModelServer(folders, settings);
	const opener = createModelOpener({ distDir, recordsDir: folders.recordsDir, settings, logger });

	function targetOf(url: string, model: InstalledModel, root: string | null): BenchmarkTarget {
		const { backend } = settings();
		const enginePath = join(distDir, "engine.js");
		return {
			model,
			open: (protocol, signal) => opener.open(url, { ...model, protocol }, signal),
			startCold: (chat, signal) => (backend === "ollama" ? startCold(url, chat, signal) : Promise.resolve(null)),
			memory: (signal) => (backend === "ollama" ? memoryOf(url, model.name, signal) : Promise.resolve(null)),
			runProject: (project, chat, signal) =>
				runTinyProject(project, chat, { enginePath, probes: settings().probes, root, logger }, signal),
		};
	}

	return {
		async benchmark({ only, minutesPerModel, root }, onStep, signal) {
			const { url } = await server.allowedAddress();
			const state = await server.describeLoaded(onStep, signal);
			if (state.kind !== "ok") throw serverError(state);
			const names = only.length > 0 ? only.map((name) => chooseModel(name, state.models)) : null;
			const chosen = state.models.filter(({ name }) => names?.includes(name) ?? canChat(name));
			const targets = chosen.map((model) => targetOf(url, model, root));
			const measured = await measureAll(targets, minutesPerModel, onStep, signal);
			const report = { ...measured, server: url, serverVersion: state.version };
			await writeReport(folders.benchmarksDir, report);
			return report;
		},
		benchmarks: (limit) => readReports(folders.benchmarksDir, limit),
		serverAddress: server.address,
		allowServer: async (url) => addAllowed(folders.allowedPath, url),
		describeServer: server.describe,
		async connectModel(choice, onProgress, signal) {
			if (choice === PRACTICE_MODEL) return opener.connectPractice(signal);
			const { url, model } = await server.find(choice, onProgress, signal);
			const ready = await opener.tested(url, model, onProgress, signal);
			return { model: await opener.open(url, ready, signal), label: null, dispose: async () => undefined };
		},
		async checkModel(choice, selfTest, signal) {
			const address = await server.address();
			const state = await server.describe(signal);
			const model = choice === PRACTICE_MODEL || !address.allowed ? null : foundIn(state, choice);
			if (state.kind !== "ok" || model === null)
				return checkSetup({ choice, address, state, settings: settings() }, signal);
			const either = AbortSignal.any([signal, selfTest.signal]);
			const ready = await opener.tested(address.url, model, selfTest.onProgress, either).catch((error: unknown) => {
				signal.throwIfAborted();
				if (!isAbort(error)) throw error;
				return model;
			});
			const models = state.models.map((one) => (one.name === ready.name ? ready : one));
			return checkSetup({ choice, address, state: { ...state, models }, settings: settings() }, signal);
		},
		async warmUp(choice, signal) {
			if (choice === PRACTICE_MODEL || (await onBattery()) === true) return;
			try {
				const { url, model } = await server.find(choice, () => undefined, signal);
				const chatModel = await opener.open(url, model, signal);
				const limits = {
					maxOutputTokens: 1,
					temperature: 0,
					seed: 0,
					think: false,
					toolResults: chatModel.toolResults,
				};
				// The prompt's head without a task: what every run of this model begins with.
				await chatModel.warmUp(protocolFor(chatModel.protocol).encode(openingMessages(""), TOOLS, limits), signal);
			} catch (error) {
				// A run says what is wrong; here nobody asked for anything.
				if (!isAbort(error)) logger.info(`No warm-up: ${error instanceof Error ? error.message : String(error)}`);
			}
		},
	};
}

function foundIn(state: ServerState, choice: string): InstalledModel | null {
	if (state.kind !== "ok") return null;
	try {
		const name = chooseModel(choice, state.models);
		return state.models.find((model) => model.name === name) ?? null;
	} catch {
		// Check Setup says so in a line of its own.
		return null;
	}
}

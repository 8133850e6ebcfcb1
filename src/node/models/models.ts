/** The machine's model half: which server, which model, what is known of it, and a chat model ready for a run. */
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchmarkTarget } from "../../core/benchmark/measure-model.ts";
import type { BenchmarkReport } from "../../core/benchmark/report.ts";
import { isAbort, UserError } from "../../core/errors.ts";
import type { ConnectedModel, InstalledModel, Machine, ModelInfo, ServerState } from "../../core/machine.ts";
import { canChat, chooseModel, PRACTICE_MODEL } from "../../core/model/model-choice.ts";
import { openingMessages } from "../../core/model/prompt.ts";
import { protocolFor } from "../../core/model/protocol.ts";
import { serverError } from "../../core/model/server-error.ts";
import { isThisMachine } from "../../core/policy/server-address.ts";
import type { ChatModel, Logger } from "../../core/ports.ts";
import type { ProbeSettings } from "../../core/probes/engine-messages.ts";
import { TOOLS } from "../../core/tools/catalog.ts";
import { DEFAULT_LIMITS } from "../model-http/exchange.ts";
import { chooseProtocol, createOllamaChatModel } from "../ollama/chat-model.ts";
import { describeServer, resolveServer } from "../ollama/server.ts";
import { chooseContext } from "../ollama/session-options.ts";
import { createOpenAiChatModel } from "../openai/chat-model.ts";
import { describeOpenAiServer } from "../openai/server.ts";
import { startPracticeModel } from "../practice-process.ts";
import { addAllowed, readAllowed } from "./allowed-servers.ts";
import { isOnBattery } from "./battery.ts";
import { readReports, writeReport } from "./benchmark-store.ts";
import { memoryOf, startCold } from "./benchmark-target.ts";
import { measureAll, measuredOf } from "./benchmarking.ts";
import { fitOf } from "./memory-fit.ts";
import { type RecordKey, readSelfTest, writeSelfTest } from "./model-records.ts";
import type { ModelSettings } from "./model-settings.ts";
import { testModel } from "./self-testing.ts";
import { checkSetup } from "./setup-checks.ts";
import { runTinyProject } from "./tiny-project-run.ts";

const LOAD_POLL_MS = 500;

const PRACTICE_LABEL =
	"Practice model: no neural network, only template repairs, served on this machine. Install Ollama for real tasks.";

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
	const benchmarksDir = join(stateDir, "benchmarks");
	const recordsDir = join(stateDir, "models");
	const allowedPath = join(stateDir, "allowed-servers.json");

	async function serverAddress() {
		const { server, backend, allowRemote } = settings();
		const url = resolveServer(process.env, server, backend);
		const remote = !isThisMachine(url);
		return { url, remote, allowed: !remote || allowRemote || (await readAllowed(allowedPath)).includes(url) };
	}

	async function describe(signal: AbortSignal): Promise<ServerState> {
		const { backend, apiKey } = settings();
		const { url } = await serverAddress();
		const state =
			backend === "ollama"
				? await describeServer(url, signal)
				: await describeOpenAiServer({ url, apiKey: await apiKey(url) }, signal);
		if (state.kind !== "ok") return state;
		const [last] = await readReports(benchmarksDir, 1);
		const models = await Promise.all(state.models.map((model) => installed(url, model, last ?? null)));
		return { ...state, models };
	}

	async function installed(url: string, model: ModelInfo, last: BenchmarkReport | null): Promise<InstalledModel> {
		const { protocol, contextLength } = settings();
		const context = chooseContext(model.contextLength, null, contextLength);
		const key = keyOf(url, model);
		const tested = key === null || protocol !== null ? null : await readSelfTest(recordsDir, key);
		return {
			...model,
			protocol: protocol ?? tested?.protocol ?? chooseProtocol(model.claimsTools, model.parameterSize),
			protocolBy: protocol !== null ? "setting" : tested !== null ? "self-test" : "size",
			fits: fitOf(model, context, isThisMachine(url) ? totalmem() : null),
			measured: measuredOf(last, model),
		};
	}

	/** @throws UserError `remote-server` where prompts may not go there */
	async function allowedAddress(): Promise<{ readonly url: string }> {
		const { url, allowed } = await serverAddress();
		if (allowed) return { url };
		throw new UserError(
			"remote-server",
			`Prompts, and with them text of the workspace, would go to ${url}, which is not this machine.`,
			"Allow it when you are asked, or with --allow-remote; or set another address.",
		);
	}

	function targetOf(url: string, model: InstalledModel, root: string | null): BenchmarkTarget {
		const { backend } = settings();
		const enginePath = join(distDir, "engine.js");
		return {
			model,
			open: (protocol, signal) => open(url, { ...model, protocol }, signal),
			startCold: (chat, signal) => (backend === "ollama" ? startCold(url, chat, signal) : Promise.resolve(null)),
			memory: (signal) => (backend === "ollama" ? memoryOf(url, model.name, signal) : Promise.resolve(null)),
			runProject: (project, chat, signal) =>
				runTinyProject(project, chat, { enginePath, probes: settings().probes, root, logger }, signal),
		};
	}

	/** Waits for a server that is still loading its model, as long as a load may take. */
	async function describeLoaded(onProgress: (message: string) => void, signal: AbortSignal): Promise<ServerState> {
		const deadline = performance.now() + (settings().limits.firstByteMs ?? DEFAULT_LIMITS.firstByteMs);
		for (let told = false; ; told = true) {
			const state = await describe(signal);
			if (state.kind !== "loading" || performance.now() > deadline) return state;
			if (!told) onProgress(state.message);
			await sleep(LOAD_POLL_MS, undefined, { signal });
		}
	}

	/** @throws UserError unless the server answers and prompts may go there */
	async function find(
		choice: string,
		onProgress: (message: string) => void,
		signal: AbortSignal,
	): Promise<{ readonly url: string; readonly model: InstalledModel }> {
		const { url } = await allowedAddress();
		const state = await describeLoaded(onProgress, signal);
		if (state.kind !== "ok") throw serverError(state);
		const name = chooseModel(choice, state.models);
		const model = state.models.find((candidate) => candidate.name === name);
		if (model === undefined) throw new Error(`The model ${name} vanished from the list.`);
		return { url, model };
	}

	async function open(url: string, { name, protocol }: InstalledModel, signal: AbortSignal): Promise<ChatModel> {
		const { backend, apiKey, limits, contextLength, keepAlive } = settings();
		const shared = { model: name, logger, limits, protocol, contextLength };
		if (backend === "openai")
			return createOpenAiChatModel({ ...shared, server: { url, apiKey: await apiKey(url) } }, signal);
		const cores = isThisMachine(url) ? availableParallelism() : null;
		return createOllamaChatModel({ ...shared, server: url, keepAlive, cores }, signal);
	}

	/** A model that never was tested, tested; a server that fails at it leaves the choice to the model's size. */
	async function tested(
		url: string,
		model: InstalledModel,
		onProgress: (message: string) => void,
		signal: AbortSignal,
	): Promise<InstalledModel> {
		const key = keyOf(url, model);
		if (model.protocolBy !== "size" || key === null) return model;
		try {
			const result = await testModel(await open(url, model, signal), onProgress, signal);
			await writeSelfTest(recordsDir, key, result);
			return { ...model, protocol: result.protocol, protocolBy: "self-test" };
		} catch (error) {
			if (isAbort(error) || !(error instanceof UserError)) throw error;
			logger.warn(`The self-test of ${model.name} failed: ${error.message}`);
			return model;
		}
	}

	async function connectPractice(signal: AbortSignal): Promise<ConnectedModel> {
		const practice = await startPracticeModel(join(distDir, "practice-model.js"), signal);
		try {
			const model = await createOllamaChatModel({ server: practice.url, model: PRACTICE_MODEL, logger }, signal);
			return { model, label: PRACTICE_LABEL, dispose: practice.stop };
		} catch (error) {
			await practice.stop();
			throw error;
		}
	}

	return {
		async benchmark({ only, minutesPerModel, root }, onStep, signal) {
			const { url } = await allowedAddress();
			const state = await describeLoaded(onStep, signal);
			if (state.kind !== "ok") throw serverError(state);
			const names = only.length > 0 ? only.map((name) => chooseModel(name, state.models)) : null;
			const chosen = state.models.filter(({ name }) => names?.includes(name) ?? canChat(name));
			const targets = chosen.map((model) => targetOf(url, model, root));
			const measured = await measureAll(targets, minutesPerModel, onStep, signal);
			const report = { ...measured, server: url, serverVersion: state.version };
			await writeReport(benchmarksDir, report);
			return report;
		},
		benchmarks: (limit) => readReports(benchmarksDir, limit),
		serverAddress,
		allowServer: (url) => addAllowed(allowedPath, url),
		describeServer: describe,
		async connectModel(choice, onProgress, signal) {
			if (choice === PRACTICE_MODEL) return connectPractice(signal);
			const { url, model } = await find(choice, onProgress, signal);
			const ready = await tested(url, model, onProgress, signal);
			return { model: await open(url, ready, signal), label: null, dispose: async () => undefined };
		},
		async checkModel(choice, onProgress, signal) {
			const address = await serverAddress();
			const state = await describe(signal);
			const model = choice === PRACTICE_MODEL || !address.allowed ? null : foundIn(state, choice);
			if (state.kind !== "ok" || model === null)
				return checkSetup({ choice, address, state, settings: settings() }, signal);
			const ready = await tested(address.url, model, onProgress, signal);
			const models = state.models.map((one) => (one.name === ready.name ? ready : one));
			return checkSetup({ choice, address, state: { ...state, models }, settings: settings() }, signal);
		},
		async warmUp(choice, signal) {
			if (choice === PRACTICE_MODEL || (await onBattery()) === true) return;
			try {
				const { url, model } = await find(choice, () => undefined, signal);
				const chatModel = await open(url, model, signal);
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

/** Null where the server names no digest: what was measured could not be found again. */
function keyOf(server: string, { name, digest }: ModelInfo): RecordKey | null {
	return digest === null ? null : { server, name, digest };
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

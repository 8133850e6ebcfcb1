/** The configured model server: where it is, whether prompts may go there, what it serves and what is known of that. */
import { totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchmarkReport } from "../../core/benchmark/report.ts";
import { UserError } from "../../core/errors.ts";
import type { InstalledModel, ModelInfo, ServerAddress, ServerState } from "../../core/machine.ts";
import { chooseModel } from "../../core/model/model-choice.ts";
import { serverError } from "../../core/model/server-error.ts";
import { isThisMachine } from "../../core/policy/server-address.ts";
import { DEFAULT_LIMITS } from "../model-http/exchange.ts";
import { chooseProtocol } from "../ollama/chat-model.ts";
import { describeServer, resolveServer } from "../ollama/server.ts";
import { chooseContext } from "../ollama/session-options.ts";
import { describeOpenAiServer } from "../openai/server.ts";
import { readAllowed } from "./allowed-servers.ts";
import { readReports } from "./benchmark-store.ts";
import { measuredOf } from "./benchmarking.ts";
import { fitOf } from "./memory-fit.ts";
import { readSelfTest, recordKeyOf } from "./model-records.ts";
import type { ModelSettings } from "./model-settings.ts";

const LOAD_POLL_MS = 500;

export interface ModelServer {
	address(): Promise<ServerAddress>;
	/** @throws UserError `remote-server` where prompts may not go there */
	allowedAddress(): Promise<{ readonly url: string }>;
	describe(signal: AbortSignal): Promise<ServerState>;
	/** Waits for a server that is still loading its model, as long as a load may take. */
	describeLoaded(onProgress: (message: string) => void, signal: AbortSignal): Promise<ServerState>;
	/** @throws UserError unless the server answers, prompts may go there and it serves the choice */
	find(
		choice: string,
		onProgress: (message: string) => void,
		signal: AbortSignal,
	): Promise<{ readonly url: string; readonly model: InstalledModel }>;
}

/** Where the models' half keeps what it remembers, all of it beneath the state folder. */
export interface ModelFolders {
	readonly allowedPath: string;
	readonly benchmarksDir: string;
	readonly recordsDir: string;
}

/** @param settings read at each use */
export function createModelServer(folders: ModelFolders, settings: () => ModelSettings): ModelServer {
	const { allowedPath, benchmarksDir, recordsDir } = folders;

	async function address(): Promise<ServerAddress> {
		const { server, backend, allowRemote } = settings();
		const url = resolveServer(process.env, server, backend);
		const remote = !isThisMachine(url);
		const { urls, damaged } = readAllowed(allowedPath);
		return { url, remote, allowed: !remote || allowRemote || urls.includes(url), damaged };
	}

	async function describe(signal: AbortSignal): Promise<ServerState> {
		const { backend, apiKey } = settings();
		const { url } = await address();
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
		const key = recordKeyOf(url, model);
		const tested = key === null || protocol !== null ? null : await readSelfTest(recordsDir, key);
		return {
			...model,
			protocol: protocol ?? tested?.protocol ?? chooseProtocol(model.claimsTools, model.parameterSize),
			protocolBy: protocol !== null ? "setting" : tested !== null ? "self-test" : "size",
			fits: fitOf(model, context, isThisMachine(url) ? totalmem() : null),
			measured: measuredOf(last, model),
		};
	}

	async function allowedAddress(): Promise<{ readonly url: string }> {
		const { url, allowed } = await address();
		if (allowed) return { url };
		throw new UserError(
			"remote-server",
			`Prompts, and with them text of the workspace, would go to ${url}, which is not this machine.`,
			"Allow it when you are asked, or with --allow-remote; or set another address.",
		);
	}

	async function describeLoaded(onProgress: (message: string) => void, signal: AbortSignal): Promise<ServerState> {
		const deadline = performance.now() + (settings().limits.firstByteMs ?? DEFAULT_LIMITS.firstByteMs);
		for (let told = false; ; told = true) {
			const state = await describe(signal);
			if (state.kind !== "loading" || performance.now() > deadline) return state;
			if (!told) onProgress(state.message);
			await sleep(LOAD_POLL_MS, undefined, { signal });
		}
	}

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

	return { address, allowedAddress, describe, describeLoaded, find };
}

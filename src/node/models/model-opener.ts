/** Opens models for a run: by the protocol of their self-test, which is made where none is stored. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { isAbort, UserError } from "../../core/errors.ts";
import type { ConnectedModel, InstalledModel } from "../../core/machine.ts";
import { PRACTICE_MODEL } from "../../core/model/model-choice.ts";
import { isThisMachine } from "../../core/policy/server-address.ts";
import type { ChatModel, Logger } from "../../core/ports.ts";
import { createOllamaChatModel, type OllamaModelParts } from "../ollama/chat-model.ts";
import { createOpenAiChatModel } from "../openai/chat-model.ts";
import { startPracticeModel } from "../practice-process.ts";
import { type RecordKey, readPlacement, recordKeyOf, writePlacement, writeSelfTest } from "./model-records.ts";
import type { ModelSettings } from "./model-settings.ts";
import { testModel } from "./self-testing.ts";

const PRACTICE_LABEL =
	"Practice model: no neural network, only template repairs, served on this machine. Install Ollama for real tasks.";

export interface ModelOpener {
	open(url: string, model: InstalledModel, signal: AbortSignal): Promise<ChatModel>;
	/** A model that never was tested, tested; a server that fails at it leaves the choice to the model's size. */
	tested(
		url: string,
		model: InstalledModel,
		onProgress: (message: string) => void,
		signal: AbortSignal,
	): Promise<InstalledModel>;
	connectPractice(signal: AbortSignal): Promise<ConnectedModel>;
}

/** @param parts `settings` are read at each use; `recordsDir` keeps the self-tests */
export function createModelOpener(parts: {
	readonly distDir: string;
	readonly recordsDir: string;
	readonly settings: () => ModelSettings;
	readonly logger: Logger;
}): ModelOpener {
	const { distDir, recordsDir, settings, logger } = parts;

	async function open(url: string, model: InstalledModel, signal: AbortSignal): Promise<ChatModel> {
		const { name, protocol } = model;
		const { backend, apiKey, limits, contextLength, keepAlive } = settings();
		const shared = { model: name, logger, limits, protocol, contextLength };
		if (backend === "openai")
			return createOpenAiChatModel({ ...shared, server: { url, apiKey: await apiKey(url) } }, signal);
		const cores = isThisMachine(url) ? availableParallelism() : null;
		const key = recordKeyOf(url, model);
		const placed = key === null ? {} : await placementIn(key);
		return createOllamaChatModel({ ...shared, server: url, keepAlive, cores, ...placed }, signal);
	}

	/** What the last load taught, and where this one's lesson goes. */
	async function placementIn(key: RecordKey): Promise<Pick<OllamaModelParts, "placement" | "onPlaced">> {
		return {
			placement: await readPlacement(recordsDir, key),
			onPlaced(placement) {
				writePlacement(recordsDir, key, placement).catch((error: unknown) =>
					logger.warn(`Where ${key.name} computes could not be kept: ${String(error)}`),
				);
			},
		};
	}

	async function tested(
		url: string,
		model: InstalledModel,
		onProgress: (message: string) => void,
		signal: AbortSignal,
	): Promise<InstalledModel> {
		const key = recordKeyOf(url, model);
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

	return { open, tested, connectPractice };
}

/** A model on an Ollama server as the benchmark measures it: unloaded and loaded on demand, one at a time. */
import { setTimeout as sleep } from "node:timers/promises";
import { Ollama } from "ollama";
import type { ModelBenchmark } from "../../core/benchmark/report.ts";
import type { ChatModel } from "../../core/ports.ts";
import { clock } from "../clock.ts";
import { DEFAULT_LIMITS } from "../model-http/exchange.ts";
import { listRunning } from "../ollama/running.ts";
import { createTransport } from "../ollama/transport.ts";
import { LOAD_ONLY } from "./self-testing.ts";

const UNLOAD_LIMIT_MS = 20_000;
const UNLOAD_POLL_MS = 200;

/**
 * Loads once, so that the session's options are known; unloads everything, waits until the server says so, and times the load.
 * @returns milliseconds
 */
export async function startCold(server: string, model: ChatModel, signal: AbortSignal): Promise<number> {
	await model.warmUp(LOAD_ONLY, signal);
	await unloadAll(server, signal);
	const startedAt = clock.now();
	await model.warmUp(LOAD_ONLY, signal);
	return clock.now() - startedAt;
}

/** Unloads every model of the server. */
async function unloadAll(server: string, signal: AbortSignal): Promise<void> {
	const client = new Ollama({ host: server, fetch: createTransport(DEFAULT_LIMITS, signal) });
	const deadline = clock.now() + UNLOAD_LIMIT_MS;
	for (const { name } of await listRunning(client)) {
		await client.generate({ model: name, prompt: "", keep_alive: 0, stream: false });
	}
	while ((await listRunning(client)).length > 0 && clock.now() < deadline) {
		await sleep(UNLOAD_POLL_MS, undefined, { signal });
	}
}

/** Of the loaded model; null where it is not loaded. */
export async function memoryOf(server: string, model: string, signal: AbortSignal): Promise<ModelBenchmark["memory"]> {
	const client = new Ollama({ host: server, fetch: createTransport(DEFAULT_LIMITS, signal) });
	const found = (await listRunning(client)).find(({ name }) => name === model);
	return found === undefined ? null : { sizeBytes: found.sizeBytes, vramBytes: found.vramBytes };
}

/** The probe engine's process: takes requests off its channel, one workspace a process, and ends with its parent. */
import { join } from "node:path";
import { isAbort, UserError } from "./core/errors.ts";
import type { ProbeProgress } from "./core/ports.ts";
import { isToEngine } from "./core/probes/engine-guards.ts";
import { ENGINE_PROTOCOL, type FromEngine, type ToEngine } from "./core/probes/engine-messages.ts";
import { createProbeEngine, type ProbeEngine } from "./node/probes/probe-engine.ts";

declare const JETBOX_VERSION: string;

/** Beside this file, in dist/ as in src/. */
const WORKER = join(import.meta.dirname, "python", "jetbox_worker.py");

/** Progress that is to be told when there is nothing to do: whoever hears of it takes the processor from what it tells of. */
let news: FromEngine[] = [];

function sendSoon(message: FromEngine): void {
	if (news.push(message) === 1) setImmediate(sendNews);
}

function sendNews(): void {
	const told = news;
	news = [];
	for (const message of told) post(message);
}

function send(message: FromEngine): void {
	sendNews();
	post(message);
}

function post(message: FromEngine): void {
	if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

const running = new Map<number, AbortController>();
let engine: ProbeEngine | null = null;

async function answer(message: Exclude<ToEngine, { type: "configure" | "cancel" }>): Promise<void> {
	const { id } = message;
	const controller = new AbortController();
	running.set(id, controller);
	const { signal } = controller;
	try {
		if (engine === null) throw new Error("The engine was asked before it was configured.");
		switch (message.type) {
			case "probe": {
				const onProgress = (progress: ProbeProgress) => sendSoon({ type: "progress", id, progress });
				send({ type: "answer", id, answer: await engine.probe(message.request, onProgress, signal) });
				break;
			}
			case "check-syntax":
				send({ type: "syntax", id, problem: await engine.checkSyntax(message.file, message.text, signal) });
				break;
			case "fix-lint":
				send({ type: "fixed", id, text: await engine.fixLint(message.fix, signal) });
				break;
			case "describe":
				send({ type: "tools", id, tools: await engine.describe(signal) });
				break;
		}
	} catch (error) {
		if (isAbort(error)) send({ type: "cancelled", id });
		else send(failureOf(id, error));
	} finally {
		running.delete(id);
	}
}

function failureOf(id: number, error: unknown): FromEngine {
	if (error instanceof UserError && error.kind === "workspace-gone") {
		return { type: "failed", id, kind: "workspace-gone", message: error.message };
	}
	return {
		type: "failed",
		id,
		kind: "bug",
		message: error instanceof Error ? (error.stack ?? error.message) : String(error),
	};
}

function end(): void {
	engine?.dispose();
	process.exit(0);
}

process.on("message", (message: unknown) => {
	if (!isToEngine(message)) return;
	if (message.type === "configure") {
		const { root, settings, answersFolder } = message;
		const keep = answersFolder === null ? null : { folder: answersFolder, version: JETBOX_VERSION };
		engine?.dispose();
		engine = createProbeEngine({ root, settings, workerPath: WORKER, env: process.env, keep });
		send({ type: "ready", protocol: ENGINE_PROTOCOL, pid: process.pid });
	} else if (message.type === "cancel") {
		running.get(message.id)?.abort();
	} else {
		void answer(message);
	}
});
process.on("disconnect", end);
// The parent's own group gets these too; it decides when the engine ends, by closing the channel.
process.on("SIGINT", () => undefined);
process.on("SIGHUP", () => undefined);
process.on("SIGTERM", end);

/** The host's side of the probe engine: starts its process, asks it, and brings it back once when it crashes. */
import { type ChildProcess, spawn } from "node:child_process";
import { UserError } from "../core/errors.ts";
import type { EngineProbes } from "../core/machine.ts";
import type { Logger, ProbeProgress } from "../core/ports.ts";
import { type AnswerReader, createAnswerReader } from "../core/probes/answer.ts";
import { isFromEngine } from "../core/probes/engine-guards.ts";
import { ENGINE_PROTOCOL, type FromEngine, type ProbeSettings, type ToEngine } from "../core/probes/engine-messages.ts";
import type { ProbeName } from "../core/probes/finding.ts";
import type { ProbeReport, ProbeScope, WorkspaceReport } from "../core/probes/report.ts";

/** The engine kills its children before it ends; after this long it is killed itself. */
const DISPOSE_GRACE_MS = 800;
/** Who cancels waits no longer for the engine, which ends what it runs first (F14: within a second). */
const CANCEL_MS = 900;
/** One that has not answered a cancel by then is stuck, and is ended with all that it runs. */
const STUCK_MS = 5_000;
const KEPT_WORDS = 2_000;

type Asked = Exclude<ToEngine, { type: "configure" | "cancel" }>;
/** A request before it has its number. */
type Ask = Asked extends infer M ? (M extends Asked ? Omit<M, "id"> : never) : never;
type Answer =
	| Exclude<FromEngine, { type: "ready" | "progress" | "cancelled" | "failed" | "answer" }>
	| { readonly type: "report"; readonly report: WorkspaceReport };

interface Pending {
	readonly resolve: (answer: Answer) => void;
	readonly reject: (error: unknown) => void;
	readonly onProgress: ((progress: ProbeProgress) => void) | null;
}

interface Engine {
	readonly child: ChildProcess;
	readonly pending: Map<number, Pending>;
	readonly answers: AnswerReader;
	readonly exited: Promise<void>;
}

export interface EngineOptions {
	/** engine.js; the folder python/ lies beside it. */
	readonly enginePath: string;
	readonly root: string;
	readonly settings: ProbeSettings;
	readonly logger: Logger;
	/** Where answers outlast the session; left out: nowhere. */
	readonly answersFolder?: string;
	/** Told in words when the engine ended by itself. */
	readonly onExit?: (words: string) => void;
}

/** The process starts at once, so that it is there when the first probe is asked; after a crash the next question starts another. */
export function createEngineProbes(options: EngineOptions): EngineProbes {
	const { enginePath, root, settings, logger, onExit, answersFolder = null } = options;
	let nextId = 1;
	let disposed = false;
	let engine: Engine | null = start();

	function start(): Engine {
		const child = spawn(process.execPath, [enginePath], {
			stdio: ["ignore", "ignore", "pipe", "ipc"],
			// Inside the editor process.execPath is Electron; this makes it a plain Node.
			env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
			windowsHide: true,
		});
		let words = "";
		child.stderr?.on("data", (chunk: Buffer) => {
			words = (words + chunk.toString()).slice(-KEPT_WORDS);
		});
		const pending = new Map<number, Pending>();
		const exited = new Promise<void>((resolve) => {
			let over = false;
			const onEnd = (how: string) => {
				if (over) return;
				over = true;
				if (engine === started) engine = null;
				if (!disposed) report(how, words);
				for (const { reject } of pending.values()) reject(crashed(how));
				pending.clear();
				resolve();
			};
			child.once("exit", (code, killedBy) => onEnd(killedBy ?? `exit code ${code}`));
			child.once("error", (error) => onEnd(error.message));
		});
		const started: Engine = { child, pending, answers: createAnswerReader(), exited };
		child.on("message", (message: unknown) => {
			if (isFromEngine(message)) receive(started, message);
		});
		post(started, { type: "configure", protocol: ENGINE_PROTOCOL, root, settings, answersFolder });
		return started;
	}

	function endStuck({ child }: Engine): void {
		logger.warn("The probe engine did not answer a cancel.");
		child.kill("SIGKILL");
	}

	function report(how: string, words: string): void {
		logger.error(`The probe engine ended by itself (${how}). ${words.trim()}`);
		onExit?.(`The probe engine ended by itself (${how}); the next probe starts it again.`);
	}

	function receive({ pending, child, answers }: Engine, message: FromEngine): void {
		if (message.type === "ready") {
			if (message.protocol !== ENGINE_PROTOCOL) {
				logger.error(`The probe engine speaks protocol ${message.protocol}, not ${ENGINE_PROTOCOL}.`);
				child.kill();
			}
			return;
		}
		const asked = pending.get(message.id);
		if (asked === undefined) return;
		if (message.type === "progress") {
			asked.onProgress?.(message.progress);
			return;
		}
		pending.delete(message.id);
		if (message.type === "cancelled") asked.reject(new DOMException("The probe was cancelled.", "AbortError"));
		else if (message.type === "failed") asked.reject(failureOf(message));
		else if (message.type !== "answer") asked.resolve(message);
		else asked.resolve({ type: "report", report: answers.read(message.answer, asked.onProgress ?? ignored) });
	}

	function ask(question: Ask, onProgress: Pending["onProgress"], signal: AbortSignal): Promise<Answer> {
		signal.throwIfAborted();
		if (disposed) throw new Error("The probe engine was asked after it was disposed.");
		engine ??= start();
		const current = engine;
		const id = nextId++;
		return new Promise<Answer>((resolve, reject) => {
			const timers: NodeJS.Timeout[] = [];
			const onAbort = () => {
				post(current, { type: "cancel", id });
				timers.push(
					setTimeout(() => reject(signal.reason), CANCEL_MS),
					setTimeout(() => endStuck(current), STUCK_MS),
				);
			};
			const settled = () => {
				signal.removeEventListener("abort", onAbort);
				for (const timer of timers) clearTimeout(timer);
			};
			signal.addEventListener("abort", onAbort, { once: true });
			current.pending.set(id, {
				onProgress,
				resolve: (answer) => {
					settled();
					if (signal.aborted) reject(signal.reason);
					else resolve(answer);
				},
				reject: (error) => {
					settled();
					reject(signal.aborted ? signal.reason : error);
				},
			});
			post(current, { ...question, id });
		});
	}

	/** A question that meets a crash is asked once more, of a new engine. */
	async function askTwice(question: Ask, onProgress: Pending["onProgress"], signal: AbortSignal): Promise<Answer> {
		const open = new Map<ProbeName, ProbeScope>();
		const follow = (progress: ProbeProgress) => {
			if (progress.kind === "started") open.set(progress.probe, progress.scope);
			else if (progress.kind === "finished") open.delete(progress.report.probe);
			onProgress?.(progress);
		};
		try {
			return await ask(question, follow, signal);
		} catch (error) {
			const mayRepeat = error instanceof UserError && error.kind === "engine-crashed" && !disposed && !signal.aborted;
			if (!mayRepeat) throw error;
			logger.warn("The probe engine is started again.");
			// What the crash cut off has an end, too.
			for (const [probe, scope] of open) onProgress?.({ kind: "finished", report: cutOff(probe, scope, error) });
			return ask(question, onProgress, signal);
		}
	}

	return {
		async probe(request, onProgress, signal) {
			const answer = await askTwice({ type: "probe", request }, onProgress, signal);
			if (answer.type !== "report") throw wrongAnswer(answer);
			return answer.report;
		},
		async checkSyntax(file, text, signal) {
			const answer = await askTwice({ type: "check-syntax", file, text }, null, signal);
			if (answer.type !== "syntax") throw wrongAnswer(answer);
			return answer.problem;
		},
		async fixLint(fix, signal) {
			const answer = await askTwice({ type: "fix-lint", fix }, null, signal);
			if (answer.type !== "fixed") throw wrongAnswer(answer);
			return answer.text;
		},
		async describe(signal) {
			const answer = await askTwice({ type: "describe" }, null, signal);
			if (answer.type !== "tools") throw wrongAnswer(answer);
			return answer.tools;
		},
		async dispose() {
			disposed = true;
			if (engine === null) return;
			const { child, exited } = engine;
			if (child.connected) child.disconnect();
			const timer = setTimeout(() => child.kill("SIGKILL"), DISPOSE_GRACE_MS);
			await exited;
			clearTimeout(timer);
		},
	};
}

function ignored(): void {}

function post({ child }: Engine, message: ToEngine): void {
	// A channel that is gone shows as the engine's exit, which answers whoever waits.
	if (child.connected) child.send(message, () => undefined);
}

function failureOf({ kind, message }: FromEngine & { type: "failed" }): Error {
	return kind === "workspace-gone"
		? new UserError("workspace-gone", message, "Open the folder again where it is now.")
		: new Error(`The probe engine failed: ${message}`);
}

function crashed(how: string): UserError {
	return new UserError(
		"engine-crashed",
		`The probe engine ended by itself (${how}).`,
		"Run it again; the log has the engine's last words (Show Log).",
	);
}

function cutOff(probe: ProbeName, scope: ProbeScope, { message, fix }: UserError): ProbeReport {
	const told = { status: "not-run", reason: "crashed", message, fix } as const;
	return { probe, scope, cache: "miss", why: "", wave: null, form: null, durationMs: 0, ...told };
}

function wrongAnswer({ type }: Answer): Error {
	return new Error(`The probe engine gave an answer of another kind (${type}).`);
}

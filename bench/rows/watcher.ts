/** pytest-watcher as people start it: a process that stays, and runs the tests when a file changed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../environments.ts";
import { timed } from "../measure.ts";

const FIRST_LIMIT_MS = 60_000;
const LIMIT_MS = 20_000;
const STOP_MS = 2_000;
const REST_MS = 500;
const MAX_LOST = 3;
const LOG_CHARS = 500;

/** No tests ran after a change. */
class LostChange extends Error {}

interface Watcher {
	/** It loses a change that comes between a summary and the next turn of its loop (0.1 s). */
	rest(): Promise<void>;
	/** Resolves when the tests that the change sets off have passed, all of them. @throws LostChange when none run, Error otherwise */
	verdictAfter(change: () => void): Promise<void>;
	stop(): Promise<void>;
}

/** One that is started anew where it loses a change: its watching thread may die, and the process goes on and says nothing. */
export class Restarting {
	private constructor(
		private readonly startAnew: () => Promise<Watcher>,
		private watcher: Watcher,
	) {}

	/** @param passed tests of the whole suite */
	static async start(environment: Environment, root: string, passed: number): Promise<Restarting> {
		const startAnew = () => startWatcher(environment, root, passed);
		return new Restarting(startAnew, await startAnew());
	}

	/** Milliseconds from before the change until its tests have passed; a change that was lost is made again. */
	async timeOf(change: () => void): Promise<number> {
		for (let lost = 0; ; lost += 1) {
			await this.watcher.rest();
			try {
				return await timed(() => this.watcher.verdictAfter(change));
			} catch (error) {
				if (!(error instanceof LostChange) || lost === MAX_LOST) throw error;
				console.error(`bench: pytest-watcher lost a change and is started anew: ${error.message}`);
				await this.watcher.stop();
				this.watcher = await this.startAnew();
			}
		}
	}

	stop(): Promise<void> {
		return this.watcher.stop();
	}
}

/** Starts it, and lets its first run end. */
async function startWatcher({ pytest }: Environment, root: string, passed: number): Promise<Watcher> {
	const child = spawn(join(dirname(pytest), "ptw"), [".", "--now", "--delay", "0"], {
		cwd: root,
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...process.env, PATH: `${dirname(pytest)}:${process.env["PATH"] ?? ""}` },
	});
	let log = "";
	let text = "";
	let onText: () => void = () => undefined;
	for (const stream of [child.stdout, child.stderr]) {
		stream.on("data", (chunk: Buffer) => {
			const said = chunk.toString();
			text += said;
			log = (log + said).slice(-LOG_CHARS);
			onText();
		});
	}
	const ended = once(child, "exit").then(() => onText());
	const summary = async (limitMs: number): Promise<void> => {
		const until = AbortSignal.timeout(limitMs);
		for (;;) {
			const found = /(\d+) (passed|failed|error)[^\n]* in [\d.]+s/.exec(text);
			if (found !== null) {
				if (found[2] !== "passed" || Number(found[1]) !== passed) throw new Error(`pytest-watcher: ${found[0]}`);
				return;
			}
			if (child.exitCode !== null) throw new Error(`pytest-watcher ended: ${log}`);
			await new Promise<void>((resolve, reject) => {
				onText = resolve;
				until.onabort = () => reject(new LostChange(`pytest-watcher gave no summary: ${log}`));
			});
		}
	};
	const stop = async (): Promise<void> => {
		child.kill("SIGINT");
		const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
		await ended;
		clearTimeout(timer);
	};
	try {
		await summary(FIRST_LIMIT_MS);
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		rest: () => sleep(REST_MS),
		async verdictAfter(change) {
			text = "";
			change();
			await summary(LIMIT_MS);
		},
		stop,
	};
}

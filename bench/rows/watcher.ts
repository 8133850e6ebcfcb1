/** pytest-watcher as people start it: a process that stays, and runs the tests when a file changed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../environments.ts";

/** Its own default, `*.py`, sees no file in a subfolder with watchdog 7, which matches whole paths (seen with 7.1.0). */
const PATTERN = "**/*.py";
const FIRST_LIMIT_MS = 60_000;
const LIMIT_MS = 20_000;
const STOP_MS = 2_000;
const REST_MS = 500;

export interface Watcher {
	/** It loses a change that comes between a summary and the next turn of its loop (0.1 s). */
	rest(): Promise<void>;
	/** Resolves when the tests that the change sets off have passed, all of them. @throws Error otherwise, or when none run */
	verdictAfter(change: () => void): Promise<void>;
	stop(): Promise<void>;
}

/** Starts it, and lets its first run end. @param passed tests of the whole suite */
export async function startWatcher({ pytest }: Environment, root: string, passed: number): Promise<Watcher> {
	const child = spawn(join(dirname(pytest), "ptw"), [".", "--now", "--delay", "0", "--patterns", PATTERN], {
		cwd: root,
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...process.env, PATH: `${dirname(pytest)}:${process.env["PATH"] ?? ""}` },
	});
	let text = "";
	let onText: () => void = () => undefined;
	for (const stream of [child.stdout, child.stderr]) {
		stream.on("data", (chunk: Buffer) => {
			text += chunk.toString();
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
			if (child.exitCode !== null) throw new Error(`pytest-watcher ended: ${text.slice(-500)}`);
			await new Promise<void>((resolve, reject) => {
				onText = resolve;
				until.onabort = () => reject(new Error(`pytest-watcher gave no summary: ${text.slice(-500)}`));
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

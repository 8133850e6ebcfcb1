/** Child processes with an end: own process group, bounded output, a time limit, and nothing left behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createCappedText } from "./capped-text.ts";
import { endedFirst, endOfChild, type ProcessEnd } from "./child-end.ts";
import { isReadable } from "./child-streams.ts";
import { killGroup } from "./process-group.ts";
import { killTagged } from "./tagged-processes.ts";

/** The environment variable that marks a run's processes, wherever they moved to. */
export const RUN_TAG = "JETBOX_RUN";

const TERMINATE_GRACE_MS = 1_000;
/** A person waits for this one. */
const ABORT_GRACE_MS = 400;

export interface ProcessRequest {
	readonly command: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env: Readonly<Record<string, string>>;
	/** For its stdin, which is closed after it; nothing where it is left out. */
	readonly input?: string;
	readonly timeoutMs: number;
	/** Of stdout and of stderr each: head and tail are kept. */
	readonly maxOutputBytes: number;
	/** Gets what the child writes to its file descriptor 3. */
	readonly onReport?: (chunk: Buffer) => void;
}

export interface ProcessResult {
	readonly end: ProcessEnd;
	readonly stdout: string;
	readonly stderr: string;
	/** Whether bytes in the middle of stdout were dropped. */
	readonly truncated: boolean;
	readonly durationMs: number;
}

export interface ProcessRunner {
	/** Never rejects; an abort is one of the ends, told when the processes are gone. */
	run(request: ProcessRequest, signal: AbortSignal): Promise<ProcessResult>;
	/** Kills what runs, at once and without waiting; for the end of this process. */
	killAll(): void;
}

export function createProcessRunner(): ProcessRunner {
	const live = new Map<ChildProcess, string>();
	return {
		async run(request, signal) {
			const startedAt = performance.now();
			const tag = randomUUID();
			const stdout = createCappedText(request.maxOutputBytes);
			const stderr = createCappedText(request.maxOutputBytes);
			const done = (end: ProcessEnd): ProcessResult => ({
				end,
				stdout: stdout.text(),
				stderr: stderr.text(),
				truncated: stdout.truncated(),
				durationMs: performance.now() - startedAt,
			});
			if (signal.aborted) return done({ kind: "aborted" });
			const child = spawn(request.command, request.args, {
				cwd: request.cwd,
				env: { ...request.env, [RUN_TAG]: tag },
				stdio: [
					request.input === undefined ? "ignore" : "pipe",
					"pipe",
					"pipe",
					request.onReport === undefined ? "ignore" : "pipe",
				],
				detached: process.platform !== "win32",
				windowsHide: true,
			});
			live.set(child, tag);
			// A child that does not read to the end is told by how it ends.
			child.stdin?.on("error", () => undefined);
			child.stdin?.end(request.input);
			child.stdout?.on("data", stdout.add);
			child.stderr?.on("data", stderr.add);
			const report = child.stdio[3];
			if (request.onReport !== undefined && isReadable(report)) report.on("data", request.onReport);
			try {
				return done(await endOf(child, tag, request.timeoutMs, signal));
			} finally {
				killGroup(child, "SIGKILL");
				killTagged(RUN_TAG, tag);
				for (const stream of child.stdio) stream?.destroy();
				live.delete(child);
			}
		},
		killAll() {
			for (const [child, tag] of live) {
				killGroup(child, "SIGKILL");
				killTagged(RUN_TAG, tag);
			}
		},
	};
}

async function endOf(child: ChildProcess, tag: string, timeoutMs: number, signal: AbortSignal): Promise<ProcessEnd> {
	const finished = endOfChild(child);
	const early = await endedFirst(finished, timeoutMs, signal);
	if (early !== "timed-out" && early !== "aborted") return early;
	killGroup(child, "SIGTERM");
	const grace = new AbortController();
	await Promise.race([
		finished,
		sleep(early === "aborted" ? ABORT_GRACE_MS : TERMINATE_GRACE_MS, undefined, { signal: grace.signal }).catch(
			() => undefined,
		),
	]);
	grace.abort();
	killGroup(child, "SIGKILL");
	killTagged(RUN_TAG, tag);
	await finished;
	return { kind: early };
}

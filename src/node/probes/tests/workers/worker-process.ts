/** One worker's process: its channel, its last words and its end. */

import { spawn } from "node:child_process";
import { parseRecord } from "../../../../core/json-record.ts";
import { endOfChild, type ProcessEnd } from "../../processes/child-end.ts";
import { isReadable, isWritable } from "../../processes/child-streams.ts";
import type { Launch } from "../../processes/confine.ts";
import { killGroup } from "../../processes/process-group.ts";
import { RUN_TAG } from "../../processes/process-runner.ts";
import { killTagged } from "../../processes/tagged-processes.ts";
import { textOf, type WorkerOrder, type WorkerPlan, type WorkerRecord } from "./worker-wire.ts";

/** A line longer than this is none of the worker's. */
const MAX_LINE_CHARS = 4_000_000;
/** Processes that speak at the same time: one, and its copies. */
const MAX_SPEAKERS = 16;
const KEPT_WORDS = 4_000;
/** After exit, how long what is still on its way is waited for; a daemon may hold the pipes open. */
const OUTPUT_GRACE_MS = 200;
const TERMINATE_GRACE_MS = 400;

export interface WorkerProcess {
	readonly tag: string;
	send(message: WorkerPlan | WorkerOrder | { readonly kill: number }): void;
	/** Gets every record from now on. Returns how to stop that. */
	listen(onRecord: (record: WorkerRecord) => void): () => void;
	/** The end of what it printed, for messages only. */
	lastWords(): string;
	/** Lets it end by itself first where `gently`. Settles when its processes are gone. */
	end(how: "gently" | "at-once"): Promise<void>;
	readonly ended: Promise<ProcessEnd>;
}

/** Starts it; one that does not start has an end, too. */
export function startWorker(launch: Launch, cwd: string, tag: string): WorkerProcess {
	const child = spawn(launch.command, launch.args, {
		cwd,
		env: { ...launch.env, [RUN_TAG]: tag },
		stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
		detached: process.platform !== "win32",
		windowsHide: true,
	});
	const listeners = new Set<(record: WorkerRecord) => void>();
	let words = "";
	let over = false;
	const hear = (chunk: Buffer) => {
		words = (words + chunk.subarray(-KEPT_WORDS).toString()).slice(-KEPT_WORDS);
	};
	child.stdout?.on("data", hear);
	child.stderr?.on("data", hear);
	const pieces = createPieces();
	const report = child.stdio[3];
	if (isReadable(report))
		report.on(
			"data",
			byLine((line) => {
				const record = pieces.whole(line);
				if (record !== null) for (const listener of listeners) listener(record);
			}),
		);
	const control = child.stdio[4];
	// One that has ended is told by its end.
	for (const stream of [report, control]) stream?.on("error", () => undefined);
	const cleanUp = () => {
		killGroup(child, "SIGKILL");
		killTagged(RUN_TAG, tag);
		for (const stream of child.stdio) stream?.destroy();
	};
	const ended = endOfChild(child, OUTPUT_GRACE_MS).then((end) => {
		over = true;
		cleanUp();
		return end;
	});
	return {
		tag,
		ended,
		send(message) {
			if (isWritable(control) && !control.destroyed) control.write(`${JSON.stringify(message)}\n`);
		},
		listen(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		lastWords: () => words,
		async end(how) {
			if (over) return;
			if (how === "gently") {
				killGroup(child, "SIGTERM");
				const timer = setTimeout(cleanUp, TERMINATE_GRACE_MS);
				await ended;
				clearTimeout(timer);
			} else {
				cleanUp();
				await ended;
			}
		},
	};
}

/** Puts together what came in pieces. Tests can write there, too: what makes no sense is passed over. */
function createPieces(): { whole(line: string): WorkerRecord | null } {
	const texts = new Map<unknown, string>();
	return {
		whole(line) {
			const record = parseRecord(line);
			if (record?.["kind"] !== "piece") return record;
			const { of, text, first, last } = record;
			const joined = (first === true ? "" : (texts.get(of) ?? "")) + textOf(text);
			texts.delete(of);
			if (last === true) return parseRecord(joined);
			// One that was killed as it spoke never says the last piece.
			const [oldest] = texts.keys();
			if (texts.size >= MAX_SPEAKERS) texts.delete(oldest);
			if (joined.length <= MAX_LINE_CHARS) texts.set(of, joined);
			return null;
		},
	};
}

function byLine(onLine: (line: string) => void): (chunk: Buffer) => void {
	let rest = "";
	return (chunk) => {
		const lines = (rest + chunk.toString("latin1")).split("\n");
		rest = (lines.pop() ?? "").slice(0, MAX_LINE_CHARS);
		for (const line of lines) onLine(line);
	};
}

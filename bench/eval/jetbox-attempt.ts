/** Runs the real command line on a fresh copy of a task and reads what it did off its events. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { RunEvent } from "../../src/core/events.ts";
import type { Attempt } from "./attempt.ts";
import type { Task } from "./tasks.ts";

/** An answer in place of which a usable one had to be asked for. */
const MALFORMED_CODES = new Set(["unknown-tool", "bad-arguments"]);
const CHANGING_TOOLS = new Set(["write_file", "edit_file", "delete_file"]);

export interface CliRun {
	readonly cli: string;
	/** Its virtual environment has ruff and pytest. */
	readonly venv: string;
	readonly model: string;
	readonly maxRounds: number;
	readonly maxMinutes: number;
	/** Of the setting. */
	readonly options: readonly string[];
	/** File that keeps the events, or null. */
	readonly events: string | null;
}

/** What an attempt knows of itself; the rest is the plan's and the judge's. */
export type Ran = Omit<
	Attempt,
	| ("system" | "setting" | "model" | "task" | "kind" | "repeat")
	| ("startedAt" | "label" | "maxMinutes" | "green" | "detail")
>;

/** @throws Error when the command line ended without saying how */
export async function runJetbox(task: Task, workspace: string, run: CliRun, signal: AbortSignal): Promise<Ran> {
	const child = spawn(
		process.execPath,
		[
			run.cli,
			"run",
			task.sentence,
			...["--workspace", workspace, "--model", run.model, "--json", "--approve", "edits", "--sandbox", "off"],
			...["--max-rounds", String(run.maxRounds), "--max-minutes", String(run.maxMinutes)],
			...run.options,
		],
		{
			stdio: ["ignore", "pipe", "pipe"],
			env: { ...process.env, VIRTUAL_ENV: run.venv },
			signal,
			killSignal: "SIGTERM",
		},
	);
	let words = "";
	child.stderr.on("data", (chunk: Buffer) => {
		words = (words + chunk.toString()).slice(-2_000);
	});
	const sum = new EventSum();
	if (run.events !== null) writeFileSync(run.events, "");
	createInterface({ input: child.stdout }).on("line", (line) => {
		sum.add(parseEvent(line));
		if (run.events !== null) appendFileSync(run.events, `${line}\n`);
	});
	await once(child, "close");
	signal.throwIfAborted();
	const ran = sum.read();
	if (ran === null) throw new Error(`jetbox run ended without its last event: ${words.trim()}`);
	return ran;
}

/** What the events of one run add up to. */
export class EventSum {
	private tokensIn = 0;
	private tokensOut = 0;
	private tokensCached: number | null = 0;
	private malformed = 0;
	private editsRefused = 0;
	private answers = 0;
	private deterministicFixes = 0;
	private escalations = 0;
	private readonly modelPhases = { load: 0, prefill: 0, decode: 0 };
	private end: Extract<RunEvent, { type: "run-finished" }> | null = null;

	add(event: RunEvent | null): void {
		if (event === null) return;
		switch (event.type) {
			case "model-finished":
				if (event.ok) this.answers += 1;
				this.modelPhases.load += event.loadMs;
				this.modelPhases.prefill += event.prefillMs;
				this.modelPhases.decode += event.decodeMs;
				this.tokensIn += event.promptTokens;
				this.tokensOut += event.outputTokens;
				this.tokensCached =
					this.tokensCached === null || event.cachedTokens === null ? null : this.tokensCached + event.cachedTokens;
				break;
			case "tool-finished":
				if (MALFORMED_CODES.has(event.code)) this.malformed += 1;
				else if (!event.ok && CHANGING_TOOLS.has(event.name)) this.editsRefused += 1;
				break;
			case "notice":
				if (event.about === "unreadable-answer") this.malformed += 1;
				break;
			case "lint-fixed":
				if (!event.takenBack) this.deterministicFixes += event.findingsBefore - event.findingsAfter;
				break;
			case "escalated":
				this.escalations += 1;
				break;
			case "run-finished":
				this.end = event;
				break;
		}
	}

	read(): Ran | null {
		const { end } = this;
		if (end === null) return null;
		return {
			claimedGreen: end.outcome.kind === "green",
			ending: `${end.outcome.kind}: ${end.outcome.reason}`,
			rounds: end.rounds,
			durationMs: end.durationMs,
			tokensIn: this.tokensIn,
			tokensOut: this.tokensOut,
			tokensCached: this.tokensCached,
			answers: this.answers,
			malformed: this.malformed,
			editsRefused: this.editsRefused,
			deterministicFixes: this.deterministicFixes,
			escalations: this.escalations,
			phases: end.totals,
			modelPhases: { ...this.modelPhases },
		};
	}
}

function parseEvent(line: string): RunEvent | null {
	try {
		const value: RunEvent = JSON.parse(line);
		return typeof value === "object" && value !== null && typeof value.type === "string" ? value : null;
	} catch {
		return null;
	}
}

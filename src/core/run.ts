/** Rounds until a stop condition holds; every ending becomes one outcome. */
import { requestOf } from "./ask-step.ts";
import { isAbort, UserError } from "./errors.ts";
import { createEmitter, type EventSink, type Outcome, type Phases } from "./events.ts";
import { watchJudges } from "./judges-watch.ts";
import type { RunParts } from "./machine.ts";
import { estimateTokens } from "./model/budget.ts";
import { openingMessages } from "./model/prompt.ts";
import { tellOwnChanges } from "./own-changes.ts";
import type { Clock, Logger } from "./ports.ts";
import { projectRules, RULES_FILE } from "./project-rules.ts";
import { RECORD_VERSION, type RunEntry } from "./record/entries.ts";
import { runRound } from "./round.ts";
import { triedWords } from "./round-record.ts";
import { runLimit } from "./run-limit.ts";
import type { Asking, RunContext, RunOptions, RunState } from "./run-state.ts";
import { timedApprover } from "./timed-approver.ts";
import { CallHistory } from "./tools/call-history.ts";
import { toolsOf } from "./tools/catalog.ts";
import { EditFailures } from "./tools/edit-failures.ts";
import { SeenFiles } from "./tools/seen-files.ts";

const MS_PER_MINUTE = 60_000;
const SEED = 42;

/** Runs the loop. Never throws: the outcome, also emitted as the one `run-finished`, says how it ended. */
export async function run(
	parts: RunParts,
	options: RunOptions,
	sinks: readonly EventSink[],
	environment: { readonly clock: Clock; readonly logger: Logger },
	signal: AbortSignal,
): Promise<Outcome> {
	const { clock, logger } = environment;
	const startedAt = clock.now();
	const emit = createEmitter(clock, sinks, (error) => logger.error("An event sink failed and was dropped.", error));
	const approver = timedApprover(parts.approver, clock);
	const timeLimit = runLimit(options.maxMinutes * MS_PER_MINUTE, approver.waitedMs);
	const ended = new AbortController();
	const either = AbortSignal.any([signal, timeLimit, ended.signal]);
	const rules = await projectRules(parts.workspace, either).catch(ignoreAbort);
	const state = startState(parts, options, logger, rules, either);
	const { probes, workspace } = tellOwnChanges(parts);
	const watched = { ...parts, workspace, probes: watchJudges(probes, state), approver };
	const context: RunContext = { parts: watched, options, emit, clock, logger };
	const totals = { model: 0, probe: 0, context: 0, tools: 0 };
	let rounds = options.resume?.rounds ?? 0;

	emit({
		type: "run-started",
		runId: options.runId,
		task: options.task,
		mode: options.mode ?? "edit",
		model: parts.model.name,
		protocol: parts.model.protocol,
		workspace: parts.workspace.root,
		maxRounds: options.maxRounds,
		contextLength: parts.model.contextLength,
		...(rounds > 0 ? { roundsBefore: rounds } : {}),
	});
	for (const message of options.notices) emit({ type: "notice", level: "info", message });

	if (rules !== "") {
		const tokens = estimateTokens({ messages: [{ role: "user", content: rules }], tools: [] }, 1);
		emit({ type: "notice", level: "info", message: `${RULES_FILE} is a part of the prompt, about ${tokens} tokens.` });
	}

	const outcome = await untilStopped();
	ended.abort(new DOMException("The run has ended.", "AbortError"));
	await Promise.all([state.warmUp, state.fullRun?.ended]);
	await parts.record
		.keep({ kind: "end", end: outcome.kind })
		.catch((error: unknown) => logger.warn(`The end of the run could not be kept: ${String(error)}`));
	emit({
		type: "run-finished",
		outcome,
		rounds,
		filesChanged: [...state.filesChanged].sort(),
		durationMs: clock.now() - startedAt,
		totals,
	});
	return outcome;

	async function untilStopped(): Promise<Outcome> {
		try {
			await parts.record.keep(firstEntry(context));
			for (;;) {
				either.throwIfAborted();
				rounds += 1;
				const { outcome: stop, phases } = await runRound(context, state, rounds, either);
				addPhases(totals, phases);
				if (stop !== null) return stop;
			}
		} catch (error) {
			return outcomeOfError(error);
		}
	}

	function outcomeOfError(error: unknown): Outcome {
		if (signal.aborted) return { kind: "cancelled", reason: "Stopped by you." };
		if (timeLimit.aborted) {
			return {
				kind: "stopped",
				reason: `The time limit of ${options.maxMinutes} minutes is reached.${triedWords(state.records)}`,
				fix: "Run the task again to go on from here, or raise the limit (jetbox.maxMinutes, --max-minutes).",
			};
		}
		if (error instanceof UserError) return { kind: "failed", reason: error.message, fix: error.fix };
		logger.error(isAbort(error) ? "The run was aborted from within." : "The run ended by a bug.", error);
		const words = error instanceof Error ? error.message : String(error);
		return {
			kind: "failed",
			reason: `Jetbox failed: ${words}`,
			fix: "The log has the details (Show Log); please report it.",
		};
	}
}

function firstEntry({ parts, options }: RunContext): RunEntry {
	if (options.resume !== null) return { kind: "resumed" };
	const { runId, task, mode = "edit" } = options;
	const { workspace, model } = parts;
	return { kind: "run", version: RECORD_VERSION, runId, task, mode, root: workspace.root, model: model.name };
}

function startState(
	parts: RunParts,
	options: RunOptions,
	logger: Logger,
	rules: string,
	signal: AbortSignal,
): RunState {
	const { task, mode = "edit", context: referred = "", loop = {}, resume } = options;
	const { model } = parts;
	const texts = [rules, referred].filter((text) => text !== "").join("\n\n");
	const conversation = [...openingMessages(task, { mode, context: texts, loop }), ...(resume?.conversation ?? [])];
	const tools = toolsOf(mode).filter(({ name }) => loop.editTool !== false || name !== "edit_file");
	const asking: Asking = { model, protocol: model.protocol, tools, temperature: 0, seed: SEED, think: false };
	const seen = new SeenFiles();
	for (const path of resume?.seenPaths ?? []) seen.doubt(path);
	let calls = resume?.calls ?? 0;
	return {
		conversation,
		records: resume?.records ?? [],
		filesChanged: new Set(resume?.filesChanged),
		filesCreated: new Set(),
		filesRestored: new Set(),
		weakened: new Set(resume?.weakened),
		seen,
		history: new CallHistory(),
		editFailures: new EditFailures(),
		notFixable: new Set(),
		unsafelyTried: new Set(),
		missing: [],
		fullRun: null,
		fullRunMs: null,
		asking,
		asked: null,
		escalated: { steps: [], since: resume?.records.length ?? 0, notBefore: 0 },
		tokenRatio: 1,
		nextCallId: () => {
			calls += 1;
			return `call_${calls}`;
		},
		warmUp: model.warmUp(requestOf(asking, conversation), signal).catch((error: unknown) => {
			if (!isAbort(error)) logger.warn(`Warm-up failed: ${String(error)}`);
		}),
	};
}

/** The rounds tell of a cancelled run; here nothing was begun yet. */
function ignoreAbort(error: unknown): string {
	if (isAbort(error)) return "";
	throw error;
}

function addPhases(totals: { -readonly [key in keyof Phases]: number }, phases: Phases): void {
	totals.model += phases.model;
	totals.probe += phases.probe;
	totals.context += phases.context;
	totals.tools += phases.tools;
}

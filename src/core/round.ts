/** One round: probe, free fixes, stop?, the same prompt again or another way of asking?, ask, apply, stop? */
import { applyStep } from "./apply-step.ts";
import { type Asked, askStep } from "./ask-step.ts";
import { contextStep, estimateOf, shorten } from "./context-step.ts";
import { UserError } from "./errors.ts";
import { escalateStep } from "./escalate-step.ts";
import type { Outcome, Phases } from "./events.ts";
import { fixStep } from "./fix-step.ts";
import type { ChatMessage } from "./model/conversation.ts";
import { probeAffected } from "./probe-step.ts";
import { promptAgain } from "./prompt-again.ts";
import { keptReport } from "./record/entries.ts";
import type { RoundContext, RoundRecord, RunContext, RunState, Told } from "./run-state.ts";
import { type StopView, stopAfterApply, stopAfterProbe } from "./stop.ts";
import { unsafeFixStep } from "./unsafe-fix-step.ts";
import { lastWord, wholeStep, withFullRun } from "./whole-step.ts";

/** Share of the estimate that a server must have read at least, or it has dropped the beginning (threats F30). */
const READ_AT_LEAST = 0.5;
/** Below this, an estimate may be off by more. */
const TELLING_TOKENS = 400;

/**
 * Probes the workspace; if the run may go on, tells the model what is wrong, asks it, and applies what it calls.
 * @returns how the run ends, or null to go on with another round
 * @throws AbortError, and UserError from the model or the engine; the round's events are complete in any case
 */
export async function runRound(
	run: RunContext,
	state: RunState,
	round: number,
	signal: AbortSignal,
): Promise<{ readonly outcome: Outcome | null; readonly phases: Phases }> {
	const { emit, clock } = run;
	const context: RoundContext = { ...run, state, round, previous: state.records.at(-1)?.report ?? null };
	const startedAt = clock.now();
	const phases = { model: 0, probe: 0, context: 0, tools: 0 };
	const waitedBefore = run.parts.approver.waitedMs();
	const ended = (outcome: Outcome | null) => ({ outcome, phases });
	emit({ type: "round-started", round });
	try {
		const { report, verdict, fixedFiles } = await timed("probe", async () => {
			const probed = await probeAffected(context, signal);
			const fixed = await unsafeFixStep(context, await fixStep(context, probed, signal), signal);
			return { ...fixed, ...(await wholeStep(context, fixed, signal)) };
		});
		const asIs: RoundRecord = { round, report, verdict, calls: [], answer: null, malformed: null };
		const stopped = stopAfterProbe(viewOf(context, asIs));
		if (stopped !== null) return ended(stopped);

		const again = await timed("context", () => promptAgain(context, asIs, signal));
		const stuck = again === null ? await timed("context", () => escalateStep(context, asIs, signal)) : null;
		if (stuck !== null) return ended(stuck);
		const told = again ?? (await timed("context", () => contextStep(context, asIs, fixedFiles, signal)));

		const asked = await timed("model", () => ask(context, asIs, told, signal));
		const judged = withFullRun(state, asIs);
		const applied = await timed("tools", () => apply(context, judged, told, asked, signal));
		const record = await timed("probe", () => lastWord(context, applied, signal));
		const outcome = stopAfterApply(viewOf(context, record));
		state.records = [...state.records, record];
		return ended(outcome);
	} finally {
		const waitedMs = run.parts.approver.waitedMs() - waitedBefore;
		const waited = waitedMs > 0 ? { waitedMs } : {};
		emit({ type: "round-finished", round, durationMs: clock.now() - startedAt, ...waited, phases: { ...phases } });
	}

	async function timed<T>(phase: keyof Phases, work: () => Promise<T>): Promise<T> {
		// A person's time to answer is no part's.
		const worked = () => clock.now() - run.parts.approver.waitedMs();
		const before = worked();
		try {
			return await work();
		} finally {
			phases[phase] += worked() - before;
		}
	}
}

/** Asks; a prompt that the server finds too long is shortened once and asked again. */
async function ask(
	context: RoundContext,
	{ verdict }: RoundRecord,
	{ files }: Told,
	signal: AbortSignal,
): Promise<Asked> {
	const { state, round, options } = context;
	// A plan is words.
	const asking = { files, mustChange: verdict.state === "failing" && options.mode !== "plan" };
	const estimate = estimateOf(state);
	try {
		const asked = await askStep(context, asking, estimate, signal);
		calibrate(context, estimate, asked);
		return asked;
	} catch (error) {
		if (!(error instanceof UserError) || error.kind !== "prompt-too-long") throw error;
		context.emit({
			type: "notice",
			level: "warning",
			round,
			message: `${error.message} The conversation is shortened and sent again.`,
		});
		shorten(state, files, Math.floor(estimate / 2));
		return askStep(context, asking, estimateOf(state), signal);
	} finally {
		state.asking = { ...state.asking, think: false };
	}
}

/** Learns from the server's count; a count that is far too low is not believed but told. */
function calibrate({ emit, state, round }: RoundContext, estimate: number, { reply }: Asked): void {
	const { promptTokens } = reply.usage;
	if (promptTokens === 0 || estimate === 0) return;
	if (estimate >= TELLING_TOKENS && promptTokens < estimate * READ_AT_LEAST) {
		emit({
			type: "notice",
			level: "warning",
			round,
			message: `The server read ${promptTokens} tokens of about ${estimate}: it may have dropped the beginning, the task with it. Give the model a larger context.`,
		});
		return;
	}
	state.tokenRatio *= promptTokens / estimate;
}

/** Does what the answer calls for, once it is kept: after a crash no call is done again. */
async function apply(
	context: RoundContext,
	asIs: RoundRecord,
	{ message: told }: Told,
	{ reply, decoded }: Asked,
	signal: AbortSignal,
): Promise<RoundRecord> {
	const { state } = context;
	const { round, report, verdict } = asIs;
	const answered: ChatMessage = {
		role: "assistant",
		content: reply.content,
		toolCalls: decoded.kind === "calls" ? decoded.calls : [],
	};
	append(state, answered);
	const record: RoundRecord = {
		...asIs,
		answer: decoded.kind === "text" ? decoded.text : null,
		malformed: decoded.kind === "malformed" ? { cause: decoded.cause, explanation: decoded.explanation } : null,
	};
	const { answer, malformed } = record;
	const messages = [told, answered];
	const entry = { round, report: keptReport(report), verdict, messages, answer, malformed };
	await context.parts.record.keep({ kind: "round", ...entry });
	if (malformed !== null) {
		const { explanation: message } = malformed;
		context.emit({ type: "notice", level: "warning", round, about: "unreadable-answer", message });
	}
	if (decoded.kind !== "calls") return record;
	const { calls, results } = await applyStep(context, decoded.calls, signal);
	for (const { call, content } of results) {
		append(state, { role: "tool", content, toolName: call.name, toolCallId: call.id });
	}
	return { ...record, calls };
}

function viewOf({ options, state }: RoundContext, present: RoundRecord): StopView {
	const [first, ...rest] = state.records;
	return {
		options,
		records: first === undefined ? [present] : [first, ...rest, present],
		changedSomething: state.filesChanged.size > 0,
		weakened: [...state.weakened],
		missing: state.missing,
	};
}

function append(state: RunState, message: ChatMessage): void {
	state.conversation = [...state.conversation, message];
}

/** One round: probe, stop?, ask, apply, stop? */
import { applyStep } from "./apply-step.ts";
import { type Asked, askStep, requestOf } from "./ask-step.ts";
import { isAbort, UserError } from "./errors.ts";
import type { Outcome, Phases } from "./events.ts";
import { estimateTokens, fitConversation } from "./model/budget.ts";
import type { ChatMessage } from "./model/conversation.ts";
import { digestOf } from "./model/digest.ts";
import { probeMessage } from "./model/feedback.ts";
import { probeStep } from "./probe-step.ts";
import { keptReport } from "./record/entries.ts";
import type { RoundRecord, RunContext, RunState } from "./run-state.ts";
import { type StopView, stopAfterApply, stopAfterProbe } from "./stop.ts";

/**
 * Probes the workspace; if the run may go on, tells the model what is wrong, asks it, and applies what it calls.
 * @returns how the run ends, or null to go on with another round
 * @throws AbortError, and UserError from the model or the engine; the round's events are complete in any case
 */
export async function runRound(
	context: RunContext,
	state: RunState,
	round: number,
	signal: AbortSignal,
): Promise<{ readonly outcome: Outcome | null; readonly phases: Phases }> {
	const { emit, clock } = context;
	const startedAt = clock.now();
	const phases = { model: 0, probe: 0, context: 0, tools: 0 };
	emit({ type: "round-started", round });
	try {
		const probed = await timed(clock, phases, "probe", () =>
			probeStep(context, round, state.records.at(-1)?.report ?? null, signal),
		);
		const { report, verdict } = probed;
		const asIs: RoundRecord = { round, report, verdict, calls: [], answer: null, malformed: null };
		const stopped = stopAfterProbe(viewOf(context, state, asIs));
		if (stopped !== null) return { outcome: stopped, phases };

		const contextStartedAt = clock.now();
		const content = withReminder(state.records.at(-1), probeMessage(round, verdict, report));
		const told: ChatMessage = { role: "user", content };
		append(state, told);
		const estimate = fitBudget(context, state);
		phases.context = clock.now() - contextStartedAt;

		const asked = await timed(clock, phases, "model", () => ask(context, state, round, estimate, signal));
		const record = await timed(clock, phases, "tools", () => apply(context, state, asIs, told, asked, signal));
		const ended = stopAfterApply(viewOf(context, state, record));
		state.records = [...state.records, record];
		return { outcome: ended, phases };
	} finally {
		emit({ type: "round-finished", round, durationMs: clock.now() - startedAt, phases: { ...phases } });
	}
}

/** Asks; a prompt that the server finds too long is compacted once and asked again. */
async function ask(
	context: RunContext,
	state: RunState,
	round: number,
	estimate: number,
	signal: AbortSignal,
): Promise<Asked> {
	try {
		return await calibrated(state, estimate, await askStep(context, state, round, estimate, signal));
	} catch (error) {
		if (!(error instanceof UserError) || error.kind !== "prompt-too-long" || isAbort(error)) throw error;
		context.emit({
			type: "notice",
			level: "warning",
			round,
			message: `${error.message} The conversation is shortened and sent again.`,
		});
		state.conversation = fitConversation(state.conversation, {
			contextLength: Math.floor(estimate / 2),
			tokenRatio: state.tokenRatio,
			digest: digestOf(state),
		}).messages;
		return askStep(context, state, round, estimate, signal);
	}
}

function calibrated(state: RunState, estimate: number, asked: Asked): Asked {
	if (estimate > 0 && asked.reply.usage.promptTokens > 0) {
		state.tokenRatio *= asked.reply.usage.promptTokens / estimate;
	}
	return asked;
}

/** Does what the answer calls for, once it is kept: after a crash no call is done again. */
async function apply(
	context: RunContext,
	state: RunState,
	asIs: RoundRecord,
	told: ChatMessage,
	{ reply, decoded }: Asked,
	signal: AbortSignal,
): Promise<RoundRecord> {
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
		malformed: decoded.kind === "malformed" ? decoded.explanation : null,
	};
	const { answer, malformed } = record;
	const messages = [told, answered];
	const entry = { round, report: keptReport(report), verdict, messages, answer, malformed };
	await context.parts.record.keep({ kind: "round", ...entry });
	if (malformed !== null) context.emit({ type: "notice", level: "warning", round, message: malformed });
	if (decoded.kind !== "calls") return record;
	const { calls, results } = await applyStep(context, state, round, decoded.calls, signal);
	for (const { call, content } of results) {
		append(state, { role: "tool", content, toolName: call.name, toolCallId: call.id });
	}
	return { ...record, calls };
}

/** Brings the conversation under the budget where it has outgrown it; returns its tokens, estimated. */
function fitBudget({ parts, emit }: RunContext, state: RunState): number {
	const fitted = fitConversation(state.conversation, {
		contextLength: parts.model.contextLength,
		tokenRatio: state.tokenRatio,
		digest: digestOf(state),
	});
	if (fitted.compacted) {
		emit({
			type: "notice",
			level: "info",
			message: "The conversation was shortened to fit the model's context window.",
		});
	}
	state.conversation = fitted.messages;
	return estimateTokens(requestOf({ parts }, state.conversation), state.tokenRatio);
}

function withReminder(previous: RoundRecord | undefined, message: string): string {
	if (previous?.malformed) return `${previous.malformed}\n${message}`;
	if (previous?.answer)
		return `${message}\nYou called no tool. Call one to go on; if you cannot, answer again and the run ends.`;
	return message;
}

function viewOf({ options }: RunContext, state: RunState, present: RoundRecord): StopView {
	const [first, ...rest] = state.records;
	return {
		options,
		records: first === undefined ? [present] : [first, ...rest, present],
		changedSomething: state.filesChanged.size > 0,
		weakened: [...state.weakened],
	};
}

function append(state: RunState, message: ChatMessage): void {
	state.conversation = [...state.conversation, message];
}

async function timed<T>(
	clock: RunContext["clock"],
	phases: { -readonly [key in keyof Phases]: number },
	phase: keyof Phases,
	work: () => Promise<T>,
): Promise<T> {
	const startedAt = clock.now();
	try {
		return await work();
	} finally {
		phases[phase] = clock.now() - startedAt;
	}
}

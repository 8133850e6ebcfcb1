/** The last step of a round: run the model's tool calls in their order, one after the other. */
import { UserError } from "./errors.ts";
import { endFullRun } from "./full-run.ts";
import { maxResultChars } from "./model/budget.ts";
import type { ToolCall } from "./model/conversation.ts";
import { asksForTests } from "./policy/test-guard.ts";
import { type AppliedCall, appliedCall, mayChange } from "./round-record.ts";
import type { RoundContext } from "./run-state.ts";
import { executeTool, isTool, type ToolResult } from "./tools/execute.ts";
import { targetOf } from "./tools/target.ts";

/** More calls than this in one answer are a loop of the model's, not a plan. */
const MAX_CALLS = 8;

export interface Applied {
	readonly calls: readonly AppliedCall[];
	readonly results: readonly { readonly call: ToolCall; readonly content: string }[];
}

/** Applies the calls; a refusal is a result for the model. */
export async function applyStep(
	context: RoundContext,
	calls: readonly ToolCall[],
	signal: AbortSignal,
): Promise<Applied> {
	const { state, round } = context;
	context.parts.workspace.beginRound(round);
	const applied: AppliedCall[] = [];
	const results: { call: ToolCall; content: string }[] = [];
	for (const [index, call] of calls.entries()) {
		const result = index < MAX_CALLS ? await applyCall(context, call, signal) : tooMany;
		const { ok, code, content, files, weakens } = result;
		for (const file of files) state.filesChanged.add(file);
		for (const words of weakens) state.weakened.add(words);
		await context.parts.record.keep({ kind: "result", round, callId: call.id, ok, code, content, files, weakens });
		results.push({ call, content });
		const outcome = result.repeats ?? content;
		const times = state.history.record(call, outcome, files.length > 0);
		applied.push(appliedCall(call, { content: outcome, code }, times));
	}
	return { calls: applied, results };
}

/** A result, and the earlier one that it stands for where the call was not made again. */
type Applying = ToolResult & { readonly repeats?: string };

function notAgain(repeats: string): Applying {
	return {
		ok: false,
		code: "repeated-call",
		content:
			"ERROR repeated-call: you made this same call before with the same result, so it was not made again. Do something else: edit the code, or read what you have not seen.",
		files: [],
		weakens: [],
		repeats,
	};
}

const tooMany: Applying = {
	ok: false,
	code: "too-many-calls",
	content: `ERROR too-many-calls: only the first ${MAX_CALLS} calls of an answer are done. Go on in the next round.`,
	files: [],
	weakens: [],
};

async function applyCall(
	{ parts, options, emit, clock, state, round }: RoundContext,
	call: ToolCall,
	signal: AbortSignal,
): Promise<Applying> {
	const { seen, editFailures, history, asking } = state;
	signal.throwIfAborted();
	const startedAt = clock.now();
	emit({ type: "tool-started", round, name: call.name, callId: call.id, target: targetOf(call) });
	// A tool that there is not is answered with the names there are, each time.
	const useless = isTool(call.name) ? history.uselessResult(call) : null;
	let result: Applying | null = useless === null ? null : notAgain(useless);
	let ended = { code: "bug", message: "" };
	const waitedBefore = parts.approver.waitedMs();
	try {
		if (result === null && mayChange(call)) {
			await parts.record.keep({ kind: "call", round, callId: call.id });
			await endFullRun(state);
		}
		result ??= await executeTool(
			call,
			{
				...parts,
				approve: options.approve,
				testsAsked: asksForTests(options.task),
				created: state.filesCreated,
				seen,
				editFailures,
				maxResultChars: maxResultChars(asking.model.contextLength),
				mode: options.mode ?? "edit",
			},
			signal,
		);
		return result;
	} catch (error) {
		if (error instanceof UserError) ended = { code: error.kind, message: error.message };
		throw error;
	} finally {
		const waitedMs = parts.approver.waitedMs() - waitedBefore;
		emit({
			type: "tool-finished",
			round,
			name: call.name,
			callId: call.id,
			ok: result?.ok ?? false,
			code: result?.code ?? (signal.aborted ? "cancelled" : ended.code),
			message: result?.content ?? ended.message,
			durationMs: clock.now() - startedAt,
			...(waitedMs > 0 ? { waitedMs } : {}),
			files: result?.files ?? [],
		});
	}
}

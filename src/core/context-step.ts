/** The second step of a round: what the model hears of the probe, and a conversation that fits its window. */
import { requestOf } from "./ask-step.ts";
import { codeContext } from "./code-context.ts";
import { filesInPlay } from "./files-in-play.ts";
import { compactConversation, estimateTokens, isNearlyFull, type Window } from "./model/budget.ts";
import type { ChatMessage } from "./model/conversation.ts";
import { digestOf } from "./model/digest.ts";
import { probeMessage } from "./model/feedback.ts";
import { HIDDEN_MARK } from "./model/hidden-code.ts";
import { HEAD_MESSAGES } from "./model/prompt.ts";
import type { FileInPlay } from "./model/protocol.ts";
import { asksForBlock, nextStep } from "./next-step.ts";
import { ownTestsHint } from "./own-tests.ts";
import { asksToBuild } from "./policy/task-wish.ts";
import { askedPrompt, isPromising } from "./prompt-again.ts";
import { hasRead } from "./round-record.ts";
import type { RoundContext, RoundRecord, RunState, Told } from "./run-state.ts";

const TALK_NUDGE = "You called no tool. Call one to go on; if you cannot, answer again and the run ends.";

/**
 * Appends the probe's message, with the code that it is about where the conversation is new.
 * @param fixedFiles that changed beside the model
 */
export async function contextStep(
	context: RoundContext,
	record: RoundRecord,
	fixedFiles: readonly string[],
	signal: AbortSignal,
): Promise<Told> {
	const { state } = context;
	const { round, verdict, report } = record;
	const { delta = true, codeContext: showsCode = true } = context.options.loop ?? {};
	const forgets = await forgetsRounds(context, verdict, signal);
	if (forgets) state.conversation = state.conversation.slice(0, HEAD_MESSAGES);
	const code = isFresh(state) && showsCode ? await codeContext(context, report, signal) : "";
	const previous = state.records.at(-1);
	// After the code: what was shown of it is in play.
	const files = await filesInPlay(context, signal);
	const hidden = await withoutFailing(context, report, files, signal);
	const wanted = wantedFiles(context, files);
	const messageWith = (shown: string, hidesCode: boolean): ChatMessage => {
		const content = [
			previous?.malformed?.explanation,
			shown === "" ? undefined : `${shown}\n`,
			probeMessage(round, verdict, report, delta),
			ownTestsHint(report, state.filesCreated),
			fixedFiles.length === 0 ? undefined : `What needed no answer of yours was mended in ${fixedFiles.join(", ")}.`,
			previous?.answer && !forgets ? TALK_NUDGE : undefined,
			wanted === null ? undefined : nextStep(wanted, verdict.state, state.asking.protocol, hidesCode),
		];
		return { role: "user", content: content.filter((part) => part !== undefined).join("\n") };
	};
	const rewrite = hidden === null ? null : messageWith(hidden, true);
	const isFirst = state.records.length === 0;
	const message = (isFirst || isPromising(state.asked, report) ? null : rewrite) ?? messageWith(code, false);
	state.conversation = [...state.conversation, message];
	state.asked = askedPrompt(context, record, { message, files }, rewrite);
	if (!isNearlyFull(state.conversation, windowOf(state))) return { message, files };
	shorten(state, files, state.asking.model.contextLength);
	context.emit({
		type: "notice",
		level: "info",
		round,
		message: "The conversation was shortened to fit the model's context window.",
	});
	return { message, files };
}

/** The code of a message that asks for what fails anew: where one short file is in play and the message stands alone. */
async function withoutFailing(
	context: RoundContext,
	report: RoundRecord["report"],
	files: readonly FileInPlay[],
	signal: AbortSignal,
): Promise<string | null> {
	const { options, state } = context;
	const { codeContext: showsCode = true, rewriting = true } = options.loop ?? {};
	const isOne = files.length === 1 && asksForBlock(state.asking.protocol, files);
	if (!showsCode || !rewriting || !isOne || state.conversation.length !== HEAD_MESSAGES) return null;
	const code = await codeContext(context, report, signal, true);
	return code.includes(HIDDEN_MARK) ? code : null;
}

/**
 * Whether the rounds before are left out. Small models, which answer as text, write again what they wrote before; from the files as they
 * are now and what fails they write something new. What they have just read stays.
 */
async function forgetsRounds(
	context: RoundContext,
	{ state: judged }: RoundRecord["verdict"],
	signal: AbortSignal,
): Promise<boolean> {
	const { state } = context;
	const last = state.records.at(-1);
	if (state.asking.protocol !== "text" || judged !== "failing" || last === undefined) return false;
	return !hasRead(last) && asksForBlock(state.asking.protocol, await filesInPlay(context, signal));
}

/** Files that are to change or to be written; null where nothing is. What of them is not there is noted for the end of the run. */
function wantedFiles({ options, state }: RoundContext, files: readonly FileInPlay[]): readonly FileInPlay[] | null {
	if (options.mode === "plan") return null;
	// A file that is named and not there may also be one to do without.
	const wanted = asksToBuild(options.task) ? files : files.filter(({ text }) => text !== null);
	state.missing = wanted.filter(({ text }) => text === null).map(({ path }) => path);
	return wanted;
}

/** Cuts the conversation as if the window had that length. */
export function shorten(state: RunState, files: readonly FileInPlay[], contextLength: number): void {
	state.conversation = compactConversation(state.conversation, { ...windowOf(state), contextLength }, (maxChars) =>
		digestOf(state, files, maxChars),
	);
}

/** Tokens of the request that the conversation makes now. */
export function estimateOf({ asking, conversation, tokenRatio }: RunState): number {
	return estimateTokens(requestOf(asking, conversation), tokenRatio);
}

function windowOf({ asking, conversation, tokenRatio }: RunState): Window {
	const head = conversation.slice(0, 1);
	const withTools = estimateTokens(requestOf(asking, head), 1);
	return {
		contextLength: asking.model.contextLength,
		tokenRatio,
		toolTokens: withTools - estimateTokens({ messages: head, tools: [] }, 1),
	};
}

/** Nothing but the head, and a digest where there was more. */
function isFresh({ conversation }: RunState): boolean {
	return conversation.every(({ role }) => role === "system" || role === "user") && conversation.length <= 3;
}

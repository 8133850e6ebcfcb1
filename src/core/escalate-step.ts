/** Where the evidence shows that a run is stuck: the next way of asking, in a fresh context, or the end of the run. */
import { UserError } from "./errors.ts";
import type { EscalationStep, Outcome } from "./events.ts";
import { filesInPlay } from "./files-in-play.ts";
import { charsIn } from "./model/budget.ts";
import { digestOf } from "./model/digest.ts";
import { ESCALATION_STEPS, evidenceOf, noProgress, otherProtocol } from "./model/escalation.ts";
import type { Asking, RoundContext, RoundRecord } from "./run-state.ts";

const FRESH_TEMPERATURE = 0.3;
/** A larger model is slow to load, so it gets this many rounds before the next step. */
const LARGER_MODEL_ROUNDS = 3;
const DIGEST_SHARE = 0.2;
const DIGEST_CHARS = { least: 800, most: 6_000 } as const;

const STEP_WORDS: Readonly<Record<EscalationStep, string>> = {
	"fresh-context": "a fresh context",
	"other-protocol": "another tool protocol",
	"larger-model": "a larger model",
	thinking: "thinking",
};

/**
 * Takes the next step where the rounds since the last one show that the run is stuck.
 * @param present the round that is to ask, judged and not yet asked
 * @returns how the run ends where no step is left
 */
export async function escalateStep(
	context: RoundContext,
	present: RoundRecord,
	signal: AbortSignal,
): Promise<Outcome | null> {
	const { options, state, round } = context;
	const { escalated } = state;
	if (round < escalated.notBefore) return null;
	const records = state.records.slice(escalated.since);
	const judged = { records, present, noProgressRounds: options.noProgressRounds };
	const mayEscalate = options.loop?.escalation !== false;
	const evidence = mayEscalate ? evidenceOf(judged) : noProgress(judged);
	if (evidence === null) return null;
	const taken = escalated.steps.at(-1);
	const left = mayEscalate ? ESCALATION_STEPS.slice(taken === undefined ? 0 : ESCALATION_STEPS.indexOf(taken) + 1) : [];
	for (const step of left) {
		const asking = await askingAfter(step, context, signal);
		if (asking === null) continue;
		await begin(step, asking, evidence.reason);
		return null;
	}
	const tried = escalated.steps.map((step) => STEP_WORDS[step]).join(", ");
	return {
		kind: "stopped",
		reason: `No progress: ${evidence.reason}.${tried === "" ? "" : ` Tried as well: ${tried}.`}`,
		fix: "Give a hint in the task, or choose a larger model with Select Model.",
	};

	async function begin(step: EscalationStep, asking: Asking, reason: string): Promise<void> {
		const { model, protocol } = asking;
		context.emit({
			type: "escalated",
			round,
			step,
			reason,
			model: model.name,
			protocol,
			contextLength: model.contextLength,
		});
		if (model !== state.asking.model) state.tokenRatio = 1;
		state.asking = asking;
		state.escalated = {
			steps: [...escalated.steps, step],
			since: state.records.length,
			notBefore: step === "larger-model" ? round + LARGER_MODEL_ROUNDS : 0,
		};
		const files = await filesInPlay(context, signal);
		const maxChars = charsIn(model.contextLength, DIGEST_SHARE, DIGEST_CHARS.least, DIGEST_CHARS.most);
		const digest = digestOf(state, files, maxChars);
		state.conversation = [...state.conversation.slice(0, 2), { role: "user", content: digest }];
	}
}

/** How the model is asked after the step; null where the step is not to be had. */
async function askingAfter(
	step: EscalationStep,
	{ parts, emit, state: { asking }, round }: RoundContext,
	signal: AbortSignal,
): Promise<Asking | null> {
	const fresh: Asking = { ...asking, temperature: FRESH_TEMPERATURE, seed: asking.seed + 1 };
	switch (step) {
		case "fresh-context":
			return fresh;
		case "other-protocol":
			return { ...fresh, protocol: otherProtocol(asking.protocol) };
		case "larger-model":
			try {
				const model = (await parts.largerModel?.open(signal)) ?? null;
				return model === null ? null : { ...fresh, model, protocol: model.protocol, temperature: 0 };
			} catch (error) {
				if (!(error instanceof UserError)) throw error;
				emit({ type: "notice", level: "warning", round, message: `No larger model: ${error.message}` });
				return null;
			}
		case "thinking":
			return asking.model.canThink ? { ...fresh, think: true } : null;
	}
}

/**
 * The same prompt once more, after an answer in vain: first without the code that fails, where it can be left out, then warmer. A small
 * model that is shown its own failed attempt copies it; of the same prompt another sample is right more often (docs/quality.md), and
 * the server has read that prompt already.
 */
import { filesInPlay } from "./files-in-play.ts";
import type { ChatMessage } from "./model/conversation.ts";
import { HEAD_MESSAGES } from "./model/prompt.ts";
import { asksForBlock } from "./next-step.ts";
import { findingsOf, type WorkspaceReport } from "./probes/report.ts";
import { hasRead } from "./round-record.ts";
import type { AskedPrompt, RoundContext, RoundRecord, Told } from "./run-state.ts";

const MOST_TIMES = 4;
/** A suite that takes longer is no cheap judge of samples. */
const CHEAP_TESTS_MS = 10_000;
/** A file that cannot be collected hides its tests, and any failing test is worse than lint. */
const WEIGHTS = { uncollected: 10_000, test: 100, lint: 1 } as const;

/**
 * @param present the round that is to ask, judged and not yet asked
 * @returns what the model is told once more, or null where the round before brought something, or the prompt is used up or untrue
 */
export async function promptAgain(
	context: RoundContext,
	{ report, verdict }: RoundRecord,
	signal: AbortSignal,
): Promise<Told | null> {
	const { state } = context;
	const { asked, records, asking } = state;
	const last = records.at(-1);
	if (asked === null || last === undefined || asking.protocol !== "text" || verdict.state !== "failing") return null;
	const isUsedUp = asked.times >= MOST_TIMES || report.pytest.durationMs > CHEAP_TESTS_MS;
	if (isUsedUp || hasHelped(asked, report) || hasRead(last)) return null;
	const files = await filesInPlay(context, signal);
	// Someone else may have edited one of them: what the prompt shows of it is no longer true.
	if (!files.every(({ known }) => known)) return null;
	const message = asked.rewrite ?? asked.message;
	state.asked = { ...asked, message, times: asked.times + 1, isRepeated: message === asked.message };
	state.conversation = [...state.conversation.slice(0, HEAD_MESSAGES), message];
	return { message, files };
}

/** What may be asked again of a round's message, where it stands alone after system prompt and task. */
export function askedPrompt(
	{ options, state: { conversation, asking } }: Pick<RoundContext, "options" | "state">,
	{ report, verdict }: RoundRecord,
	{ message, files }: Told,
	rewrite: ChatMessage | null,
): AskedPrompt | null {
	const standsAlone = conversation.length === HEAD_MESSAGES + 1;
	const mayBeAsked = options.loop?.resampling !== false && verdict.state === "failing";
	return standsAlone && mayBeAsked && asksForBlock(asking.protocol, files)
		? { message, rewrite, badness: badnessOf(report), failures: failuresOf(report), times: 0, isRepeated: false }
		: null;
}

/**
 * Whether the last answer brought the run further: less fails than when the model was last asked; or as much and not the same, the
 * harder half of a change (`fix-duration`, docs/quality.md); or as much, and what fails now says what to do (`two-unit-mismatch`).
 */
function hasHelped(asked: AskedPrompt, report: WorkspaceReport): boolean {
	const badness = badnessOf(report);
	if (badness !== asked.badness) return badness < asked.badness;
	const { failing, hints } = failuresOf(report);
	return (
		[...asked.failures.failing].some((id) => !failing.has(id)) ||
		[...hints].some((hint) => !asked.failures.hints.has(hint))
	);
}

/** Whether the last attempt is worth being gone on with: it helped, and something passes. */
export function isPromising(asked: AskedPrompt | null, report: WorkspaceReport): boolean {
	const { pytest } = report;
	return asked !== null && hasHelped(asked, report) && pytest.status === "findings" && pytest.counts.passed > 0;
}

function failuresOf(report: WorkspaceReport): AskedPrompt["failures"] {
	const tests = findingsOf(report).filter((finding) => finding.probe === "pytest");
	return {
		failing: new Set(tests.map(({ testId }) => testId)),
		hints: new Set(tests.flatMap(({ hint }) => hint ?? [])),
	};
}

function badnessOf(report: WorkspaceReport): number {
	const { pytest } = report;
	if (pytest.status === "not-run" && pytest.reason !== "no-tests") return Number.POSITIVE_INFINITY;
	const weights = findingsOf(report).map((finding) => {
		if (finding.probe === "ruff") return WEIGHTS.lint;
		return finding.testId.includes("::") ? WEIGHTS.test : WEIGHTS.uncollected;
	});
	return weights.reduce<number>((sum, weight) => sum + weight, 0);
}

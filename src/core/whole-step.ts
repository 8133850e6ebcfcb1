/** When the whole suite runs, and where the run waits for it: only it may say green, and only a green run is done. */
import { beginFullRun } from "./full-run.ts";
import { isDoneByGreen } from "./policy/task-wish.ts";
import { probeWhole } from "./probe-step.ts";
import type { WorkspaceReport } from "./probes/report.ts";
import type { Probed, RoundRecord } from "./round-record.ts";
import type { RoundContext, RunState } from "./run-state.ts";

/** An answer so near is worth more to the model than a question asked so much earlier. */
const NEAR_MS = 250;
/** A whole suite that takes no longer than this is a trifle beside any model call. */
const QUICK_MS = 1_000;

/**
 * After the affected part: waits for the whole where there is nothing to ask the model before it is known, or where it is quick;
 * otherwise lets it run beside the model, if it may.
 * @param probed what the affected part said
 * @returns what the round goes on with
 */
export async function wholeStep(context: RoundContext, probed: Probed, signal: AbortSignal): Promise<Probed> {
	const { state } = context;
	const { report, files } = probed;
	const running = state.fullRun;
	state.fullRun = null;
	if (!isPending(report)) {
		noteDuration(state, report);
		return probed;
	}
	const passes = report.pytest.status === "clean" && report.ruff.status !== "findings";
	const isQuick = state.fullRunMs !== null && state.fullRunMs <= QUICK_MS;
	const mayRunBeside = runsBeside(context);
	// The next probe ends one that is out of date, so that one which still runs is of this content.
	const own = running?.isOver() === false ? running : null;
	if (passes && (isNothingLeftToAsk(context) || (isQuick && !mayRunBeside))) {
		const whole = (await own?.ended) ?? null;
		return hasVerdict(whole) ? whole : judgeWhole(context, probed, signal);
	}
	const saidNothing = running?.isOver() === true && files.length === 0;
	if (!mayRunBeside || saidNothing) return probed;
	const fullRun = own ?? beginFullRun(context, probed, signal);
	state.fullRun = fullRun;
	const whole = await orAfter(NEAR_MS, fullRun.ended);
	return hasVerdict(whole) ? whole : probed;
}

/** What the run knows of a round once the model has answered: the whole, where its run has ended meanwhile. */
export function withFullRun(state: RunState, record: RoundRecord): RoundRecord {
	const said = state.fullRun?.said() ?? null;
	if (!hasVerdict(said)) return record;
	noteDuration(state, said.report);
	return { ...record, report: said.report, verdict: said.verdict };
}

/** Where the model has answered in words, so that the run may end with it: nothing is the last word but the whole. */
export async function lastWord(context: RoundContext, record: RoundRecord, signal: AbortSignal): Promise<RoundRecord> {
	const { state } = context;
	const { report, verdict } = record;
	if (record.answer === null || !isPending(report) || verdict.state === "failing") return record;
	const whole = (await state.fullRun?.ended) ?? null;
	signal.throwIfAborted();
	if (hasVerdict(whole)) return withFullRun(state, record);
	const probed = { report, verdict, files: [], filesMs: 0, wallMs: 0 };
	const judged = await judgeWhole(context, probed, signal);
	return { ...record, report: judged.report, verdict: judged.verdict };
}

async function judgeWhole(context: RoundContext, probed: Probed, signal: AbortSignal): Promise<Probed> {
	const whole = await probeWhole(context, probed, { background: false }, signal);
	noteDuration(context.state, whole.report);
	return whole;
}

/** Whether a probe ran, and not over all: linting what changed alone keeps green back as a part of the tests does. */
function isPending({ pytest, ruff }: WorkspaceReport): boolean {
	const tested = pytest.status !== "not-run";
	return [pytest, ruff].some(({ scope, status }) => scope === "affected" && status !== "not-run") && tested;
}

/** One that was starved beside the model is asked again where its word is needed. */
function hasVerdict(whole: Probed | null): whole is Probed {
	return whole !== null && whole.report.pytest.status !== "not-run";
}

/** All that a repair task asks for may be done, or no call is left. */
function isNothingLeftToAsk({ options, state }: RoundContext): boolean {
	return isDoneByGreen(options.task, state.records[0]) || state.records.length >= options.maxRounds;
}

function runsBeside({ options: { besideModel = "auto" }, state }: RoundContext): boolean {
	return besideModel === "auto" ? !state.asking.model.sharesProcessor : besideModel === "always";
}

function noteDuration(state: RunState, { pytest }: WorkspaceReport): void {
	if (pytest.scope === "full" && pytest.cache === "miss" && pytest.status !== "not-run") {
		state.fullRunMs = pytest.durationMs;
	}
}

async function orAfter<T>(ms: number, promise: Promise<T>): Promise<T | null> {
	const late = AbortSignal.timeout(ms);
	const after = new Promise<null>((resolve) => {
		late.addEventListener("abort", () => resolve(null), { once: true });
	});
	return Promise.race([promise, after]);
}

/** reduce(state, event): everything the sidebar, the CLI's summary, the benchmark and the tests say about a run's time. */
import { escalationWords, lintFixedWords } from "./event-words.ts";
import type { Phases, RunEvent, Verdict } from "./events.ts";
import { NO_USAGE } from "./model/conversation.ts";
import type { Finding } from "./probes/finding.ts";
import { closeRound, isOpen } from "./timeline-close.ts";
import { withFailing, withFinished, withStarted } from "./timeline-probes.ts";
import type { ModelEntry, Notice, RoundEntry, Timeline, ToolEntry } from "./timeline-types.ts";

export type { ModelEntry, Notice, ProbeEntry, RoundEntry, Timeline, ToolEntry } from "./timeline-types.ts";

export const LIVE_TEXT_CHARS = 2_000;
export const MAX_ROUNDS = 200;
const MAX_NOTICES = 100;
/** Of one probe; its entry keeps the true count. */
const MAX_FINDINGS = 5_000;
const MAX_MESSAGE_CHARS = 2_000;
const NO_TIME: Phases = { model: 0, probe: 0, context: 0, tools: 0 };

export const EMPTY_TIMELINE: Timeline = {
	runId: "",
	task: "",
	mode: "edit",
	model: "",
	protocol: "",
	workspace: "",
	maxRounds: 0,
	contextLength: 0,
	state: "idle",
	modelState: null,
	liveText: "",
	rounds: [],
	findings: [],
	outside: [],
	verdict: null,
	baseline: null,
	totals: NO_TIME,
	filesChanged: [],
	outcome: null,
	durationMs: 0,
	notices: [],
	undone: [],
};

/** What the run left changed, and nobody had put back since. */
export function stillChanged({ filesChanged, undone }: Pick<Timeline, "filesChanged" | "undone">): readonly string[] {
	return filesChanged.filter((path) => !undone.includes(path));
}

type EventOf<T extends RunEvent["type"]> = Extract<RunEvent, { readonly type: T }>;

/**
 * The timeline after one more event. Pure; costs the same at the first round and at the last. Round 0 is a probe
 * outside a run: it renews findings and verdict only. An event of a round that is not known (any more) changes nothing.
 */
export function reduce(state: Timeline, event: RunEvent): Timeline {
	if (event.type === "run-started") return startRun(state, event);
	if (event.type === "run-finished") return finishRun(state, event);
	const outside = "round" in event && event.round === 0;
	const timed = outside ? state : { ...state, durationMs: event.at };
	switch (event.type) {
		case "undone":
			return { ...state, undone: [...new Set([...state.undone, ...event.files])] };
		case "round-started":
			return outside
				? state
				: { ...timed, state: "probing", rounds: [...state.rounds, newRound(event)].slice(-MAX_ROUNDS) };
		case "probe-started": {
			// Each probe outside a run numbers its events anew.
			const isFirst = event.seq === 0;
			if (outside) return { ...state, outside: withStarted(isFirst ? [] : state.outside, event) };
			const probing = inRound(timed, event.round, (round) => ({ ...round, probes: withStarted(round.probes, event) }));
			// One beside the model does not take its place.
			return event.background === true ? probing : { ...probing, state: "probing" };
		}
		case "probe-failing":
			return outside
				? { ...state, outside: withFailing(state.outside, event) }
				: inRound(timed, event.round, (round) => ({ ...round, probes: withFailing(round.probes, event) }));
		case "probe-finished": {
			const findings = findingsAfter(state, event);
			if (outside) return { ...state, outside: withFinished(state.outside, event), findings };
			return {
				...inRound(timed, event.round, (round) => ({ ...round, probes: withFinished(round.probes, event) })),
				findings,
			};
		}
		case "verdict": {
			const { state: judged, detail, failing, findings, delta } = event;
			const verdict: Verdict = { state: judged, detail, failing, findings, delta };
			const told = inRound(timed, event.round, (round) => ({ ...round, verdict, filesMs: event.filesMs }));
			return { ...told, verdict, baseline: outside ? state.baseline : (state.baseline ?? verdict) };
		}
		case "model-started": {
			const asking: Timeline = { ...timed, state: "asking", modelState: "connecting", liveText: "" };
			return inRound(asking, event.round, (round) => ({
				...round,
				model: { ...UNFINISHED_CALL, startedAt: event.at },
			}));
		}
		case "model-state":
			return { ...timed, modelState: event.state };
		case "model-delta":
			return { ...timed, modelState: "writing", liveText: tailOf(state.liveText, event.text) };
		case "model-finished": {
			const { type, round: _round, seq: _seq, at, ...call } = event;
			const told: Timeline = { ...timed, modelState: null, liveText: "" };
			return inRound(told, event.round, (round) => {
				const startedAt = round.model?.startedAt ?? at - call.durationMs;
				return { ...round, model: { ...call, startedAt, finished: true } };
			});
		}
		case "tool-started": {
			const { callId, name, target, at: startedAt } = event;
			const applying: Timeline = { ...timed, state: "applying" };
			const tool: ToolEntry = { callId, name, target, startedAt, result: null };
			return inRound(applying, event.round, (round) => ({ ...round, tools: [...round.tools, tool] }));
		}
		case "tool-finished":
			return inRound(timed, event.round, (round) => finishTool(round, event));
		case "notice": {
			const { level, message, round: number } = event;
			if (number === undefined) return { ...timed, notices: noticesWith(state.notices, level, message) };
			return noticeInRound(timed, number, level, message);
		}
		case "lint-fixed":
			return noticeInRound(timed, event.round, event.takenBack ? "warning" : "info", lintFixedWords(event));
		case "escalated": {
			const asked: Timeline = { ...timed, model: event.model, protocol: event.protocol };
			return noticeInRound(asked, event.round, "warning", escalationWords(event));
		}
		case "round-finished": {
			const { phases, durationMs, waitedMs } = event;
			const waited = waitedMs === undefined ? {} : { waitedMs };
			const told = inRound(timed, event.round, (round) => ({ ...round, phases, durationMs, ...waited }));
			return told === timed ? timed : { ...told, totals: plus(state.totals, phases) };
		}
	}
}

const UNFINISHED_CALL: Omit<ModelEntry, "startedAt"> = {
	finished: false,
	ok: false,
	durationMs: 0,
	...NO_USAGE,
	tokensPerSecond: 0,
	toolCalls: [],
};

/** A run that goes on keeps the rounds that are known of it. */
function startRun(state: Timeline, event: EventOf<"run-started">): Timeline {
	const { runId, task, mode = "edit", model, protocol, workspace, maxRounds, contextLength, at } = event;
	const goesOn = event.roundsBefore !== undefined && runId === state.runId;
	const known = goesOn ? { rounds: state.rounds, baseline: state.baseline, totals: state.totals } : {};
	return {
		...EMPTY_TIMELINE,
		...known,
		...{ runId, task, mode, model, protocol, workspace, maxRounds, contextLength },
		state: "probing",
		durationMs: at,
	};
}

/** Whatever a cancel or a failure left open ends with the run. */
function finishRun(state: Timeline, { outcome, filesChanged, durationMs, at }: EventOf<"run-finished">): Timeline {
	const rounds = state.rounds.map((round) => (isOpen(round) ? closeRound(round, outcome, at) : round));
	const totals = rounds
		.filter((_, index) => state.rounds[index]?.phases === null)
		.reduce((sum, { phases }) => plus(sum, phases ?? NO_TIME), state.totals);
	return {
		...state,
		state: "finished",
		modelState: null,
		liveText: "",
		rounds,
		totals,
		outcome,
		filesChanged,
		durationMs,
	};
}

function newRound({ round, at: startedAt }: EventOf<"round-started">): RoundEntry {
	const nothing = { durationMs: null, phases: null, probes: [], verdict: null, model: null, tools: [], notices: [] };
	return { round, startedAt, filesMs: 0, ...nothing };
}

/** The timeline itself where there is no such round. */
function inRound(state: Timeline, number: number, change: (round: RoundEntry) => RoundEntry): Timeline {
	const index = state.rounds.findLastIndex(({ round }) => round === number);
	const round = state.rounds[index];
	return round === undefined ? state : { ...state, rounds: state.rounds.with(index, change(round)) };
}

function noticeInRound(state: Timeline, number: number, level: Notice["level"], message: string): Timeline {
	return inRound(state, number, (round) => ({ ...round, notices: noticesWith(round.notices, level, message) }));
}

function noticesWith(notices: readonly Notice[], level: Notice["level"], message: string): readonly Notice[] {
	return [...notices, { level, message }].slice(-MAX_NOTICES);
}

/** Failing tests first. A cancelled probe said nothing, so what was known before it stands. */
function findingsAfter({ findings }: Timeline, event: EventOf<"probe-finished">): readonly Finding[] {
	if (event.status === "not-run" && event.reason === "cancelled") return findings;
	const fresh = event.status === "not-run" ? [] : event.findings.slice(0, MAX_FINDINGS);
	const others = findings.filter(({ probe }) => probe !== event.probe);
	return event.probe === "pytest" ? [...fresh, ...others] : [...others, ...fresh];
}

function finishTool(round: RoundEntry, event: EventOf<"tool-finished">): RoundEntry {
	const { callId, name, ok, code, durationMs, waitedMs, files } = event;
	const index = round.tools.findLastIndex((tool) => tool.callId === callId);
	const result = { ok, code, message: event.message.slice(0, MAX_MESSAGE_CHARS), durationMs, files };
	const started = round.tools[index] ?? { callId, name, target: "", startedAt: event.at - durationMs };
	const tool: ToolEntry = { ...started, result: waitedMs === undefined ? result : { ...result, waitedMs } };
	return { ...round, tools: index < 0 ? [...round.tools, tool] : round.tools.with(index, tool) };
}

function tailOf(before: string, text: string): string {
	const tail = (before + text.slice(-LIVE_TEXT_CHARS)).slice(-LIVE_TEXT_CHARS);
	// A cut through a surrogate pair would leave half a character.
	return /^[\udc00-\udfff]/.test(tail) ? tail.slice(1) : tail;
}

function plus(a: Phases, b: Phases): Phases {
	return {
		model: a.model + b.model,
		probe: a.probe + b.probe,
		context: a.context + b.context,
		tools: a.tools + b.tools,
	};
}

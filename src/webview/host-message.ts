/** Reads what arrives at the window: what is not one of the host's messages, whole, is dropped. */
import type { HostMessage } from "../protocol.ts";

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;

const text: Check = (value) => typeof value === "string";
const number: Check = (value) => typeof value === "number" && Number.isFinite(value);
const flag: Check = (value) => typeof value === "boolean";
const orNull =
	(check: Check): Check =>
	(value) =>
		value === null || check(value);
const optional =
	(check: Check): Check =>
	(value) =>
		value === undefined || check(value);
const listOf =
	(check: Check): Check =>
	(value) =>
		Array.isArray(value) && value.every(check);
const oneOf =
	(...known: readonly string[]): Check =>
	(value) =>
		typeof value === "string" && known.includes(value);
const shaped = (shape: Shape): Check => {
	const checks = Object.entries(shape);
	return (value) => {
		if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
		// Of a prototype nothing counts.
		return checks.every(([name, check]) => check(Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined));
	};
};
const both =
	(...checks: readonly Check[]): Check =>
	(value) =>
		checks.every((check) => check(value));
const either =
	(...checks: readonly Check[]): Check =>
	(value) =>
		checks.some((check) => check(value));

/** An object that is no list: which fields it has is not asked. */
const record: Check = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const textsByName: Check = (value) => typeof value === "object" && value !== null && Object.values(value).every(text);
const texts = listOf(text);
const phases = shaped({ model: number, probe: number, context: number, tools: number });
const outcome = shaped({
	kind: oneOf("green", "stopped", "failed", "cancelled"),
	reason: text,
	fix: optional(text),
	plan: optional(text),
});
const verdict = shaped({
	state: oneOf("green", "affected-green", "failing", "not-run"),
	detail: text,
	failing: texts,
	findings: number,
	delta: shaped({ fixed: number, added: number, still: number }),
});
const counts = shaped({ passed: number, failed: number, skipped: number, errors: number });
const finding = both(
	shaped({ file: text, line: number, column: number, code: text, message: text, severity: oneOf("error", "warning") }),
	either(shaped({ probe: oneOf("ruff") }), shaped({ probe: oneOf("pytest"), testId: text })),
);
const probe = { probe: oneOf("ruff", "pytest"), scope: oneOf("affected", "full") };
const probed = { ...probe, durationMs: number, cache: oneOf("hit", "miss"), why: text };
const notRun = { ...probed, status: oneOf("not-run"), reason: text, message: text, fix: text };
const judged = { ...probed, status: oneOf("clean", "findings") };
const call = {
	ok: flag,
	durationMs: number,
	loadMs: number,
	prefillMs: number,
	decodeMs: number,
	promptTokens: number,
	cachedTokens: orNull(number),
	outputTokens: number,
	tokensPerSecond: number,
	toolCalls: listOf(shaped({ name: text, arguments: record })),
};
const toolResult = {
	ok: flag,
	code: text,
	message: text,
	durationMs: number,
	waitedMs: optional(number),
	files: texts,
};
const modelState = oneOf("connecting", "loading", "reading", "writing");
const run = {
	runId: text,
	task: text,
	mode: optional(oneOf("edit", "plan")),
	model: text,
	protocol: text,
	workspace: text,
	maxRounds: number,
	contextLength: number,
};
const inRound = { round: number };

const step = oneOf("fresh-context", "other-protocol", "larger-model", "thinking");
const EVENTS: ReadonlyMap<unknown, Check> = new Map<unknown, Check>([
	["run-started", shaped(run)],
	["round-started", shaped(inRound)],
	["probe-started", shaped({ ...inRound, ...probe })],
	["probe-failing", shaped({ ...inRound, finding })],
	[
		"probe-finished",
		both(
			shaped(inRound),
			either(shaped(notRun), shaped({ ...judged, findings: listOf(finding), counts: optional(counts) })),
		),
	],
	["verdict", both(shaped({ ...inRound, filesMs: number }), verdict)],
	["model-started", shaped(inRound)],
	["model-state", shaped({ ...inRound, state: modelState })],
	["model-delta", shaped({ ...inRound, text })],
	["model-finished", shaped({ ...inRound, ...call })],
	["tool-started", shaped({ ...inRound, name: text, callId: text, target: text })],
	["tool-finished", shaped({ ...inRound, name: text, callId: text, ...toolResult })],
	[
		"lint-fixed",
		shaped({
			...inRound,
			files: texts,
			findingsBefore: number,
			findingsAfter: number,
			takenBack: flag,
			reason: text,
		}),
	],
	["escalated", shaped({ ...inRound, step, reason: text, model: text, protocol: text })],
	["undone", shaped({ files: texts })],
	["notice", shaped({ level: oneOf("info", "warning"), message: text, round: optional(number) })],
	["round-finished", shaped({ ...inRound, durationMs: number, waitedMs: optional(number), phases })],
	["run-finished", shaped({ outcome, filesChanged: texts, durationMs: number })],
]);

const event: Check = (value) =>
	shaped({ type: text, at: number })(value) && EVENTS.get(typeOf(value))?.(value) === true;

const notice = shaped({ level: oneOf("info", "warning"), message: text });
const probes = listOf(
	either(
		shaped({ ...probe, startedAt: number, status: oneOf("running"), failing: optional(text) }),
		shaped({ ...notRun, startedAt: number }),
		shaped({ ...judged, startedAt: number, findingCount: number, counts: orNull(counts) }),
	),
);
const round = shaped({
	...inRound,
	startedAt: number,
	durationMs: orNull(number),
	waitedMs: optional(number),
	phases: orNull(phases),
	probes,
	filesMs: number,
	verdict: orNull(verdict),
	model: orNull(shaped({ ...call, startedAt: number, finished: flag })),
	tools: listOf(
		shaped({ callId: text, name: text, target: text, startedAt: number, result: orNull(shaped(toolResult)) }),
	),
	notices: listOf(notice),
});
const timeline = shaped({
	...run,
	state: oneOf("idle", "probing", "asking", "applying", "finished"),
	modelState: orNull(modelState),
	liveText: text,
	rounds: listOf(round),
	findings: listOf(finding),
	outside: probes,
	verdict: orNull(verdict),
	baseline: orNull(verdict),
	totals: phases,
	filesChanged: texts,
	undone: texts,
	outcome: orNull(outcome),
	durationMs: number,
	notices: listOf(notice),
});
const empty = either(
	shaped({ kind: oneOf("no-folder", "virtual", "untrusted", "no-python-files", "no-tests", "ready") }),
	shaped({ kind: oneOf("no-runs"), inSample: flag }),
	shaped({ kind: oneOf("no-server"), server: text, fix: text }),
	shaped({ kind: oneOf("no-model", "no-pytest"), fix: text }),
);
const status = { empty, running: flag, model: orNull(text), folder: orNull(text), reviewableRun: text };
const history = listOf(
	shaped({
		...{ runId: text, task: text, model: text, startedAt: text, rounds: number, durationMs: number },
		...{ outcome: oneOf("green", "stopped", "failed", "cancelled"), totals: phases, filesChanged: number },
		planned: optional(flag),
	}),
);
const snapshot = shaped({
	...status,
	...{ language: text, words: textsByName, task: text, timeline: orNull(timeline), past: orNull(text), history },
});

const MESSAGES: ReadonlyMap<unknown, Check> = new Map<unknown, Check>([
	["snapshot", shaped({ snapshot })],
	["event", shaped({ event })],
	["status", shaped(status)],
	["history", shaped({ history })],
	["draft", shaped({ task: text })],
	["completions", shaped({ text, items: listOf(shaped({ label: text, detail: text })) })],
]);

/** Whether `value` is a message of the host that the view can show without a further look. */
export function isHostMessage(value: unknown): value is HostMessage {
	return MESSAGES.get(typeOf(value))?.(value) === true;
}

function typeOf(value: unknown): unknown {
	return typeof value === "object" && value !== null && "type" in value ? value.type : undefined;
}

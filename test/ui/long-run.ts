/** A run of many rounds with many problems, as its events: made in the page, as texts of megabytes take long to get there. */
import type { RunEvent, RunEventBody } from "../../src/core/events.ts";
import type { LintFinding } from "../../src/core/probes/finding.ts";

const ROUND_MS = 10;
const FILES = 40;
const DELTAS = 20;
const TOOL_CALLS = 4;
const FULL_PROBE = { scope: "full", wave: null } as const;
const PROBED = { ...FULL_PROBE, form: null, durationMs: 2, cache: "miss", why: "1 file changed" } as const;

/** One whole round, all that a model's run tells of: ruff finds the same as in the round before, but for one that was fixed. */
export function roundEvents(round: number, findings: number): readonly RunEvent[] {
	const call = (number: number) => ({ round, callId: `r${round}-${number}`, name: "replace" });
	const found = lintFindings(findings).slice(round % 2);
	const toolCalls = Array.from({ length: TOOL_CALLS }, () => ({ name: "replace", arguments: EDIT }));
	const bodies: readonly RunEventBody[] = [
		{ type: "round-started", round },
		{ type: "probe-started", round, probe: "ruff", ...FULL_PROBE },
		{ type: "probe-started", round, probe: "pytest", ...FULL_PROBE },
		{ type: "probe-finished", round, probe: "ruff", status: "findings", findings: found, ...PROBED },
		{ type: "probe-finished", round, probe: "pytest", status: "clean", findings: [], counts: COUNTS, ...PROBED },
		{ type: "verdict", round, filesMs: 1, durationMs: 3, files: ["pkg/mod_1.py"], ...verdictOf(found) },
		{ type: "model-started", round, promptTokensEstimate: 900 },
		{ type: "model-state", round, state: "reading" },
		...Array.from(
			{ length: DELTAS },
			(): RunEventBody => ({ type: "model-delta", round, text: "a few words of the answer, ", thinking: false }),
		),
		{ type: "model-finished", round, ...CALL, toolCalls },
		...Array.from({ length: TOOL_CALLS }, (_, number): readonly RunEventBody[] => [
			{ type: "tool-started", ...call(number), target: "pkg/mod_1.py" },
			{ type: "tool-finished", ...call(number), ...TOOL_RESULT },
		]).flat(),
		{ type: "round-finished", round, durationMs: ROUND_MS, phases: { model: 3, probe: 3, context: 1, tools: 2 } },
	];
	return timed(round, bodies);
}

/** The probe of a round and no more: what a long list of rounds is made of. */
export function probedRound(round: number, findings: number): readonly RunEvent[] {
	const phases = { model: 0, probe: 5, context: 0, tools: 1 };
	return timed(round, [
		{ type: "round-started", round },
		{ type: "probe-started", round, probe: "ruff", ...FULL_PROBE },
		{ type: "probe-finished", round, probe: "ruff", status: "findings", findings: lintFindings(findings), ...PROBED },
		{ type: "round-finished", round, durationMs: 8, phases },
	]);
}

/** Tool calls of a round that goes on, from one number up to before another. */
export function toolCalls(round: number, from: number, to: number): readonly RunEvent[] {
	return Array.from({ length: to - from }, (_, index): RunEvent => {
		const call = from + index;
		const at = round * ROUND_MS + call;
		return { type: "tool-started", round, name: "read_file", callId: `c${call}`, target: "a.py", seq: at, at };
	});
}

const EDIT = { path: "pkg/mod_1.py", old_text: "value = 1\n", new_text: "value = 2\n" };
const COUNTS = { passed: 40, failed: 0, skipped: 0, errors: 0 };
const TOOL_RESULT = { ok: true, code: "ok", message: "", durationMs: 1, files: ["pkg/mod_1.py"] } as const;
const CALL = {
	...{ ok: true, durationMs: 3, loadMs: 0, prefillMs: 1, decodeMs: 2 },
	...{ promptTokens: 900, cachedTokens: 800, outputTokens: 60, tokensPerSecond: 40 },
} as const;

function lintFindings(count: number): readonly LintFinding[] {
	return Array.from({ length: count }, (_, number) => ({
		...{ probe: "ruff", file: `pkg/mod_${number % FILES}.py`, line: number + 1, column: 1 },
		...{ endLine: number + 1, endColumn: 5, code: "F401", message: `name_${number} imported but unused` },
		...{ severity: "warning", url: null, fixable: true },
	}));
}

function verdictOf(found: readonly LintFinding[]) {
	const delta = { fixed: 1, added: 0, still: found.length };
	return {
		state: "failing",
		detail: `${found.length} lint problems`,
		failing: [],
		findings: found.length,
		delta,
	} as const;
}

/** Spread over the round's time. */
function timed(round: number, bodies: readonly RunEventBody[]): readonly RunEvent[] {
	return bodies.map((body, index) => {
		const at = (round + index / bodies.length) * ROUND_MS;
		return { ...body, seq: Math.round(at), at };
	});
}

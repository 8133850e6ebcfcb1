/** When a run is stuck, told from the evidence of its rounds, and which steps lead out, in their order. Nothing counts rounds. */
import type { EscalationStep } from "../events.ts";
import { findingKey } from "../probes/finding.ts";
import { findingsOf, type WorkspaceReport } from "../probes/report.ts";
import type { AppliedCall, RoundRecord } from "../run-state.ts";
import type { ToolProtocol } from "./conversation.ts";

export type EscalationTrigger =
	| "no-progress"
	| "syntax-errors"
	| "repeated-calls"
	| "invalid-calls"
	| "cut-answers"
	| "rising-failures"
	| "circles";

export interface Evidence {
	readonly trigger: EscalationTrigger;
	/** In words, for people. */
	readonly reason: string;
}

/** In the order in which they are tried. */
export const ESCALATION_STEPS: readonly EscalationStep[] = [
	"fresh-context",
	"other-protocol",
	"larger-model",
	"thinking",
];

/** From the one in use to the one to try: what a server holds to a schema is the surest, then what is read most leniently. */
const OTHER_PROTOCOL: Readonly<Record<ToolProtocol, ToolProtocol>> = {
	native: "schema",
	schema: "text",
	text: "schema",
};

const SYNTAX_ERRORS = 2;
const SAME_CALLS = 3;
const INVALID_ANSWERS = 2;
const CUT_ANSWERS = 2;
const INVALID_CODES: readonly string[] = ["unknown-tool", "bad-arguments"];

interface Judged {
	/** Finished rounds since the newest step, oldest first. */
	readonly records: readonly RoundRecord[];
	/** The newest probe. */
	readonly present: Pick<RoundRecord, "report" | "verdict">;
	readonly noProgressRounds: number;
}

/** The first evidence that the run is stuck, or null. */
export function evidenceOf(judged: Judged): Evidence | null {
	for (const judge of [noProgress, syntaxErrors, repeatedCalls, invalidCalls, cutAnswers, risingFailures, circles]) {
		const evidence = judge(judged);
		if (evidence !== null) return evidence;
	}
	return null;
}

export function otherProtocol(now: ToolProtocol): ToolProtocol {
	return OTHER_PROTOCOL[now];
}

/** The same failures with the same messages after so many attempts to change something. */
export function noProgress({ records, present, noProgressRounds }: Judged): Evidence | null {
	if (present.verdict.state !== "failing") return null;
	const signature = failureSignature(present.report);
	let attempts = 0;
	for (const record of records.toReversed()) {
		if (failureSignature(record.report) !== signature) break;
		if (record.calls.some((call) => call.triedToChange)) attempts += 1;
	}
	return attempts >= noProgressRounds
		? evidence("no-progress", `the same failures, with the same messages, after ${attempts} attempts`)
		: null;
}

function syntaxErrors({ records }: Judged): Evidence | null {
	const edits = callsOf(records).filter((call) => call.triedToChange);
	return edits.length >= SYNTAX_ERRORS && edits.slice(-SYNTAX_ERRORS).every(({ code }) => code === "syntax-error")
		? evidence("syntax-errors", `${SYNTAX_ERRORS} edits in a row that do not parse`)
		: null;
}

function repeatedCalls({ records }: Judged): Evidence | null {
	const calls = callsOf(records);
	const counts = new Map<string, number>();
	for (const { signature } of calls) counts.set(signature, (counts.get(signature) ?? 0) + 1);
	const repeated = calls.find(({ signature }) => (counts.get(signature) ?? 0) >= SAME_CALLS);
	if (repeated !== undefined) {
		return evidence("repeated-calls", `the same ${repeated.name} call with the same result ${SAME_CALLS} times`);
	}
	const [a, b, c, d] = calls.slice(-4).map(({ signature }) => signature);
	return d !== undefined && a === c && b === d && a !== b
		? evidence("repeated-calls", "two calls in turn, again and again, with the same results")
		: null;
}

function invalidCalls({ records }: Judged): Evidence | null {
	const last = records.slice(-INVALID_ANSWERS);
	return last.length === INVALID_ANSWERS && last.every(isInvalid)
		? evidence("invalid-calls", `${INVALID_ANSWERS} answers in a row without a valid call`)
		: null;
}

function isInvalid({ calls, malformed }: RoundRecord): boolean {
	// Empty answers are nudged, cut ones have evidence of their own.
	if (malformed !== null) return !["empty", "cut", "repetition"].includes(malformed.cause);
	return calls.length > 0 && calls.every(({ code }) => INVALID_CODES.includes(code));
}

function cutAnswers({ records }: Judged): Evidence | null {
	const cut = records.filter(({ malformed }) => malformed?.cause === "cut" || malformed?.cause === "repetition");
	return cut.length >= CUT_ANSWERS
		? evidence("cut-answers", `${cut.length} answers that ran on until they were cut`)
		: null;
}

function risingFailures({ records, present }: Judged): Evidence | null {
	const [before, between] = records.slice(-2).map(({ verdict }) => verdict.findings);
	const now = present.verdict.findings;
	return before !== undefined && between !== undefined && before < between && between < now
		? evidence("rising-failures", `failures rose twice: ${before}, ${between}, ${now}`)
		: null;
}

/** Two sets of failures in turn, twice: the model undoes its own change. */
function circles({ records, present }: Judged): Evidence | null {
	const signatures = [...records, present].map(({ report }) => failureSignature(report));
	const [a, b, c, d] = signatures.filter((signature, at) => signature !== signatures[at - 1]).slice(-4);
	return present.verdict.state === "failing" && d !== undefined && a === c && b === d
		? evidence("circles", "the same two sets of failures in turn")
		: null;
}

/** The findings with their messages: equal where nothing moved. */
function failureSignature(report: WorkspaceReport): string {
	return findingsOf(report)
		.map((finding) => `${findingKey(finding)}|${finding.message}`)
		.sort()
		.join("\n");
}

function callsOf(records: readonly RoundRecord[]): readonly AppliedCall[] {
	return records.flatMap(({ calls }) => calls);
}

function evidence(trigger: EscalationTrigger, reason: string): Evidence {
	return { trigger, reason };
}

/** When a run ends: small named conditions, asked in order. Each answers with an outcome in words, or null to go on. */
import type { Outcome } from "./events.ts";
import { isDoneByGreen, isRepairTask } from "./policy/task-wish.ts";
import type { NotRunReason, WorkspaceReport } from "./probes/report.ts";
import { asksForNothingNew, triedWords } from "./round-record.ts";
import type { RoundRecord, RunOptions } from "./run-state.ts";
import { STUCK_AFTER } from "./tools/call-history.ts";

/** What the conditions may look at. */
export interface StopView {
	readonly options: RunOptions;
	/** Finished rounds and, last, the present one; never empty. */
	readonly records: readonly [RoundRecord, ...RoundRecord[]];
	readonly changedSomething: boolean;
	/** Files that the task wants and that are not there. */
	readonly missing: readonly string[];
	/** What the run took away from the checks themselves, in words. */
	readonly weakened: readonly string[];
}

type StopCondition = (view: StopView) => Outcome | null;

const MAX_ANSWER_CHARS = 600;
const EMPTY_NUDGES = 2;
const UNKNOWN_TOOL_LIMIT = 3;
const UNREAD_RETRIES = 2;
const ANOTHER_MODEL = "Choose another model with Select Model; small models differ much in this.";
/** A model that talks is reminded of its tools once; its second answer in a row stands. */
const ANSWER_LIMIT = 2;
const CANNOT_JUDGE: readonly NotRunReason[] = ["tool-missing", "no-python", "bad-config"];

const testsCannotRun: StopCondition = ({ records }) => {
	const { pytest } = latest(records).report;
	return pytest.status === "not-run" && CANNOT_JUDGE.includes(pytest.reason)
		? { kind: "failed", reason: `pytest could not run: ${pytest.message}`, fix: pytest.fix }
		: null;
};

const testsVanished: StopCondition = ({ records, weakened }) => {
	const before = testsRun(records[0].report);
	const now = testsRun(latest(records).report);
	return latest(records).verdict.state === "green" && now < before
		? {
				kind: "stopped",
				reason: `What is left passes, but only ${now} of the ${before} tests from the start ran${skipWords(records)}.${judgesWords(weakened)}`,
				fix: "Look at the changed test files; Undo Last Run brings the others back.",
			}
		: null;
};

const green: StopCondition = ({ records, options, changedSomething, weakened }) => {
	const { verdict } = latest(records);
	if (verdict.state !== "green" || !isDoneByGreen(options.task, records[0])) return null;
	return {
		kind: "green",
		reason: changedSomething
			? `All green: ${verdict.detail}.${judgesWords(weakened)}`
			: `Nothing to do: the workspace is green already (${verdict.detail}).`,
	};
};

const lintCannotRun: StopCondition = ({ records, options }) => {
	const { ruff, pytest } = latest(records).report;
	return ruff.status === "not-run" &&
		CANNOT_JUDGE.includes(ruff.reason) &&
		pytest.status === "clean" &&
		isRepairTask(options.task)
		? { kind: "stopped", reason: `All tests pass, but lint could not run: ${ruff.message}`, fix: ruff.fix }
		: null;
};

const lintCleanWithoutTests: StopCondition = ({ records, options, changedSomething }) => {
	const { ruff, pytest } = latest(records).report;
	const nothingToTest = pytest.status === "not-run" && pytest.reason === "no-tests";
	return nothingToTest &&
		ruff.status === "clean" &&
		isRepairTask(options.task) &&
		(changedSomething || records.length === 1)
		? {
				kind: "stopped",
				reason: "Lint is clean and there are no tests, so nothing shows that the code works.",
				fix: "Add tests, or ask for them in the task.",
			}
		: null;
};

const roundLimit: StopCondition = ({ records, options }) =>
	records.length > options.maxRounds
		? {
				kind: "stopped",
				reason: `The limit of ${options.maxRounds} rounds is reached: ${latest(records).verdict.detail}.${triedWords(records)}`,
				fix: "Run the task again to go on from here, or raise the limit (jetbox.maxRounds, --max-rounds).",
			}
		: null;

/** A model that knows no end sends again what it wrote: where all is green and nothing is missing, that is its last word. */
const nothingNew: StopCondition = ({ records, changedSomething, weakened, missing }) => {
	const present = latest(records);
	const { verdict } = present;
	return verdict.state === "green" && changedSomething && missing.length === 0 && asksForNothingNew(present)
		? { kind: "green", reason: `All green: ${verdict.detail}.${judgesWords(weakened)} The model has nothing to add.` }
		: null;
};

const answered: StopCondition = ({ records, changedSomething, weakened, missing }) => {
	const { answer, verdict } = latest(records);
	if (answer === null) return null;
	if (verdict.state === "green" && changedSomething && missing.length === 0) {
		return {
			kind: "green",
			reason: `All green: ${verdict.detail}.${judgesWords(weakened)} The model says: ${saidIn(answer)}`,
		};
	}
	const inARow = trailing(records, (record) => record.answer !== null);
	const mayBeDone = changedSomething && verdict.state !== "failing" && missing.length === 0;
	if (inARow < ANSWER_LIMIT && !mayBeDone) return null;
	return {
		kind: "stopped",
		reason: changedSomething
			? `The model ended without ${missing.length > 0 ? missing.join(", ") : "green"} (${verdict.detail}). It says: ${saidIn(answer)}`
			: `The model changed nothing (${verdict.detail}). It says: ${saidIn(answer)}`,
	};
};

const silent: StopCondition = ({ records }) => {
	const inARow = trailing(records, ({ malformed }) => malformed?.cause === "empty");
	return inARow > EMPTY_NUDGES
		? { kind: "stopped", reason: `The model returned nothing, ${inARow} times in a row.`, fix: ANOTHER_MODEL }
		: null;
};

const unknownTools: StopCondition = ({ records }) => {
	const inARow = trailing(
		records,
		({ malformed, calls }) =>
			malformed?.cause === "unknown-tool" || (calls.length > 0 && calls.every(({ code }) => code === "unknown-tool")),
	);
	return inARow >= UNKNOWN_TOOL_LIMIT
		? {
				kind: "stopped",
				reason: `The model called tools that do not exist, ${inARow} times in a row.`,
				fix: ANOTHER_MODEL,
			}
		: null;
};

const unreadByServer: StopCondition = ({ records }) => {
	const inARow = trailing(records, ({ malformed }) => malformed?.cause === "server");
	return inARow > UNREAD_RETRIES
		? {
				kind: "stopped",
				reason: `The server could not read the model's tool calls, ${inARow} times in a row.`,
				fix: `Choose another tool protocol (jetbox.protocol, --protocol). ${ANOTHER_MODEL}`,
			}
		: null;
};

const stuckInACall: StopCondition = ({ records }) => {
	const repeated = latest(records).calls.find(({ times }) => times >= STUCK_AFTER);
	return repeated === undefined
		? null
		: {
				kind: "stopped",
				reason: `The model is stuck: it made the same ${repeated.name} call with the same result ${repeated.times} times.`,
				fix: "Give a hint in the task, or choose a larger model with Select Model.",
			};
};

const planned: StopCondition = ({ records }) => {
	const { answer } = latest(records);
	return answer === null ? null : { kind: "stopped", reason: "The plan is ready.", plan: answer };
};

const AFTER_PROBE: readonly StopCondition[] = [
	testsCannotRun,
	testsVanished,
	green,
	lintCannotRun,
	lintCleanWithoutTests,
	roundLimit,
];
const AFTER_APPLY: readonly StopCondition[] = [
	nothingNew,
	answered,
	silent,
	unknownTools,
	unreadByServer,
	stuckInACall,
];
/** A plan is asked for whatever the probes say. */
const PLAN_AFTER_PROBE: readonly StopCondition[] = [roundLimit];
const PLAN_AFTER_APPLY: readonly StopCondition[] = [planned, silent, unknownTools, unreadByServer, stuckInACall];

/** Asked when a round's probe is known and before the model is called. */
export function stopAfterProbe(view: StopView): Outcome | null {
	return firstOf(view.options.mode === "plan" ? PLAN_AFTER_PROBE : AFTER_PROBE, view);
}

/** Asked when the round's answer was applied. */
export function stopAfterApply(view: StopView): Outcome | null {
	return firstOf(view.options.mode === "plan" ? PLAN_AFTER_APPLY : AFTER_APPLY, view);
}

function firstOf(conditions: readonly StopCondition[], view: StopView): Outcome | null {
	for (const condition of conditions) {
		const outcome = condition(view);
		if (outcome !== null) return outcome;
	}
	return null;
}

function latest(records: readonly [RoundRecord, ...RoundRecord[]]): RoundRecord {
	return records.at(-1) ?? records[0];
}

function trailing(records: readonly RoundRecord[], holds: (record: RoundRecord) => boolean): number {
	const broken = records.findLastIndex((record) => !holds(record));
	return records.length - 1 - broken;
}

/** Those with a result; a skipped test says nothing. */
function testsRun({ pytest }: WorkspaceReport): number {
	if (pytest.status === "not-run") return 0;
	const { passed, failed, errors } = pytest.counts;
	return passed + failed + errors;
}

function skipWords(records: readonly [RoundRecord, ...RoundRecord[]]): string {
	const skipped = ({ report: { pytest } }: RoundRecord) => (pytest.status === "not-run" ? 0 : pytest.counts.skipped);
	const more = skipped(latest(records)) - skipped(records[0]);
	if (more <= 0) return "";
	return more === 1 ? "; 1 more is skipped or expected to fail" : `; ${more} more are skipped or expected to fail`;
}

/** A last word is a sentence; what goes on stands in the transcript. */
function saidIn(answer: string): string {
	return answer.length <= MAX_ANSWER_CHARS
		? answer
		: `${answer.slice(0, MAX_ANSWER_CHARS)}... (${answer.length} characters)`;
}

/** Green is no promise about what is not judged any more. */
function judgesWords(weakened: readonly string[]): string {
	return weakened.length === 0 ? "" : ` Look at what judges it: ${weakened.join("; ")}.`;
}

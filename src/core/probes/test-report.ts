/** The reporter's JSON lines, and what they and the process's end mean together. Exit code 0 alone is not "passed". */
import type { TestFinding } from "./finding.ts";
import type { Observed } from "./observed.ts";
import { type NotRunAnswer, notRun, type TestCounts, type TestOutcome } from "./report.ts";

/** More failing tests than this are not listed one by one. */
export const MAX_TEST_FINDINGS = 2_000;

export interface ReporterLines {
	readonly add: (line: string) => void;
	/** A line that was parsed before. */
	readonly take: (record: Readonly<Record<string, unknown>>) => void;
	read(): Reported;
}

/** What pytest itself told. */
export interface Reported {
	readonly started: boolean;
	readonly noPytest: boolean;
	readonly collectOnly: boolean;
	readonly collected: number;
	readonly deselected: number;
	/** Tests with an outcome, each once. */
	readonly ran: number;
	/** By node id; files that could not be collected are among them. */
	readonly outcomes: ReadonlyMap<string, TestOutcome>;
	readonly counts: TestCounts;
	readonly findings: readonly TestFinding[];
	/** By workspace-relative file. */
	/** Null where the recorder did not see the tests run. */
	readonly observed: ReadonlyMap<string, Observed> | null;
	/** pytest's own exit status, or null when its session never finished. */
	readonly finished: number | null;
}

const COUNTED_AS = {
	passed: "passed",
	xpassed: "passed",
	failed: "failed",
	skipped: "skipped",
	xfailed: "skipped",
	error: "errors",
} as const;

/** As in pytest's exit status: expected failures do not fail. */
export function countsOf(outcomes: Iterable<TestOutcome>): TestCounts {
	const counts = { passed: 0, failed: 0, skipped: 0, errors: 0 };
	for (const outcome of outcomes) counts[COUNTED_AS[outcome]] += 1;
	return counts;
}

/** How the process ended, as far as the judgement depends on it. */
export type TestRunEnd =
	| { readonly kind: "exited"; readonly code: number }
	| { readonly kind: "signalled"; readonly signal: string }
	| { readonly kind: "timed-out"; readonly limitMs: number };

export type TestJudgement =
	| { readonly status: "clean"; readonly findings: readonly []; readonly counts: TestCounts }
	| { readonly status: "findings"; readonly findings: readonly TestFinding[]; readonly counts: TestCounts }
	| NotRunAnswer;

/** Whether the tests were judged; that there are none is a judgement, too. */
export function isJudged(judgement: TestJudgement): boolean {
	return judgement.status !== "not-run" || judgement.reason === "no-tests";
}

const LOOK = "Run pytest in a terminal to see the whole of it.";

/**
 * The truth table over pytest's exit status, the process's end and the reported tests.
 * @param lastWords the end of what was printed, for messages only
 */
export function judgeTestRun(end: TestRunEnd, reported: Reported, lastWords: string): TestJudgement {
	if (end.kind === "timed-out") {
		const after = `at least ${reported.ran} of ${reported.collected} tests had ended`;
		return notRun(
			"timed-out",
			`the tests took longer than ${Math.round(end.limitMs / 1000)} s (${after})`,
			"Look for a test that hangs, or raise jetbox.pytestTimeout.",
		);
	}
	if (reported.noPytest) return NO_PYTEST;
	if (reported.finished === null) return judgeUnfinished(end, reported, lastWords);
	if (reported.findings.length > 0) {
		return { status: "findings", findings: reported.findings, counts: reported.counts };
	}
	if (end.kind === "signalled") return crashed(`pytest was ended by ${end.signal} after the tests`, lastWords);
	if (reported.collectOnly) {
		return notRun(
			"bad-config",
			"pytest was told to collect tests only, so none ran",
			"Remove --collect-only (--co) from addopts in the pytest configuration.",
		);
	}
	return judgeStatus(reported.finished, reported, lastWords);
}

export const NO_PYTEST: TestJudgement = {
	status: "not-run",
	reason: "tool-missing",
	message: "pytest is not installed in the project's environment",
	fix: "Run `python -m pip install pytest` in the project's environment.",
};

function judgeStatus(status: number, reported: Reported, lastWords: string): TestJudgement {
	const { ran, collected, counts, deselected } = reported;
	if (status === 0 && ran > 0 && ran >= collected) return { status: "clean", findings: [], counts };
	if (status === 0 && ran > 0) return crashed(`only ${ran} of ${collected} collected tests were reported`, lastWords);
	if (status === 0 || status === 5) {
		return notRun(
			"no-tests",
			deselected > 0 ? `all ${deselected} tests are deselected` : "pytest found no tests",
			deselected > 0 ? "Look at -k, -m and --deselect in addopts." : "Add tests, such as tests/test_example.py.",
		);
	}
	if (status === 1) return crashed("pytest reports failure, but no failing test", lastWords);
	if (status === 2) return crashed("pytest was interrupted", lastWords);
	if (status === 3) return crashed("pytest had an internal error", lastWords);
	if (status === 4) return badUsage(lastWords);
	return crashed(`pytest ended with status ${status}`, lastWords);
}

function judgeUnfinished(
	end: Exclude<TestRunEnd, { kind: "timed-out" }>,
	reported: Reported,
	lastWords: string,
): TestJudgement {
	// A conftest.py that cannot be imported ends pytest before its session begins; the place of the error is a finding.
	if (reported.findings.length > 0 && !reported.started) {
		return { status: "findings", findings: reported.findings, counts: reported.counts };
	}
	if (end.kind === "exited" && end.code === 4) return badUsage(lastWords);
	const how = end.kind === "signalled" ? `was ended by ${end.signal}` : `ended (exit code ${end.code})`;
	return crashed(
		`pytest ${how} before it had reported its result (${reported.ran} of ${reported.collected} tests)`,
		lastWords,
	);
}

function badUsage(lastWords: string): TestJudgement {
	return notRun("bad-config", `pytest does not accept its configuration: ${oneLine(lastWords)}`, LOOK);
}

function crashed(message: string, lastWords: string): TestJudgement {
	const words = oneLine(lastWords);
	return notRun("crashed", words === "" ? message : `${message}: ${words}`, LOOK);
}

function oneLine(text: string): string {
	const lines = text
		.split(/[\r\n]+/)
		.map((line) => line.trim())
		.filter((line) => line !== "");
	return lines.slice(-4).join(" | ").slice(-400);
}

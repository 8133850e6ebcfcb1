/** Reads what src/python/jetbox_reporter.py tells, line by line, with guards: the tests' own process writes it. */
import { isRecord, parseRecord } from "../json-record.ts";
import type { TestFinding } from "./finding.ts";
import { type Observed, UNFOLLOWED } from "./observed.ts";
import type { TestOutcome } from "./report.ts";
import { countsOf, MAX_TEST_FINDINGS, type Reported, type ReporterLines } from "./test-report.ts";

/**
 * Folds lines into what pytest reported; lines that are none of the reporter's are passed over.
 * @param onFailing told the first test that fails, as it does
 */
export function createReporterLines(onFailing: (finding: TestFinding) => void = () => undefined): ReporterLines {
	const outcomes = new Map<string, TestOutcome>();
	const uncollected = new Map<string, TestOutcome>();
	const findings = new Map<string, TestFinding>();
	const observed = new Map<string, Observed>();
	let recorded = false;
	let state = { started: false, noPytest: false, collectOnly: false, collected: 0, deselected: 0 };
	let finished: number | null = null;
	let hasFailed = false;

	const tell = (finding: TestFinding) => {
		if (!hasFailed) onFailing(finding);
		hasFailed = true;
	};
	const keep = (finding: TestFinding) => {
		// A subtest and its test share an id; the first failure is the one nearer to the cause.
		if (findings.size >= MAX_TEST_FINDINGS || findings.has(finding.testId)) return;
		findings.set(finding.testId, finding);
		tell(finding);
	};
	const take = (record: Readonly<Record<string, unknown>>) => {
		switch (record["kind"]) {
			case "no-pytest":
				state = { ...state, noPytest: true };
				break;
			case "start":
				state = { ...state, started: true, collectOnly: record["collectOnly"] === true };
				break;
			case "collected":
				// Each xdist worker collects the same tests.
				state = { ...state, collected: Math.max(state.collected, numberOf(record["count"], 0)) };
				break;
			case "deselected":
				state = { ...state, deselected: state.deselected + numberOf(record["count"], 0) };
				break;
			case "collect-error":
				uncollected.set(textOf(record["id"]), "error");
				keep(findingOf(record, "error"));
				break;
			case "test": {
				const outcome = outcomeOf(record["outcome"]);
				const id = textOf(record["id"]);
				if (outcome === null || id === "") break;
				outcomes.set(id, worse(outcomes.get(id), outcome));
				if (outcome === "failed" || outcome === "error") keep(findingOf(record, outcome));
				break;
			}
			case "failing":
				tell(findingOf(record, "failed"));
				break;
			case "finish":
				finished = numberOf(record["status"], -1);
				break;
			case "observed":
				observed.set(textOf(record["file"]), {
					reads: textsOf(record["reads"]),
					unfollowed: UNFOLLOWED.filter((reason) => textsOf(record["unfollowed"]).includes(reason)),
					writes: textsOf(record["writes"]),
				});
				break;
			case "recorded":
				recorded = true;
				break;
		}
	};
	return {
		take,
		add(line) {
			const record = parseRecord(line);
			if (record !== null) take(record);
		},
		read(): Reported {
			const all = new Map([...outcomes, ...uncollected]);
			return {
				...state,
				ran: outcomes.size,
				outcomes: all,
				counts: countsOf(all.values()),
				findings: [...findings.values()],
				observed: recorded ? observed : null,
				finished,
			};
		},
	};
}

const SEVERITY: readonly TestOutcome[] = ["skipped", "xfailed", "xpassed", "passed", "error", "failed"];

function worse(before: TestOutcome | undefined, now: TestOutcome): TestOutcome {
	return before !== undefined && SEVERITY.indexOf(before) > SEVERITY.indexOf(now) ? before : now;
}

function outcomeOf(value: unknown): TestOutcome | null {
	return SEVERITY.find((outcome) => outcome === value) ?? null;
}

function findingOf(record: Readonly<Record<string, unknown>>, code: "failed" | "error"): TestFinding {
	const frame = record["frame"];
	return {
		probe: "pytest",
		testId: textOf(record["id"]),
		file: textOf(record["file"]),
		line: numberOf(record["line"], 1),
		column: numberOf(record["column"], 1),
		code,
		message: textOf(record["message"]),
		severity: "error",
		frame: isRecord(frame)
			? {
					file: textOf(frame["file"]),
					line: numberOf(frame["line"], 1),
					column: numberOf(frame["column"], 1),
					functionName: textOf(frame["functionName"]),
					source: textOf(frame["source"]),
				}
			: null,
	};
}

function textOf(value: unknown): string {
	return typeof value === "string" ? value : "";
}

function textsOf(value: unknown): readonly string[] {
	return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

function numberOf(value: unknown, otherwise: number): number {
	return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
}

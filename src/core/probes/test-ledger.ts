/** What is known of each test file: its outcomes, and whether a change since has made them old. */
import type { Affected, Lore } from "./affected.ts";
import type { TestFinding } from "./finding.ts";
import type { KeptLedger } from "./kept-answers.ts";
import type { Unfollowed } from "./observed.ts";
import { createReads } from "./reads.ts";
import type { TestCounts, TestOutcome } from "./report.ts";
import { countsOf, type TestJudgement } from "./test-report.ts";
import type { TestRun } from "./test-run.ts";

/** Beyond this part of the test files, the whole is as fast, and says more. */
const LARGE_PART = 0.5;
/** So many changed files are remembered for a lesson, and so many lessons kept. */
const MAX_CHANGED = 200;
const MAX_LESSONS = 500;

export type Plan =
	| { readonly kind: "none" }
	| { readonly kind: "some"; readonly direct: readonly string[]; readonly rest: readonly string[] }
	| { readonly kind: "all"; readonly why: string };

interface TestRecord {
	readonly outcomes: readonly (readonly [id: string, outcome: TestOutcome])[];
	readonly findings: readonly TestFinding[];
}

export interface TestLedger {
	lore(ownPatterns: boolean): Lore;
	/** Marks as old what a change can have touched. */
	expect(changed: readonly string[], affected: Affected): void;
	/** Drops test files that are no more. @returns ids of their tests */
	remove(files: Iterable<string>): readonly string[];
	/** What has to run for an answer about the present content. */
	plan(): Plan;
	/**
	 * Takes in a run.
	 * @param files that were asked; null: the whole suite
	 * @returns ids of tests that were there before, and are no more
	 */
	record(files: readonly string[] | null, run: TestRun): readonly string[];
	/** How many tests each file had when it last ran. */
	testsByFile(): ReadonlyMap<string, number>;
	/** Ids of tests that are known to fail on the present content. */
	failing(): ReadonlySet<string>;
	/** All that is known, as one judgement; `no-tests` where no test is known. */
	judgement(): TestJudgement;
	/** From now on, only a run of all tests counts. */
	forget(why: string): void;
	/** All that is known, for a later session. */
	keep(): KeptLedger;
}

/** @param kept what an earlier session knew; null where nothing is */
export function createTestLedger(kept: KeptLedger | null = null): TestLedger {
	let records = new Map<string, TestRecord>(kept?.records.map(({ file, ...record }) => [file, record]));
	let reads = createReads(kept?.reads);
	/** File -> what it was seen to do that cannot be followed. */
	let unfollowed = new Map<string, readonly Unfollowed[]>(kept?.unfollowed);
	/** Why nothing less than all tests will do; null where it will. */
	let unknown: string | null = kept === null ? "no run of all tests is known" : kept.unknown;
	/** Test file -> whether the change touched it directly. */
	const pending = new Map<string, boolean>(kept?.pending);
	/** Pending test file -> what a run that ended early told of it: less than all, but of the content that is there. */
	const partly = new Map<string, TestRecord>();
	/** Changed file -> test files that failed after it against the graph's word. */
	const learned = new Map<string, readonly string[]>(kept?.learned);
	const changedSinceFull = new Set<string>(kept?.changedSinceFull);

	const observe = (run: TestRun) => {
		for (const [file, seen] of run.observed ?? []) {
			reads.add(file, seen.reads);
			unfollowed.set(file, united(unfollowed.get(file), seen.unfollowed));
		}
	};
	const recordAll = (run: TestRun): readonly string[] => {
		const fresh = recordsOf(run);
		if (!run.complete) {
			for (const [file, record] of fresh) records.set(file, record);
			unknown = "the last run of all tests did not reach each of them";
			return [];
		}
		const surprised = [...fresh].filter(([file, now]) => !pending.has(file) && failsAnew(records.get(file), now));
		if (unknown === null) for (const [file] of surprised) learn(file);
		const gone = [...records].flatMap(([file, before]) => vanished(file, before, fresh.get(file)));
		records = fresh;
		reads = createReads();
		unfollowed = new Map();
		pending.clear();
		partly.clear();
		changedSinceFull.clear();
		// Without the recorder nobody knows what the tests read.
		unknown = run.observed === null && fresh.size > 0 ? "it was not recorded what the tests read" : null;
		return gone;
	};
	const recordSome = (files: readonly string[], run: TestRun): readonly string[] => {
		const fresh = recordsOf(run);
		const gone: string[] = [];
		for (const file of files) {
			const now = fresh.get(file);
			const before = records.get(file);
			if (!run.complete && now?.outcomes.some(([id]) => id === file) !== true) {
				if (now !== undefined) partly.set(file, now);
				continue;
			}
			if (before !== undefined) gone.push(...vanished(file, before, now));
			if (now === undefined) records.delete(file);
			else records.set(file, now);
			settle(file);
		}
		return gone;
	};
	const settle = (file: string) => {
		pending.delete(file);
		partly.delete(file);
	};
	/** What holds for the content that is there: nothing of a pending file but what ran since. */
	const current = (): readonly TestRecord[] => [
		...[...records].filter(([file]) => !pending.has(file)).map(([, record]) => record),
		...partly.values(),
	];
	const learn = (test: string) => {
		for (const path of changedSinceFull) {
			if (learned.size < MAX_LESSONS || learned.has(path)) learned.set(path, united(learned.get(path), [test]));
		}
	};
	return {
		lore: (ownPatterns) => ({ testFiles: new Set(records.keys()), reads, unfollowed, learned, ownPatterns }),
		expect(changed, affected) {
			for (const path of changed) if (changedSinceFull.size < MAX_CHANGED) changedSinceFull.add(path);
			if (affected.kind === "all") unknown ??= affected.why;
			else {
				for (const file of affected.all) {
					pending.set(file, pending.get(file) === true || affected.direct.has(file));
					partly.delete(file);
				}
			}
		},
		remove(files) {
			return [...files].flatMap((file) => {
				const before = records.get(file);
				records.delete(file);
				settle(file);
				return before === undefined ? [] : vanished(file, before, undefined);
			});
		},
		plan() {
			if (unknown !== null) return { kind: "all", why: unknown };
			if (pending.size === 0) return { kind: "none" };
			if (pending.size > records.size * LARGE_PART) {
				const known = new Set([...records.keys(), ...pending.keys()]).size;
				return { kind: "all", why: `${pending.size} of ${known} test files are affected` };
			}
			const files = (direct: boolean) => [...pending].filter(([, is]) => is === direct).map(([file]) => file);
			return { kind: "some", direct: files(true).sort(), rest: files(false).sort() };
		},
		record(files, run) {
			const gone = files === null ? recordAll(run) : recordSome(files, run);
			observe(run);
			return gone;
		},
		failing: () => new Set(current().flatMap(failuresOf)),
		judgement() {
			const known = current();
			const counts = sumOf(known.map(countsIn));
			const findings = known.flatMap((record) => record.findings);
			if (counts.failed + counts.errors > 0) return { status: "findings", findings, counts };
			if (records.size > 0) return { status: "clean", findings: [], counts };
			const fix = "Add tests, such as tests/test_example.py.";
			return { status: "not-run", reason: "no-tests", message: "pytest found no tests", fix };
		},
		testsByFile: () => new Map([...records].map(([file, { outcomes }]) => [file, outcomes.length])),
		forget(why) {
			unknown = why;
		},
		keep: () => ({
			records: [...records].map(([file, record]) => ({ file, ...record })),
			reads: reads.entries(),
			unfollowed: [...unfollowed],
			unknown,
			pending: [...pending],
			learned: [...learned],
			changedSinceFull: [...changedSinceFull],
		}),
	};
}

function recordsOf({ outcomes, judgement }: TestRun): Map<string, TestRecord> {
	const byFile = new Map<string, { outcomes: [string, TestOutcome][]; findings: TestFinding[] }>();
	const of = (id: string) => {
		const file = id.split("::", 1)[0] ?? id;
		const record = byFile.get(file) ?? { outcomes: [], findings: [] };
		byFile.set(file, record);
		return record;
	};
	for (const [id, outcome] of outcomes) of(id).outcomes.push([id, outcome]);
	if (judgement.status === "findings")
		for (const finding of judgement.findings) of(finding.testId).findings.push(finding);
	return byFile;
}

/** A verdict on some tests counts all that are known: thousands of outcomes, of which few are new. */
const counted = new WeakMap<TestRecord, TestCounts>();

function countsIn(record: TestRecord): TestCounts {
	const known = counted.get(record) ?? countsOf(record.outcomes.map(([, outcome]) => outcome));
	counted.set(record, known);
	return known;
}

function sumOf(parts: readonly TestCounts[]): TestCounts {
	const sum = { passed: 0, failed: 0, skipped: 0, errors: 0 };
	for (const { passed, failed, skipped, errors } of parts) {
		sum.passed += passed;
		sum.failed += failed;
		sum.skipped += skipped;
		sum.errors += errors;
	}
	return sum;
}

/** A file that cannot be collected hides its tests; they are not gone. */
function vanished(file: string, before: TestRecord, now: TestRecord | undefined): readonly string[] {
	const ids = new Set(now?.outcomes.map(([id]) => id));
	if (ids.has(file)) return [];
	return before.outcomes.map(([id]) => id).filter((id) => id !== file && !ids.has(id));
}

function failsAnew(before: TestRecord | undefined, now: TestRecord): boolean {
	if (before === undefined) return false;
	const known = new Set(failuresOf(before));
	return failuresOf(now).some((id) => !known.has(id));
}

function failuresOf({ outcomes }: TestRecord): readonly string[] {
	return outcomes.filter(([, outcome]) => isFailure(outcome)).map(([id]) => id);
}

function isFailure(outcome: TestOutcome): boolean {
	return outcome === "failed" || outcome === "error";
}

function united<T>(before: readonly T[] | undefined, more: readonly T[]): readonly T[] {
	return before === undefined ? more : [...new Set([...before, ...more])];
}

/** What the engine knows of a workspace, as it outlasts a session: a shape that is read back exactly, or not at all. */
import {
	type Guard,
	isCount,
	isFlag,
	isKeyOf,
	isListOf,
	isOneOf,
	isOrNull,
	isShaped,
	isText,
} from "../record/guards.ts";
import { isLintFinding, isTestFinding } from "../record/report-guards.ts";
import type { LintFinding, TestFinding } from "./finding.ts";
import { UNFOLLOWED, type Unfollowed } from "./observed.ts";
import type { TestCounts, TestOutcome } from "./report.ts";

/** A file as it was when its content was read; stamps in the adapter's own words. */
export interface KeptFile {
	readonly path: string;
	readonly stamp: string;
	/** Of what a link leads to. */
	readonly target: string | null;
	readonly isLink: boolean;
	readonly hash: string;
}

/** What another content differs in from the files that are kept; null: it has no such file. */
export type KeptDifferences = readonly (readonly [path: string, hash: string | null])[];

/** An answer that holds for its key: clean where there is no finding. */
export interface KeptLint {
	readonly key: string;
	readonly findings: readonly LintFinding[];
}

export interface KeptTests {
	readonly key: string;
	readonly findings: readonly TestFinding[];
	/** Null: pytest found no tests. */
	readonly counts: TestCounts | null;
	readonly message: string;
	readonly fix: string;
}

/** A test file's outcomes and findings. */
export interface KeptRecord {
	readonly file: string;
	readonly outcomes: readonly (readonly [id: string, outcome: TestOutcome])[];
	readonly findings: readonly TestFinding[];
}

type Lists<T> = readonly (readonly [name: string, values: readonly T[]])[];

/** Of test-ledger.ts, as it keeps it itself. */
export interface KeptLedger {
	readonly records: readonly KeptRecord[];
	readonly reads: Lists<string>;
	readonly unfollowed: Lists<Unfollowed>;
	readonly unknown: string | null;
	readonly pending: readonly (readonly [file: string, isDirect: boolean])[];
	readonly learned: Lists<string>;
	readonly changedSinceFull: readonly string[];
}

export interface KeptAnswers {
	readonly files: readonly KeptFile[];
	readonly lint: readonly KeptLint[];
	readonly tests: readonly KeptTests[];
	readonly ledger: {
		readonly known: KeptLedger;
		/** Fingerprint of the interpreter that the ledger speaks of. */
		readonly python: string;
		/** The content that it speaks of. */
		readonly differs: KeptDifferences;
		/** Milliseconds that the whole suite last took, or null. */
		readonly wholeMs: number | null;
	} | null;
	readonly graph: { readonly key: string; readonly imports: Lists<string>; readonly opaque: readonly string[] } | null;
	/** Modules from outside of the workspace that the last runs loaded. */
	readonly modules: readonly string[];
}

function isPairOf<A, B>(first: Guard<A>, second: Guard<B>): Guard<readonly [A, B]> {
	return (value): value is readonly [A, B] =>
		Array.isArray(value) && value.length === 2 && first(value[0]) && second(value[1]);
}

const isTexts = isListOf(isText);
const isTextLists = isListOf(isPairOf(isText, isTexts));
const isOutcome = isKeyOf<TestOutcome>({
	passed: true,
	failed: true,
	skipped: true,
	error: true,
	xfailed: true,
	xpassed: true,
});

const isLedger = isShaped<KeptLedger>({
	records: isListOf(
		isShaped<KeptRecord>({
			file: isText,
			outcomes: isListOf(isPairOf(isText, isOutcome)),
			findings: isListOf(isTestFinding),
		}),
	),
	reads: isTextLists,
	unfollowed: isListOf(isPairOf(isText, isListOf(isOneOf(...UNFOLLOWED)))),
	unknown: isOrNull(isText),
	pending: isListOf(isPairOf(isText, isFlag)),
	learned: isTextLists,
	changedSinceFull: isTexts,
});

/** Whether a value is what an engine kept. */
export const isKeptAnswers = isShaped<KeptAnswers>({
	files: isListOf(
		isShaped<KeptFile>({ path: isText, stamp: isText, target: isOrNull(isText), isLink: isFlag, hash: isText }),
	),
	lint: isListOf(isShaped<KeptLint>({ key: isText, findings: isListOf(isLintFinding) })),
	tests: isListOf(
		isShaped<KeptTests>({
			key: isText,
			findings: isListOf(isTestFinding),
			counts: isOrNull(isShaped<TestCounts>({ passed: isCount, failed: isCount, skipped: isCount, errors: isCount })),
			message: isText,
			fix: isText,
		}),
	),
	ledger: isOrNull(
		isShaped<NonNullable<KeptAnswers["ledger"]>>({
			known: isLedger,
			python: isText,
			differs: isListOf(isPairOf(isText, isOrNull(isText))),
			wholeMs: isOrNull(isCount),
		}),
	),
	graph: isOrNull(isShaped<NonNullable<KeptAnswers["graph"]>>({ key: isText, imports: isTextLists, opaque: isTexts })),
	modules: isTexts,
});

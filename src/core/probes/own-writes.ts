/** Whether what changed during a run of tests is the tests' own work, so that its answer is one about the content that it left. */
import { isPythonSource } from "./inputs.ts";

/** What a run left. */
export interface RunTraces {
	/** Files that the look after it found otherwise than the look before. */
	readonly changed: readonly string[];
	/** Files that the tests were seen to open for writing, to move or to remove. */
	readonly written: ReadonlySet<string>;
	/** Those of the changed ones whose time lies within the run. */
	readonly timely: ReadonlySet<string>;
}

export type ChangesJudged =
	/** Nobody but the tests changed anything. */
	| { readonly kind: "settled" }
	/** The same, if these stay as they are while no test runs. */
	| { readonly kind: "likely"; readonly files: readonly string[] }
	/** Somebody else did, or may have: the run has to be repeated. */
	| { readonly kind: "foreign" };

/**
 * Believes the tests with a file only where two runs in a row changed it, and were seen to, or nothing speaks for another writer.
 * @param before of the run before, which was repeated; null for a first one
 * @param known whether the tests are known to write a file
 */
export function judgeChanges(
	traces: RunTraces,
	before: RunTraces | null,
	known: { has(file: string): boolean },
): ChangesJudged {
	const foreign = traces.changed.filter((file) => isPythonSource(file) || !known.has(file));
	if (foreign.length === 0) return { kind: "settled" };
	const runs = before === null ? [] : [before, traces];
	const isRepeated = (file: string) => !isPythonSource(file) && runs.every(({ changed }) => changed.includes(file));
	if (before === null || !foreign.every(isRepeated)) return { kind: "foreign" };
	const unseen = foreign.filter((file) => !runs.every(({ written }) => written.has(file)));
	if (unseen.length === 0) return { kind: "settled" };
	const isTimely = unseen.every((file) => runs.every(({ timely }) => timely.has(file)));
	return isTimely ? { kind: "likely", files: unseen } : { kind: "foreign" };
}

/** Files that the tests write, as the last run left them; null: removed. */
export type OwnWrites = ReadonlyMap<string, string | null>;

/** Whether a file is as the tests left it: then its change is none to judge. */
export function isAsLeft(own: OwnWrites, file: string, content: ReadonlyMap<string, string>): boolean {
	return own.has(file) && own.get(file) === (content.get(file) ?? null);
}

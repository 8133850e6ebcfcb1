/** One file changed without the model: written as every change is, and put back where it did no good. */
import { asksForTests } from "./policy/test-guard.ts";
import { type TextFile, WorkspaceError } from "./ports.ts";
import type { WorkspaceReport } from "./probes/report.ts";
import type { Probed } from "./round-record.ts";
import type { RoundContext } from "./run-state.ts";
import { applyChange } from "./tools/change.ts";
import { changedFile, readForModel } from "./tools/tool.ts";

export interface FileFix {
	readonly before: TextFile;
	readonly after: TextFile;
	/** Whether the run had not changed the file before. */
	readonly isNew: boolean;
	/** What it takes away from the checks and nothing before it did, in words. */
	readonly weakens: readonly string[];
}

/**
 * Writes what `mend` makes of a file's text. Protected files and tests go the way of every change: the person is asked.
 * @param mend null where there is nothing to change
 * @returns null where there is nothing to change, or the change is not allowed
 * @throws what Workspace.apply throws, but WorkspaceError
 */
export async function fixFile(
	{ parts, options, state: { seen, editFailures, weakened, filesChanged, filesCreated } }: RoundContext,
	path: string,
	mend: (file: TextFile) => Promise<string | null>,
	signal: AbortSignal,
): Promise<FileFix | null> {
	try {
		const before = await readForModel(path, parts.workspace, signal);
		const text = await mend(before);
		if (text === null || text === before.text) return null;
		const change = { kind: "replace", path: before.path, text, expectedHash: before.hash } as const;
		const testsAsked = asksForTests(options.task);
		const result = await applyChange(
			change,
			before.text,
			{ ...parts, approve: options.approve, testsAsked, created: filesCreated, editFailures },
			signal,
		);
		const isNew = result.ok && !filesChanged.has(before.path);
		// At once: a run that is stopped before it is probed again has changed the file all the same.
		if (result.ok) filesChanged.add(before.path);
		const after = result.ok ? await changedFile(before.path, parts.workspace, signal) : null;
		if (after === null) return null;
		const weakens = result.weakens.filter((words) => !weakened.has(words));
		for (const words of weakens) weakened.add(words);
		seen.edited(before, after);
		return { before, after, isNew, weakens };
	} catch (error) {
		if (error instanceof WorkspaceError) return null;
		throw error;
	}
}

/** Puts the text before the fix back, unless somebody changed the file since. */
export async function takeBack(
	{ parts, state: { seen, filesChanged, filesRestored, weakened } }: RoundContext,
	{ before, after, isNew, weakens }: FileFix,
	signal: AbortSignal,
): Promise<void> {
	try {
		const change = { kind: "replace", path: after.path, text: before.text, expectedHash: after.hash } as const;
		await parts.workspace.apply(change, signal);
		seen.edited(after, before);
		filesRestored.add(after.path);
		if (isNew) filesChanged.delete(after.path);
		for (const words of weakens) weakened.delete(words);
	} catch (error) {
		// Somebody changed it since: what the fix made of it stays a part of the run.
		if (!(error instanceof WorkspaceError)) throw error;
	}
}

/** Tests that fail after a fix and did not before; that none can run any more is one, too. */
export function newlyFailing(before: Probed, after: Probed): readonly string[] {
	const known = new Set(before.verdict.failing);
	const ranBefore = before.report.pytest.status !== "not-run";
	if (ranBefore && after.report.pytest.status === "not-run") return ["The test run"];
	// Where a file could not be collected, a test of it that fails now is none that passed.
	return after.verdict.failing.filter((test) => !known.has(test) && !known.has(test.split("::")[0] ?? test));
}

/** How many findings lint has. */
export function lintOf(report: WorkspaceReport): number {
	return report.ruff.status === "findings" ? report.ruff.findings.length : 0;
}

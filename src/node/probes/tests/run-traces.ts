/** What one run of tests leaves on disk, and whether it is the tests' own work. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { judgeChanges, type OwnWrites, type RunTraces } from "../../../core/probes/own-writes.ts";
import type { Content } from "../content/content.ts";

/** The clock of a file system goes by ticks. */
const TICK_MS = 10;
/** Who writes without regard to the tests writes in twice the time of a run, too. */
const QUIET_FACTOR = 2;
const MIN_QUIET_MS = 100;
const MAX_QUIET_MS = 5_000;

export interface TracedRun extends RunTraces {
	readonly durationMs: number;
}

/** Begins with a run. @param takeWrites files that runs were seen to write since it was asked last */
export function startTraces(
	root: string,
	takeWrites: () => ReadonlySet<string>,
): { end(changed: readonly string[]): TracedRun } {
	takeWrites();
	const [startedAt, beganAt] = [performance.now(), Date.now()];
	return {
		end(changed) {
			const durationMs = performance.now() - startedAt;
			const isTimely = (file: string) => {
				const writtenAt = mtimeOf(join(root, file));
				return writtenAt !== null && writtenAt >= beganAt - TICK_MS;
			};
			return { changed, written: takeWrites(), timely: new Set(changed.filter(isTimely)), durationMs };
		},
	};
}

/**
 * Waits where the tests were not seen to write what they seem to.
 * @param known files that the tests are known to write
 * @throws signal.reason
 */
export async function isOwnWork(
	traces: TracedRun,
	before: RunTraces | null,
	{ known, now, look, signal }: { known: OwnWrites; now: Content; look: () => Content; signal: AbortSignal },
): Promise<boolean> {
	const judged = judgeChanges(traces, before, known);
	if (judged.kind !== "likely") return judged.kind === "settled";
	const quietMs = Math.min(MAX_QUIET_MS, Math.max(MIN_QUIET_MS, QUIET_FACTOR * traces.durationMs));
	await sleep(quietMs, undefined, { signal }).catch(() => signal.throwIfAborted());
	const later = look();
	return judged.files.every((file) => later.get(file) === now.get(file));
}

function mtimeOf(path: string): number | null {
	try {
		return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
	} catch {
		return null;
	}
}

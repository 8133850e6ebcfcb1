/** The probes of a round, or of a probe outside a run, as their events tell of them. */
import type { RunEvent } from "./events.ts";
import type { ProbeEntry } from "./timeline-types.ts";

type EventOf<T extends RunEvent["type"]> = Extract<RunEvent, { readonly type: T }>;

/** The entries with one more that runs. */
export function withStarted(
	entries: readonly ProbeEntry[],
	{ probe, scope, wave, at: startedAt, background }: EventOf<"probe-started">,
): readonly ProbeEntry[] {
	return [...entries, { probe, scope, wave, startedAt, ...besideModel(background), status: "running" }];
}

/** The entries with what the tests that run have met. */
export function withFailing(entries: readonly ProbeEntry[], event: EventOf<"probe-failing">): readonly ProbeEntry[] {
	const { probe, testId } = event.finding;
	return entries.map((entry) =>
		entry.status === "running" && entry.probe === probe && entry.background !== true
			? { ...entry, failing: testId }
			: entry,
	);
}

/** The entries with the one that ended; one whose start was never told is added. */
export function withFinished(entries: readonly ProbeEntry[], event: EventOf<"probe-finished">): readonly ProbeEntry[] {
	const { probe, scope, wave, form, durationMs, cache, why, background } = event;
	const index = entries.findLastIndex(
		(entry) => entry.probe === probe && entry.background === background && entry.status === "running",
	);
	const startedAt = entries[index]?.startedAt ?? event.at - durationMs;
	const known = { probe, scope, wave, form, startedAt, durationMs, cache, why, ...besideModel(background) };
	const entry: ProbeEntry =
		event.status === "not-run"
			? { ...known, status: event.status, reason: event.reason, message: event.message, fix: event.fix }
			: { ...known, status: event.status, findingCount: event.findings.length, counts: event.counts ?? null };
	return index < 0 ? [...entries, entry] : entries.with(index, entry);
}

function besideModel(background: true | undefined): { readonly background?: true } {
	return background === true ? { background } : {};
}

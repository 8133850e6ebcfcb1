/** What is known of a folder by its newest probe: reduced from the same events as everything else. */
import type { RunEvent, VerdictState } from "../core/events.ts";
import type { ProbeName } from "../core/probes/finding.ts";
import type { Wave } from "../core/probes/form.ts";

export interface ProbeState {
	/** Null before the first verdict. */
	readonly verdict: {
		readonly state: VerdictState;
		/** In words. */
		readonly detail: string;
	} | null;
	readonly running: ReadonlySet<ProbeName>;
	/** Begun, and without a verdict yet. */
	readonly isProbing: boolean;
	/** Of the tests that run, or ran last; null before and for lint alone. */
	readonly wave: Wave | null;
	/** A file changed that the newest verdict did not see. */
	readonly isStale: boolean;
	/** A task is at work: it probes by itself, and nobody else does meanwhile. */
	readonly isInRun: boolean;
}

export const NOT_PROBED: ProbeState = {
	verdict: null,
	running: new Set(),
	isProbing: false,
	wave: null,
	isStale: false,
	isInRun: false,
};

/** The state after one more event of its folder; the same state where the event says nothing of probes. */
export function reduceProbe(state: ProbeState, event: RunEvent): ProbeState {
	switch (event.type) {
		case "probe-started":
			return {
				...state,
				running: new Set([...state.running, event.probe]),
				isProbing: true,
				wave: event.wave ?? (state.isProbing ? state.wave : null),
				// What changes from here on, it may not see.
				isStale: state.isProbing && state.isStale,
			};
		case "probe-finished": {
			const running = new Set([...state.running].filter((probe) => probe !== event.probe));
			if (event.status === "not-run" && event.reason === "cancelled")
				return { ...state, running, isProbing: running.size > 0, isStale: true };
			return { ...state, running, wave: event.wave ?? state.wave };
		}
		case "verdict":
			return { ...state, verdict: { state: event.state, detail: event.detail }, isProbing: false };
		case "run-started":
			return { ...state, isInRun: true };
		case "run-finished":
			return { ...state, isInRun: false };
		case "tool-finished":
			return event.ok && event.files.length > 0 ? changed(state) : state;
		default:
			return state;
	}
}

/** A file of the folder changed. */
export function changed(state: ProbeState): ProbeState {
	return state.isStale ? state : { ...state, isStale: true };
}

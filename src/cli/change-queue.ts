/** That something changed in a watched folder, for whoever probes it again and again. */
import { orAborted } from "../core/or-aborted.ts";

export interface ChangeQueue {
	/** Something changed. */
	add(): void;
	/** What changed until now is about to be looked at. */
	taken(): void;
	/** Whether something changed since `taken`. */
	isWaiting(): boolean;
	/** Resolves when something changed since `taken`. @throws `signal.reason` */
	next(signal: AbortSignal): Promise<void>;
	/** Fires at the first change from now on. */
	nextChange(): AbortSignal;
}

/** Holds at most the fact that something changed, so that changes during a probe lead to one more. */
export function createChangeQueue(): ChangeQueue {
	let changed = false;
	let waiting: AbortController[] = [];
	const nextChange = () => {
		const change = new AbortController();
		waiting.push(change);
		return change.signal;
	};
	return {
		add: () => {
			changed = true;
			for (const change of waiting) change.abort(new DOMException("Something changed.", "AbortError"));
			waiting = [];
		},
		taken: () => {
			changed = false;
		},
		isWaiting: () => changed,
		async next(signal) {
			signal.throwIfAborted();
			if (changed) return;
			const change = nextChange();
			await orAborted(new Promise((resolve) => change.addEventListener("abort", resolve, { once: true })), signal);
		},
		nextChange,
	};
}

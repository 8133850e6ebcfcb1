/** One probe at a time, since two would judge, and disturb, the same files; one in the background makes way for the others. */

import { orAborted } from "../../core/or-aborted.ts";
import type { ProbeRequest } from "../../core/ports.ts";
import type { ProbeAnswer } from "../../core/probes/answer.ts";

/** Of a request: `answered` by the report before, of the `same` content as that, or the content has `moved` on. */
export type Standing = "answered" | "same" | "moved";

type Judge = (signal: AbortSignal) => Promise<ProbeAnswer>;

export interface ProbeQueue {
	/** @throws what `judge` throws; AbortError also where a probe in the background had to make way */
	ask(request: ProbeRequest, judge: Judge, signal: AbortSignal): Promise<ProbeAnswer>;
}

export function createProbeQueue(
	standing: (request: ProbeRequest, signal: AbortSignal) => Promise<Standing>,
): ProbeQueue {
	let last: Promise<unknown> = Promise.resolve();
	let behind: { cancel(): void; readonly ended: Promise<unknown> } | null = null;

	/** What is to be had beside it leaves it alone; what waits for the same answer waits for it. */
	const makeWay = async (request: ProbeRequest, signal: AbortSignal): Promise<void> => {
		if (behind === null) return;
		const { cancel, ended } = behind;
		const found = await standing(request, signal);
		if (found === "answered") return;
		if (found === "moved") cancel();
		await orAborted(ended, signal);
	};
	return {
		ask(request, judge, signal) {
			if (request.background !== true) {
				const run = last.then(() => makeWay(request, signal)).then(() => judge(signal));
				last = run.catch(() => undefined);
				return run;
			}
			const own = new AbortController();
			const before = behind;
			before?.cancel();
			const run = Promise.all([last, before?.ended]).then(() => judge(AbortSignal.any([signal, own.signal])));
			const ended = run.catch(() => undefined);
			const present = {
				cancel: () => own.abort(new DOMException("The workspace has changed since.", "AbortError")),
				ended,
			};
			behind = present;
			void ended.then(() => {
				if (behind === present) behind = null;
			});
			return run;
		},
	};
}

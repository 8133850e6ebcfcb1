/** What may be tried after a failed call, each with its own limit; one list of them is made for each call. */
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../core/errors.ts";
import type { ChatDelta } from "../../core/model/conversation.ts";
import { mayRetry } from "./model-errors.ts";

/** Does what helps and says whether the work may be tried again. */
export type Remedy = (error: UserError) => Promise<boolean>;

const BUSY_RETRIES = 3;
const BUSY_WAIT_MS = 1_000;

/**
 * The work's result, tried again after each remedy that applies.
 * @throws the error that none helps against, and the signal's reason
 */
export async function withRemedies<T>(
	work: () => Promise<T>,
	remedies: readonly Remedy[],
	signal: AbortSignal,
): Promise<T> {
	for (;;) {
		try {
			return await work();
		} catch (error) {
			signal.throwIfAborted();
			if (!(error instanceof UserError) || !(await anyHelps(remedies, error))) throw error;
		}
	}
}

async function anyHelps(remedies: readonly Remedy[], error: UserError): Promise<boolean> {
	for (const remedy of remedies) if (await remedy(error)) return true;
	return false;
}

/** A remedy that is tried once a call. */
export function once(applies: (error: UserError) => boolean, help: (error: UserError) => Promise<void> | void): Remedy {
	let tried = false;
	return async (error) => {
		if (tried || !applies(error)) return false;
		tried = true;
		await help(error);
		return true;
	};
}

/** Waits for a busy server, three times and longer each time. */
export function waitWhileBusy(signal: AbortSignal): Remedy {
	let waits = 0;
	return async ({ kind }) => {
		if (kind !== "busy" || waits >= BUSY_RETRIES) return false;
		await sleep(BUSY_WAIT_MS * 2 ** waits, undefined, { signal });
		waits += 1;
		return true;
	};
}

/** The same request once more, where the connection broke or fell silent. */
export function askOnceMore(onDelta: (delta: ChatDelta) => void): Remedy {
	return once(mayRetry, ({ message }) =>
		onDelta({ kind: "notice", level: "warning", message: `${message} Asking once more.` }),
	);
}

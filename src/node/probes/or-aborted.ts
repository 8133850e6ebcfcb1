/** Waiting that an abort ends. */

/** Settles with the promise, or at the abort. @throws signal.reason */
export async function orAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
	let onAbort: () => void = () => undefined;
	const aborted = new Promise<never>((_, reject) => {
		onAbort = () => reject(signal.reason);
	});
	signal.addEventListener("abort", onAbort, { once: true });
	try {
		signal.throwIfAborted();
		await Promise.race([promise, aborted]);
	} finally {
		signal.removeEventListener("abort", onAbort);
	}
}

/** Waiting that an abort ends, where what is waited for takes no signal. */

/**
 * What comes of a promise, unless the signal fires first; what it stands for goes on then, unheard.
 * @throws `signal.reason`, at once where the signal fired before
 */
export async function orAborted<T>(answer: PromiseLike<T>, signal: AbortSignal): Promise<T> {
	const ended = new AbortController();
	const stopped = new Promise<never>((_, reject) => {
		if (signal.aborted) reject(signal.reason);
		signal.addEventListener("abort", () => reject(signal.reason), { once: true, signal: ended.signal });
	});
	try {
		return await Promise.race([stopped, answer]);
	} finally {
		ended.abort();
	}
}

/** Work of which only the newest call's result counts: a slow one that began earlier must not write over it. */

/**
 * @param use of each result for which no newer call has begun
 * @returns begins the work anew; rejects as the work does, for older calls too
 */
export function newestOnly<T>(work: () => Promise<T>, use: (result: T) => void): () => Promise<void> {
	let newest = 0;
	return async () => {
		newest += 1;
		const own = newest;
		const result = await work();
		if (own === newest) use(result);
	};
}

/** Numbers that look random and are the same on every machine. */

export interface Random {
	/** A whole number, 0 <= n < limit. */
	below(limit: number): number;
	/** @throws RangeError for an empty list */
	pick<T>(items: readonly T[]): T;
	/** The same items in another order. */
	shuffle<T>(items: readonly T[]): readonly T[];
}

/** mulberry32: 32 bits of state are plenty for text. @param seed a whole number */
export function createRandom(seed: number): Random {
	let state = seed >>> 0;
	const below = (limit: number): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
	};
	return {
		below,
		pick(items) {
			const item = items[below(items.length)];
			if (item === undefined) throw new RangeError("There is nothing to pick from.");
			return item;
		},
		shuffle(items) {
			const keyed = items.map((item) => ({ item, key: below(2 ** 31) }));
			return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
		},
	};
}

/** Times as ratios: the two sides of a comparison take turns, so that the machine's mood meets both. */

/** Milliseconds. */
export interface Spread {
	readonly median: number;
	readonly p10: number;
	readonly p90: number;
	readonly samples: number;
}

/** One row of the table. */
export interface Result {
	readonly id: string;
	readonly what: string;
	/** With its unit. */
	readonly measured: string;
	readonly goal: string;
	readonly met: boolean;
	readonly figures: Readonly<Record<string, Spread | number>>;
}

/** @throws Error for no samples: a benchmark without a figure is a failure, not a zero */
export function spreadOf(samples: readonly number[]): Spread {
	const sorted = [...samples].sort((one, other) => one - other);
	const at = (part: number): number => {
		const value = sorted[Math.round(part * (sorted.length - 1))];
		if (value === undefined) throw new Error("There is no sample.");
		return value;
	};
	return { median: at(0.5), p10: at(0.1), p90: at(0.9), samples: sorted.length };
}

/** Runs both sides in turn; who begins changes with every pair. */
export async function interleave(
	pairs: number,
	one: () => Promise<number>,
	other: () => Promise<number>,
): Promise<{ readonly one: Spread; readonly other: Spread }> {
	const ones: number[] = [];
	const others: number[] = [];
	for (let pair = 0; pair < pairs; pair += 1) {
		if (pair % 2 === 0) ones.push(await one());
		others.push(await other());
		if (pair % 2 === 1) ones.push(await one());
	}
	return { one: spreadOf(ones), other: spreadOf(others) };
}

/** Milliseconds that the work takes. */
export async function timed(work: () => Promise<void>): Promise<number> {
	const startedAt = performance.now();
	await work();
	return performance.now() - startedAt;
}

export function words({ median, p10, p90 }: Spread): string {
	return `${short(median)} ms (${short(p10)}..${short(p90)})`;
}

export function short(value: number): string {
	return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(3);
}

/** Times as ratios: the sides of a comparison take turns, so that the machine's mood meets all of them. */

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

/** One of those that take turns. */
export interface Side<Name extends string> {
	readonly name: Name;
	/** Asserts its outcome; milliseconds of the part that counts. */
	readonly sample: () => Promise<number>;
	/** Samples a round, each of which counts; one where it is left out. What takes milliseconds varies more, and costs little. */
	readonly times?: number;
}

/**
 * The middle one and the first and last tenth, by nearest rank; of an even number the middle two's mean.
 * @throws Error for no samples: a benchmark without a figure is a failure, not a zero
 */
export function spreadOf(samples: readonly number[]): Spread {
	const sorted = [...samples].sort((one, other) => one - other);
	const at = (index: number): number => {
		const value = sorted[index];
		if (value === undefined) throw new Error("There is no sample.");
		return value;
	};
	const last = sorted.length - 1;
	return {
		median: (at(Math.floor(last / 2)) + at(Math.ceil(last / 2))) / 2,
		p10: at(Math.round(0.1 * last)),
		p90: at(Math.round(0.9 * last)),
		samples: sorted.length,
	};
}

/**
 * So many rounds of samples of each side; who begins changes with every round, and the direction once each has begun: a machine that
 * was just at work is quicker, so that nobody may always follow the same other.
 */
export async function takeTurns<Name extends string>(
	rounds: number,
	sides: readonly Side<Name>[],
): Promise<(name: Name) => Spread> {
	const samples = new Map(sides.map(({ name }): [Name, number[]] => [name, []]));
	for (let round = 0; round < rounds; round += 1) {
		const first = sides.length === 0 ? 0 : round % sides.length;
		const order = [...sides.slice(first), ...sides.slice(0, first)];
		const isBackwards = Math.floor(round / sides.length) % 2 === 1;
		for (const { name, sample, times = 1 } of isBackwards ? order.reverse() : order) {
			for (let time = 0; time < times; time += 1) samples.get(name)?.push(await sample());
		}
	}
	return (name) => spreadOf(samples.get(name) ?? []);
}

/** Milliseconds that the work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
	const startedAt = performance.now();
	await work();
	return performance.now() - startedAt;
}

/** A row whose figure is how many times sooner one side is. @param goal times, at least */
export function fasterRow(row: {
	readonly id: string;
	readonly what: string;
	readonly one: Spread;
	readonly other: Spread;
	readonly otherName: string;
	readonly goal: number;
}): Result {
	const { id, what, one, other, otherName, goal } = row;
	const ratio = other.median / one.median;
	return {
		id,
		what: `${what} ${words(one)} against ${otherName} ${words(other)}`,
		measured: `${short(ratio)}x`,
		goal: `>= ${goal}x`,
		met: ratio >= goal,
		figures: { ms: one, againstMs: other, ratio },
	};
}

export function words({ median, p10, p90 }: Spread): string {
	return `${short(median)} ms (${short(p10)}..${short(p90)})`;
}

export function short(value: number): string {
	return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(3);
}

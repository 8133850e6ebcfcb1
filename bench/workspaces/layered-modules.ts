/** The modules of M and L before they are text, and what their functions return. */

export const MODULUS = 10_007;

export interface Step {
	readonly addend: number;
	readonly limit: number;
	readonly scale: number;
}

export interface LayeredModule {
	/** 0 is the top. */
	readonly layer: number;
	readonly name: string;
	readonly dotted: string;
	readonly path: string;
	readonly lower: LayeredModule[];
	readonly factor: number;
	readonly constant: number;
	/** Number of the data file it reads when imported, or null. */
	readonly rates: number | null;
	readonly rate: number;
	readonly steps: readonly Step[];
}

export interface LayeredTest {
	readonly path: string;
	readonly area: number;
	readonly imports: readonly LayeredModule[];
}

/** What `value(n)` of a module returns. */
export function expectedValue(module: LayeredModule, n: number): number {
	const below = module.lower.reduce((sum, lower) => sum + expectedValue(lower, n), 0);
	return (n * module.factor + module.constant + module.rate + below) % MODULUS;
}

/** What a module's filler function returns. */
export function expectedStep({ addend, limit, scale }: Step, n: number): number {
	const total = n + addend;
	return total > limit ? total * scale - limit : total + scale;
}

/** The few statistics that the evaluation reports. */

const Z_95 = 1.96;

/**
 * Wilson's score interval at 95 % for k of n: honest for small n and for k of 0 or n.
 * @returns shares from 0 to 1
 */
export function wilsonInterval(k: number, n: number): { readonly low: number; readonly high: number } {
	if (n === 0) return { low: 0, high: 1 };
	const share = k / n;
	const square = Z_95 * Z_95;
	const centre = share + square / (2 * n);
	const spread = Z_95 * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n));
	const scale = 1 + square / n;
	return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

/** The middle value, or null for none. */
export function medianOf(values: readonly number[]): number | null {
	const sorted = [...values].sort((one, other) => one - other);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle];
	const lower = sorted[middle - 1];
	if (upper === undefined) return null;
	return sorted.length % 2 === 1 || lower === undefined ? upper : (lower + upper) / 2;
}

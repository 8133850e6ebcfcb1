/** A model's size as servers word it. */

/**
 * Parameters in billions.
 * @param parameterSize such as `1.5B` or `134.52M`
 * @returns null where the words name none
 */
export function billionsOf(parameterSize: string): number | null {
	const [, number, unit] = /^([\d.]+)\s*([BM])/i.exec(parameterSize) ?? [];
	if (number === undefined) return null;
	return Number(number) / (unit?.toUpperCase() === "M" ? 1_000 : 1);
}

/** Text behind so many blanks that no eye gets there (threats A48): shown with the blanks counted. */

/** Wider than any window; indentation and tables stay below. */
const MANY = 120;
/** Blanks of every width, and letters and marks that look like one. */
const BLANKS = new RegExp(String.raw`[ \t\p{Zs}\u115F\u1160\u2800\u3164\uFFA0]{${MANY},}`, "gu");

/** The line with each long run of blanks as its length. */
export function withBlanksCounted(line: string): string {
	return line.replace(BLANKS, (run) => `<${[...run].length} blanks>`);
}

/** Lines that a change brings and that hold text out of sight, each with its blanks counted. */
export function linesOutOfSight(before: string, after: string): readonly string[] {
	const known = new Set(before.split("\n"));
	return after
		.split("\n")
		.filter((line) => !known.has(line))
		.map((line) => ({ line, counted: withBlanksCounted(line.trimEnd()) }))
		.flatMap(({ line, counted }) => (counted === line.trimEnd() ? [] : [counted]));
}

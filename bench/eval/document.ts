/**
 * Tables within a Markdown page, made from result files: what stands between `<!-- eval FILE TABLE -->` and `<!-- end -->` is
 * replaced, the rest is left alone.
 */
import type { Attempt } from "./attempt.ts";
import { pairTableOf } from "./comparison.ts";
import { failureTableOf, kindTableOf, tableOf, timeTableOf } from "./table.ts";

const NOTHING = "(no attempts yet)";

const TABLES: ReadonlyMap<string, (attempts: readonly Attempt[]) => string> = new Map([
	["summary", tableOf],
	["kinds", kindTableOf],
	["pairs", pairTableOf],
	["time", timeTableOf],
	["failures", (attempts) => failureTableOf(attempts)],
]);

/**
 * The page with its tables made anew.
 * @param read the attempts of a result file, by the name that the page gives it
 * @throws Error for a table that there is not
 */
export function filledPage(page: string, read: (file: string) => readonly Attempt[]): string {
	return page.replace(
		/(<!-- eval (\S+) (\S+) -->\n)[\s\S]*?(<!-- end -->)/g,
		(_, head: string, file: string, name: string, end: string) => {
			const table = TABLES.get(name);
			if (table === undefined)
				throw new Error(`There is no table "${name}"; there are ${[...TABLES.keys()].join(", ")}.`);
			const attempts = read(file);
			return `${head}\n${attempts.length === 0 ? NOTHING : table(attempts)}\n\n${end}`;
		},
	);
}

/** Everything that a result file says, as Markdown: the tables of docs/quality.md. */
import type { Attempt } from "./attempt.ts";
import { pairTableOf } from "./comparison.ts";
import { failureTableOf, kindTableOf, tableOf, timeTableOf } from "./table.ts";

export function reportOf(attempts: readonly Attempt[]): string {
	return [
		"What each came to:",
		tableOf(attempts),
		"By kind of task (green, median time to green):",
		kindTableOf(attempts),
		"On the same tasks:",
		pairTableOf(attempts),
		"Where the time went:",
		timeTableOf(attempts),
		"The failures that took longest:",
		failureTableOf(attempts),
	].join("\n\n");
}

/** What stands in place of the middle of a conversation that grew too long: facts of the run, found without a model call. */
import type { RunState } from "../run-state.ts";

/** Files touched, rounds so far and what was tried in vain. The same state gives the same text. */
export function digestOf({ records, filesChanged }: Pick<RunState, "records" | "filesChanged">): string {
	const lines = ["Earlier rounds were left out. What is known of them:"];
	if (filesChanged.size > 0) lines.push(`Files changed so far: ${[...filesChanged].sort().join(", ")}.`);
	for (const { round, verdict, calls } of records) {
		const names = calls.map((call) => call.name).join(", ") || "no call";
		lines.push(`Round ${round}: ${verdict.detail}; then ${names}.`);
	}
	return lines.join("\n");
}

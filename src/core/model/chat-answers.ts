/** What the tools for the editor's own chat answer: for its model, so in English. */
import { isAbort, UserError } from "../errors.ts";
import type { Outcome } from "../events.ts";
import type { Timeline } from "../timeline-types.ts";
import { visible } from "../visible-text.ts";

export const RUN_AT_WORK = "NOT DONE: A Jetbox run is at work, which probes by itself. Ask again when it has ended.";
export const RUN_NOT_BEGUN = "NOT DONE: The user left the run's question unanswered.";

/** How a run ended. */
export function outcomeAnswer(
	{ kind, reason, fix = "" }: Outcome,
	{ filesChanged, verdict }: Pick<Timeline, "filesChanged" | "verdict">,
): string {
	const lines = [
		`OUTCOME: ${kind}. ${reason} ${fix}`.trim(),
		`Lint and tests: ${verdict?.detail ?? "not known"}`,
		`Files changed: ${filesChanged.join(", ") || "none"}`,
	];
	return visible(lines.join("\n"));
}

/** What a failure that names its fix says, so that the chat can tell it; null for a bug. */
export function failureAnswer(error: unknown): string | null {
	if (error instanceof UserError) return visible(`NOT DONE: ${error.message} ${error.fix}`);
	return isAbort(error) ? "NOT DONE: It was cancelled." : null;
}

/** What the loop decided by itself, and why a probe did not run, as sentences for people. */
import type { RunEvent } from "./events.ts";

type EventOf<T extends RunEvent["type"]> = Extract<RunEvent, { readonly type: T }>;

/** What showed that the run is stuck, and how the model is asked now. */
export function escalationWords({
	step,
	reason,
	model,
	protocol,
}: Pick<EventOf<"escalated">, "step" | "reason" | "model" | "protocol">): string {
	const words = {
		"fresh-context": "asked anew from a fresh context",
		"other-protocol": `asked anew by the ${protocol} protocol`,
		"larger-model": `asked ${model}, a larger model`,
		thinking: "asked to think first",
	};
	return `Stuck (${reason}): ${words[step]}.`;
}

/** What the fixes that need no model came to. */
export function lintFixedWords({
	files,
	findingsBefore,
	findingsAfter,
	takenBack,
	reason,
}: Pick<EventOf<"lint-fixed">, "files" | "findingsBefore" | "findingsAfter" | "takenBack" | "reason">): string {
	const where = files.length === 1 ? (files[0] ?? "") : `${files.length} files`;
	if (takenBack) return `Fixes without the model in ${where} were taken back: ${reason}.`;
	const fixed = findingsBefore - findingsAfter;
	return fixed > 0
		? `Fixed without the model: ${fixed} of ${findingsBefore} lint findings, in ${where} (${reason}).`
		: `Fixed without the model, in ${where}: ${reason}.`;
}

/** Why a probe did not run, and what to do, as two sentences: a message is none by itself, since it also stands within others. */
export function reasonAndFix({ message, fix }: { readonly message: string; readonly fix: string }): string {
	return `${message.replace(/[.。]$/, "")}. ${fix}`.trim();
}

/** What a task asks for, by its words: something that the probes can judge, or something new. */
import type { Verdict } from "../events.ts";

const REPAIR_WORDS = /\b(fix|repair|mend|green|failing|fails?|failures?|pass|passing|lint|errors?|bugs?|broken)\b/i;
/** The same in the languages of the editor's own task templates (l10n/). */
const REPAIR_PARTS = /beheb|reparier|fehlschlag|fehler|in ordnung bring|zum laufen bring|修复|失败|错误|通过/i;
const BUILD_WORDS = /\b(add|build|create|document|extend|implement|introduce|new|refactor|rename|support|write)\b/i;
const BUILD_PARTS = /hinzufüg|erweiter|schreib|anleg|einbau|编写|添加|创建|实现/i;
/** "Write merge so that the tests pass": what is built is whole when they do. */
const TESTS_DECIDE = /\bso (?:that )?(?:all )?(?:the |its )?(?:failing )?tests? pass\b/i;

/** Whether the task asks for nothing but what the probes themselves can judge, so that green means done. */
export function isRepairTask(task: string): boolean {
	const repairs = REPAIR_WORDS.test(task) || REPAIR_PARTS.test(task);
	return repairs && !asksToBuild(task);
}

/**
 * Whether green means that the task is done: the probes can judge it, or it says so, and tests failed at its start.
 * @param first of the run's rounds
 */
export function isDoneByGreen(
	task: string,
	first: { readonly verdict: Pick<Verdict, "failing"> } | undefined,
): boolean {
	const testsDecide = TESTS_DECIDE.test(task) && first !== undefined && first.verdict.failing.length > 0;
	return isRepairTask(task) || testsDecide;
}

/** Whether the task asks for something that is not there yet. */
export function asksToBuild(task: string): boolean {
	return BUILD_WORDS.test(task) || BUILD_PARTS.test(task);
}

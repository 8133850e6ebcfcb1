/** Whether the task asks for clean lint: then ruff's own fixes are work that was asked for, also in files the run did not touch. */

const LINT = /\b(?:lint(?:s|er|ing)?|ruff|flake8|pycodestyle|pyflakes)\b|\bunused (?:imports?|variables?)\b/i;
const NOT_LINT = /(?:\b(?:not|never|without|ignore|ignoring|leave)|n['’]t)\b[^.!?;\n]{0,40}\b(?:lint|ruff)/i;

/** In doubt it does not: what was not asked for stays as it is. */
export function asksForLint(task: string): boolean {
	return LINT.test(task) && !NOT_LINT.test(task);
}

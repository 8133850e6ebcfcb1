/** Whether a change touches tests, and whether the task asked for that: a model must not reach green by changing the question. */
import { isTestFile } from "../probes/inputs.ts";

const TEST_FOLDER = /(^|\/)tests?\//i;
const CHANGES = `add|adapt|adjust|change|convert|cover|create|delete|edit|extend|generate|improve|migrate|move|port|refactor|remove|rename|replace|rewrite|split|update|write`;
/** What is said of tests where they are the measure and not the work. */
const ARE_MEASURE = String.raw`(?!\s+(?:\w+\s+){0,2}(?:pass|passes|green|succeed|succeeds|fail|fails|run|runs)\b)`;
const ASKED = new RegExp(
	String.raw`\b(?:${CHANGES})\b[^.!?;\n]{0,60}?(?<!\b(?:failing|existing|broken|red|all|that|until|so)\s+(?:the\s+)?)\btests?\b${ARE_MEASURE}`,
	"i",
);

/** A file of tests, or beside them: data and helpers decide as much. @param path normalised, relative */
export function isTestPath(path: string): boolean {
	return isTestFile(path) || TEST_FOLDER.test(path);
}

/** Whether the task asks for tests to be written or changed. In doubt it does not: then the person is asked. */
export function asksForTests(task: string): boolean {
	return ASKED.test(task);
}

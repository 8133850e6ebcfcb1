/** Plan mode: a conversation without the tools to change anything gets the practice model's next repairs in words. */
import type { Answer } from "./planner.ts";
import type { WireCall } from "./wire-types.ts";

const EDIT = "edit_file";

/** What the answer would change, as a plan; the answer itself where it changes nothing. @param tools names that were offered; none: the conversation does not say */
export function asPlan(answer: Answer, tools: readonly string[]): Answer {
	const edits = answer.calls.filter(({ name }) => name === EDIT);
	if (edits.length === 0 || tools.length === 0 || tools.includes(EDIT)) return answer;
	return { content: edits.map(stepWords).join("\n"), calls: [] };
}

function stepWords({ arguments: given }: WireCall, index: number): string {
	const { path = "", old_text: oldText = "", new_text: newText = "" } = given;
	return `${index + 1}. In ${path}, instead of\n${indented(oldText)}\n   try\n${indented(newText)}`;
}

function indented(text: string | number): string {
	return String(text)
		.split("\n")
		.map((line) => `       ${line}`)
		.join("\n");
}

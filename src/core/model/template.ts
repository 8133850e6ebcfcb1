/** What a model's chat template (Go's text/template, as `/api/show` gives it) does with tools. */

/**
 * Whether the model sees no tools any more once a `tool` message is the last one: the templates of llama3.x and mistral put
 * them into the last message, and only where it is a user's (ollama issue 6477).
 */
export function hidesToolsAfterResults(template: string): boolean {
	// llama3.x: `{{- if and $.Tools $last }}` within the user's branch; mistral: `and (eq $i $lastUserIdx) $.Tools`, or `le`.
	return [...template.matchAll(/\{\{-?\s*(?:else\s+)?if\s+([^}]{0,200})\}\}/g)].some(
		([, condition = ""]) => /\.Tools\b/.test(condition) && /\$last|slice \$\.Messages/i.test(condition),
	);
}

/**
 * Whether an answer that is the last message is gone on with: the template then neither closes it nor opens another one (as those
 * of qwen2.5 and llama3.x, which say `ne .Role "assistant"` before they open one, and `not $last` before they close it).
 */
export function continuesAnswers(template: string): boolean {
	const opensAnother = /\bne\s+\.Role\s+"assistant"/.test(template);
	const leavesOpen = /\bnot\s+\$last\b/.test(template);
	return opensAnother && leavesOpen;
}

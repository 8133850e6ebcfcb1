/** Where a model's template puts the tools: lines of the templates in Ollama's library. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hidesToolsAfterResults } from "../../../../src/core/model/template.ts";

test.each([
	[
		"llama3.1",
		'{{- if eq .Role "user" }}{{- if and $.Tools $last }}\n\nGiven the following functions{{- end }}{{- end }}',
	],
	["mistral", "{{- if and (eq (len (slice $.Messages $index)) 1) $.Tools }}[AVAILABLE_TOOLS] {{ $.Tools }}{{- end }}"],
	["mistral-nemo", "{{- if and $.Tools (le (len (slice $.Messages $i)) 2) }}[AVAILABLE_TOOLS] {{ $.Tools }}{{- end }}"],
])("%s hides the tools after a tool's result", (_, template) => {
	expect(hidesToolsAfterResults(template)).toBe(true);
});

test("a template with the tools in its system block does not", () => {
	const shown = readFileSync(
		join(import.meta.dirname, "../../../fixtures/ollama-wire/show-qwen2.5-coder-1.5b/response.json"),
		"utf8",
	);
	const { template } = JSON.parse(shown);
	expect(template).toContain(".Tools");
	expect(hidesToolsAfterResults(template)).toBe(false);
	expect(hidesToolsAfterResults("")).toBe(false);
});

test("A51 is read in linear time", () => {
	expect(hidesToolsAfterResults("{{if ".repeat(200_000))).toBe(false);
}, 20_000);

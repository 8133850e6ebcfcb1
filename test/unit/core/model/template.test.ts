/** What a model's template does with tools and with an answer that is the last message: lines of the templates in Ollama's library. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { continuesAnswers, hidesToolsAfterResults } from "../../../../src/core/model/template.ts";

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

function recordedTemplate(model: string): string {
	const shown = join(import.meta.dirname, `../../../fixtures/ollama-wire/show-${model}/response.json`);
	const { template } = JSON.parse(readFileSync(shown, "utf8"));
	return template;
}

test("a template with the tools in its system block does not", () => {
	const template = recordedTemplate("qwen2.5-coder-1.5b");
	expect(template).toContain(".Tools");
	expect(hidesToolsAfterResults(template)).toBe(false);
	expect(hidesToolsAfterResults("")).toBe(false);
});

test("an answer that is the last message is gone on with only where the template leaves it open", () => {
	expect(continuesAnswers(recordedTemplate("qwen2.5-coder-1.5b"))).toBe(true);
	expect(
		continuesAnswers(
			'{{ .Content }}{{ if not $last }}<|eot_id|>{{ end }}{{- if and (ne .Role "assistant") $last }}<|start_header_id|>assistant{{ end }}',
		),
	).toBe(true);
	expect(continuesAnswers(recordedTemplate("smollm2-135m"))).toBe(false);
	expect(continuesAnswers("")).toBe(false);
});

test("A51 is read in linear time", () => {
	expect(hidesToolsAfterResults("{{if ".repeat(200_000))).toBe(false);
	expect(continuesAnswers("ne .Role ".repeat(200_000))).toBe(false);
}, 20_000);

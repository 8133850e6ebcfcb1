/** Which installed model a run uses: the one that is named, or for "auto" the loaded one, else by a table of what was measured. */
import { UserError } from "../errors.ts";
import type { ModelInfo } from "../machine.ts";
import { billionsOf } from "./model-size.ts";

/** The built-in model without a neural network, by the name that settings give it. */
export const PRACTICE_MODEL = "practice";

/** A smaller model seldom mends anything: it is the last choice of "auto". */
const LEAST_BILLIONS = 1;
/** Families in order of preference for an agent loop on a laptop (2026); within one, the smaller model is the faster. */
const PREFERRED = [
	"qwen3.5",
	"qwen3-coder",
	"qwen3",
	"qwen2.5-coder",
	"llama3.2",
	"gpt-oss",
	"llama3.1",
	"mistral",
	"gemma",
	"phi",
	"smollm",
];
const NOT_FOR_CHAT = /embed|bge-|minilm|rerank|-base\b/i;

/** Whether a name is that of a chat model, as far as names tell. */
export function canChat(name: string): boolean {
	return !NOT_FOR_CHAT.test(name);
}

/**
 * @param choice `auto` or a name
 * @throws UserError `no-models` or `model-missing`, with the line that installs one as text
 */
export function chooseModel(choice: string, models: readonly ModelInfo[]): string {
	const usable = models.filter(({ name }) => canChat(name));
	if (choice !== "auto") {
		const found = models.find(({ name }) => name === choice || name === `${choice}:latest`);
		if (found !== undefined) return found.name;
		const installed = usable.map(({ name }) => name).join(", ") || "none";
		throw new UserError(
			"model-missing",
			`The model ${choice} is not installed.`,
			`Run "ollama pull ${choice}", or choose an installed one: ${installed}.`,
		);
	}
	const loaded = usable.find((model) => model.loaded);
	const best =
		loaded ??
		[...usable].sort(
			(a, b) => tiny(a) - tiny(b) || rank(a) - rank(b) || a.sizeBytes - b.sizeBytes || (a.name < b.name ? -1 : 1),
		)[0];
	if (best === undefined) {
		throw new UserError(
			"no-models",
			"The server has no model that can chat.",
			'Run "ollama pull llama3.2:3b" (2 GB), or choose the practice model.',
		);
	}
	return best.name;
}

function tiny({ parameterSize }: ModelInfo): number {
	return (billionsOf(parameterSize) ?? LEAST_BILLIONS) < LEAST_BILLIONS ? 1 : 0;
}

function rank({ name }: ModelInfo): number {
	const index = PREFERRED.findIndex((family) => name.startsWith(family));
	return index < 0 ? PREFERRED.length : index;
}

/** The context doctor: what a model was trained for, what is configured and loaded, where it lies, and what to change. */
import type { InstalledModel, SetupCheck } from "../machine.ts";

/** A system prompt with tools, a task, some files and three rounds; below it a run is shortened all the time. */
const NEEDED_CONTEXT = 8_192;

export interface ContextFacts {
	/** What a session asks for. */
	readonly session: number;
	/** `num_ctx` of the model's own file, or null. */
	readonly configured: number | null;
	/** Of the model as it is loaded now, or null. */
	readonly loaded: {
		readonly contextLength: number | null;
		readonly sizeBytes: number;
		readonly vramBytes: number;
	} | null;
	/** Of an Ollama server; others choose the window when they start. */
	readonly chosenByJetbox: boolean;
}

/** One line: all lengths, the share on the GPU, what Jetbox needs, and the most useful change. */
export function checkContext(
	{ contextLength: trained, fits }: Pick<InstalledModel, "contextLength" | "fits">,
	facts: ContextFacts,
): SetupCheck {
	const { session, configured, loaded, chosenByJetbox } = facts;
	const detail = [
		trained === null ? "trained length unknown" : `trained for ${trained}`,
		configured === null ? "" : `configured ${configured}`,
		loaded === null ? "not loaded" : `loaded with ${loaded.contextLength ?? "an unknown length"}${placeOf(loaded)}`,
		`a session uses ${session}, Jetbox needs ${NEEDED_CONTEXT}`,
	].filter((part) => part !== "");
	const fix = session < NEEDED_CONTEXT ? tooSmall(trained, chosenByJetbox) : adviceOf(facts, fits);
	return { name: "context", state: fix === "" ? "ok" : "advice", detail: `${detail.join(", ")} tokens`, fix };
}

function tooSmall(trained: number | null, chosenByJetbox: boolean): string {
	if (trained !== null && trained < NEEDED_CONTEXT)
		return "Give it small tasks only, or choose a model with a longer context (Select Model).";
	return chosenByJetbox
		? `Raise jetbox.contextLength (--context) to ${NEEDED_CONTEXT} or more.`
		: `Start the server with a context of ${NEEDED_CONTEXT} or more (llama-server: -c, vLLM: --max-model-len).`;
}

function adviceOf({ session, loaded }: ContextFacts, fits: InstalledModel["fits"]): string {
	if (fits === "no") return "It does not fit into memory: choose a smaller model, or lower jetbox.contextLength.";
	if (loaded === null) return "";
	if (loaded.vramBytes > 0 && loaded.vramBytes < loaded.sizeBytes)
		return "Part of it lies outside the GPU, which is slow: choose a smaller model, or lower jetbox.contextLength.";
	if (loaded.contextLength !== null && loaded.contextLength < session)
		return `Another client loaded it with less; the next run loads it again. Start the server with OLLAMA_CONTEXT_LENGTH=${session}, so that all clients share one load.`;
	return "";
}

function placeOf({ sizeBytes, vramBytes }: NonNullable<ContextFacts["loaded"]>): string {
	if (sizeBytes <= 0) return "";
	const share = Math.round((vramBytes / sizeBytes) * 100);
	return share === 0 ? " on the CPU" : share >= 100 ? " on the GPU" : ` with ${share} % on the GPU`;
}

/** Whether a rendered prompt shows a tool as the printed form of a Go struct, which small models copy into their calls. */
export function showsGoStruct(renderedPrompt: string): boolean {
	return /<nil>|\{object\s|map\[[a-z]+:/.test(renderedPrompt);
}

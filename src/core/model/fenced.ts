import { visible } from "../visible-text.ts";

/** A file's text as a fenced block for the model, in a fence that the text does not hold itself; hidden characters are made visible. */
export function fenced(path: string, text: string): string {
	const shown = visible(text.replaceAll("\r\n", "\n"));
	const longest = Math.max(2, ...[...shown.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
	const fence = "`".repeat(longest + 1);
	const language = path.endsWith(".py") || path.endsWith(".pyi") ? "python" : "";
	return `${fence}${language}\n${shown.endsWith("\n") || shown === "" ? shown : `${shown}\n`}${fence}`;
}

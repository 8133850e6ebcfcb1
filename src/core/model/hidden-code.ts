/**
 * A file as it is shown for a second attempt: without the code that fails. A small model copies what it is shown, faults and all; what
 * it is not shown it writes anew (qwen2.5-coder:1.5b, docs/quality.md).
 */
import { type Definition, outlineOf, textOfDefinition } from "./python-definitions.ts";

/** Stands where the code was; a text that still holds it is not whole. */
export const HIDDEN_MARK = "# the wrong code is left out";
/** More of it is no single thought that can be written anew. */
const MAX_LINES = 40;
const MAX_FUNCTIONS = 3;
const DEFINITION = /^[ \t]*(?:async[ \t]+)?def[ \t]/;

/**
 * The text with signature and docstring alone of the functions of these names.
 * @returns null where there are none, too many, or too long ones
 */
export function withoutBodies(text: string, names: ReadonlySet<string>): string | null {
	const { lines, definitions } = outlineOf(text);
	const named = outermost(definitions.filter(({ name }) => names.has(name)));
	const bodies = named.flatMap((definition) => bodyOf(lines, definition));
	const areFew = bodies.length > 0 && bodies.length <= MAX_FUNCTIONS;
	if (!areFew || bodies.some(({ from, to }) => to - from > MAX_LINES)) return null;
	const left = [...lines];
	for (const { from, to, indent } of bodies.toReversed()) left.splice(from, to - from, `${indent}...  ${HIDDEN_MARK}`);
	return left.join("\n");
}

/**
 * A text in which functions were left as they were shown, without their code, with the code that `before` has of them: what a model
 * leaves so, it does not change.
 */
export function withHiddenCode(text: string, before: string): string {
	if (!text.includes(HIDDEN_MARK)) return text;
	const [given, known] = [outlineOf(text), outlineOf(before)];
	const isHidden = (definition: Definition) => {
		const shown = textOfDefinition(given, definition);
		return shown.includes(HIDDEN_MARK) && /^\s*(?:@|def\s|async\s)/.test(shown);
	};
	const lines = [...given.lines];
	for (const { name, indent, start, end } of outermost(given.definitions.filter(isHidden)).toReversed()) {
		const [own, second] = known.definitions.filter((one) => one.name === name && one.indent === indent);
		if (own !== undefined && second === undefined) lines.splice(start, end - start, textOfDefinition(known, own));
	}
	return lines.join("\n");
}

/** Without those that stand in another one. @param definitions in the order in which they begin */
function outermost(definitions: readonly Definition[]): readonly Definition[] {
	return definitions.filter(
		({ start, end }) => !definitions.some((other) => other.start <= start && other.end >= end && other.start !== start),
	);
}

interface Body {
	readonly from: number;
	readonly to: number;
	readonly indent: string;
}

/** Behind signature and docstring; none of a class, of a function on one line, or where nothing is left. */
function bodyOf(lines: readonly string[], { start, end, indent: depth }: Definition): readonly Body[] {
	const head = lines.findIndex((line, at) => at >= start && !line.startsWith(`${depth}@`));
	if (!DEFINITION.test(lines[head] ?? "")) return [];
	const signatureEnd = lines.findIndex((line, at) => at >= head && at < end && /:\s*(?:#.*)?$/.test(line));
	if (signatureEnd < 0) return [];
	const from = behindDocstring(lines, signatureEnd + 1, end);
	const first = lines[from];
	if (first === undefined || from >= end) return [];
	return [{ from, to: end, indent: first.slice(0, first.length - first.trimStart().length) }];
}

function behindDocstring(lines: readonly string[], from: number, end: number): number {
	const [, quotes] = /^[ \t]*[rR]?("""|'''|"|')/.exec(lines[from] ?? "") ?? [];
	if (quotes === undefined) return from;
	const opened = (lines[from] ?? "").trim();
	if (opened.length > quotes.length && opened.slice(quotes.length).endsWith(quotes)) return from + 1;
	const last = lines.findIndex((line, at) => at > from && at < end && line.trimEnd().endsWith(quotes));
	return last < 0 ? from : last + 1;
}

/**
 * Small models asked for a whole file send what they changed of it. What such a text leaves out and still uses, or what others
 * still use, is kept from the file as it was.
 */
import { outlineOf, type PythonOutline, textOfDefinition, topLevel } from "../model/python-definitions.ts";
import { isDocstring, withImports } from "../model/python-imports.ts";

export interface Completed {
	readonly text: string;
	/** Names of what was kept. */
	readonly kept: readonly string[];
}

/**
 * Functions and classes of a file that a new text of it lacks, where it holds nothing but some of them: then it may be a part.
 * @returns empty where it is no part
 */
export function lostDefinitions(before: string, given: string): readonly string[] {
	const old = outlineOf(before);
	const now = outlineOf(given);
	const names = new Set(topLevel(now).map(({ name }) => name));
	const oldNames = topLevel(old).map(({ name }) => name);
	const isPart = names.size > 0 && [...names].every((name) => oldNames.includes(name));
	const own = now.statements.every((line) => old.statements.includes(line) || isDocstring(line));
	return isPart && own ? oldNames.filter((name) => !names.has(name)) : [];
}

/** The file as it was, with the new text's definitions in the place of its own and its further imports at the head. */
export function withDefinitions(before: string, given: string): string {
	const old = outlineOf(before);
	const now = outlineOf(given);
	const texts = new Map(topLevel(now).map((definition) => [definition.name, textOfDefinition(now, definition)]));
	const lines = [...old.lines];
	for (const definition of topLevel(old).toReversed()) {
		const text = texts.get(definition.name);
		if (text !== undefined) lines.splice(definition.start, definition.end - definition.start, text);
	}
	const further = now.imports.filter((line) => !old.imports.includes(line));
	return withImports(lines.join("\n"), further);
}

/** Imports of the old text that the new one lacks and whose names it uses, put at its head. */
export function withUsedImports(before: string, given: string): Completed {
	const now = outlineOf(given);
	const missing = outlineOf(before).imports.filter((line) => {
		const names = boundBy(line);
		return !now.imports.includes(line) && names.length > 0 && names.every((name) => uses(now, given, name));
	});
	return { text: withImports(given, missing), kept: missing };
}

/** Names that a one-line import binds; none where it is not plain. */
function boundBy(line: string): readonly string[] {
	const names = /^(?:from\s+[\w.]+\s+)?import\s+([\w.,\s]+?)\s*(?:#.*)?$/.exec(line)?.[1] ?? "";
	return names.split(",").flatMap((part) => {
		const [name = "", as, alias] = part.trim().split(/\s+/);
		return as === "as" && alias !== undefined ? [alias] : name === "" ? [] : [name.split(".")[0] ?? name];
	});
}

function uses(outline: PythonOutline, text: string, name: string): boolean {
	const word = new RegExp(`\\b${name}\\b`);
	const isBound =
		outline.imports.some((line) => word.test(line)) ||
		outline.definitions.some((definition) => definition.name === name) ||
		new RegExp(`^[ \\t]*${name}\\s*=[^=]`, "m").test(text);
	return word.test(text) && !isBound;
}

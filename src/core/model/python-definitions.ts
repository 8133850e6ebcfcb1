/** Functions and classes of a Python text, by its lines: enough to put one in another's place; the syntax check comes after. */

export interface Definition {
	readonly name: string;
	/** White space before it. */
	readonly indent: string;
	/** First line, decorators included; 0-based. */
	readonly start: number;
	/** Behind its last line that is not blank. */
	readonly end: number;
}

export interface PythonOutline {
	readonly lines: readonly string[];
	/** Of every depth, in the order in which they begin. */
	readonly definitions: readonly Definition[];
	/** Lines without indentation that are neither part of a definition nor an import, a comment or a closing bracket. */
	readonly statements: readonly string[];
	readonly imports: readonly string[];
}

const HEAD = /^([ \t]*)(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)/;

/** The outline of a text as it stands. */
export function outlineOf(text: string): PythonOutline {
	const lines = text.replaceAll("\r\n", "\n").split("\n");
	const definitions: Definition[] = [];
	const statements: string[] = [];
	const imports: string[] = [];
	let behindTopLevel = 0;
	for (const [at, line] of lines.entries()) {
		const [, indent = "", name] = HEAD.exec(line) ?? [];
		if (name !== undefined) {
			const definition = { name, indent, start: firstDecorator(lines, at, indent), end: endOf(lines, at, indent) };
			definitions.push(definition);
			if (indent === "") behindTopLevel = definition.end;
		} else if (at >= behindTopLevel && /^[^\s#@)\]}]/.test(line)) {
			if (/^(?:import|from)\s/.test(line)) imports.push(line.trim());
			else statements.push(line.trim());
		}
	}
	return { lines, definitions, statements, imports };
}

/** Those that stand in no other one. */
export function topLevel({ definitions }: PythonOutline): readonly Definition[] {
	return definitions.filter(({ indent }) => indent === "");
}

/** Names that the text gives to values outside of any definition. */
export function assignedNames({ statements }: PythonOutline): readonly string[] {
	return statements.flatMap((line) => /^(\w+)\s*(?::[^=]{1,200})?=(?!=)/.exec(line)?.[1] ?? []);
}

/** The text of a definition, without a line break at its end. */
export function textOfDefinition({ lines }: PythonOutline, { start, end }: Definition): string {
	return lines.slice(start, end).join("\n");
}

/** Without the white space that all lines share. */
export function dedented(text: string): string {
	const lines = text.split("\n");
	const shared = lines
		.filter((line) => line.trim() !== "")
		.map(indentOf)
		.reduce<string | null>((least, indent) => (least === null || indent.length < least.length ? indent : least), null);
	return shared === null || shared === ""
		? text
		: lines.map((line) => (line.startsWith(shared) ? line.slice(shared.length) : line)).join("\n");
}

function firstDecorator(lines: readonly string[], head: number, indent: string): number {
	let start = head;
	while (lines[start - 1]?.startsWith(`${indent}@`)) start -= 1;
	return start;
}

function endOf(lines: readonly string[], head: number, indent: string): number {
	let end = head + 1;
	for (let at = head + 1; at < lines.length; at += 1) {
		const line = lines[at] ?? "";
		if (line.trim() === "") continue;
		const outside = indentOf(line).length <= indent.length;
		// A signature over several lines ends with a bracket at the depth of its `def`.
		if (outside && !/^[ \t]*[)\]}]/.test(line)) break;
		end = at + 1;
	}
	return end;
}

function indentOf(line: string): string {
	return line.slice(0, line.length - line.trimStart().length);
}

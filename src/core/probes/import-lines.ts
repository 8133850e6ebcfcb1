/**
 * What of a Python text its imports can be read off: the lines that can belong to an import or to a string that names a module.
 * Where they stay, `ruff analyze graph` says of a text that parses what it said before, so that most edits need no new graph.
 */

/** An import, a string, or a line that goes on in the next one. */
const MAY_NAME = /["'\\]|\bimport\b/;

/**
 * These lines, in their order. Lines within a string of several lines are none: a name of a module has no line break, and where such
 * a string begins, ends or is continued, there is a quote or a backslash.
 */
export function importLines(text: string): string {
	const kept: string[] = [];
	let goesOn = false;
	let isOpen = false;
	for (const line of text.split(/\r\n?|\n/)) {
		if (!goesOn && !isOpen && !MAY_NAME.test(line)) continue;
		kept.push(line);
		const isImport: boolean = isOpen || goesOn || /\bimport\b/.test(line);
		goesOn = line.endsWith("\\");
		isOpen = isImport && isParenthesisOpen(line, isOpen);
	}
	return kept.join("\n");
}

/** Whether the names of an import go on in the next line; a comment's parentheses do not count. */
function isParenthesisOpen(line: string, before: boolean): boolean {
	const code = line.split("#", 1)[0] ?? "";
	const last = Math.max(code.lastIndexOf("("), code.lastIndexOf(")"));
	return last < 0 ? before : code[last] === "(";
}

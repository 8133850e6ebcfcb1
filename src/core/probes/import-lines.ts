/**
 * What of a Python text its imports can be read off: the lines that can belong to an import or to a string that names a module.
 * Where they stay, `ruff analyze graph` says of a text that parses what it said before, so that most edits need no new graph.
 */

/** An import, a string of several lines, or a line that goes on in the next one. */
const MAY_IMPORT = /\\|"""|'''|\bimport\b/;
/** A string that holds nothing but names with a dot among them, as that of a module in a package does; ruff is asked for no other. */
const DOTTED_NAME = /(["'])[\w\x80-\uffff]*\.[\w.\x80-\uffff]*\1/;
/** Python makes one string of those that follow each other, also of those in lines that follow each other. */
const QUOTES_IN_TURN = /["']\s*[a-zA-Z]{0,2}["']/;
const STRING_OR_COMMENT = /[a-zA-Z]{0,2}(["'])(?:(?!\1).)*\1|#/g;
const STARTS_WITH_STRING = /^\s*[a-zA-Z]{0,2}["']/;
const ENDS_WITH_STRING = /["']\s*(#.*)?$/;
const SAYS_NOTHING = /^\s*(#|$)/;

/**
 * These lines, in their order. Lines within a string of several lines are none: a name of a module has no line break, and where such
 * a string begins, ends or is continued, there are three quotes or a backslash.
 */
export function importLines(text: string): string {
	const kept: string[] = [];
	let goesOn = false;
	let isOpen = false;
	/** The last line that says something, where it ends with a string: the next one may go on with it. */
	let pending: { readonly line: string; readonly isKept: boolean } | null = null;
	for (const line of text.split(/\r\n?|\n/)) {
		const continues: boolean = pending !== null && STARTS_WITH_STRING.test(line);
		if (continues && pending !== null && !pending.isKept) kept.push(pending.line);
		const isKept: boolean = goesOn || isOpen || continues || mayName(line);
		if (!SAYS_NOTHING.test(line)) pending = ENDS_WITH_STRING.test(line) ? { line, isKept } : null;
		if (!isKept) continue;
		kept.push(line);
		const isImport: boolean = isOpen || goesOn || /\bimport\b/.test(line);
		goesOn = line.endsWith("\\");
		isOpen = isImport && isParenthesisOpen(line, isOpen);
	}
	return kept.join("\n");
}

function mayName(line: string): boolean {
	return MAY_IMPORT.test(line) || DOTTED_NAME.test(line) || hasStringsInTurn(line);
}

/** An empty string has two quotes in turn, too. */
function hasStringsInTurn(line: string): boolean {
	if (!QUOTES_IN_TURN.test(line)) return false;
	let end: number | null = null;
	for (const { 0: found, index } of line.matchAll(STRING_OR_COMMENT)) {
		if (found === "#") return false;
		if (end !== null && line.slice(end, index).trim() === "") return true;
		end = index + found.length;
	}
	return false;
}

/** Whether the names of an import go on in the next line; a comment's parentheses do not count. */
function isParenthesisOpen(line: string, before: boolean): boolean {
	const code = line.split("#", 1)[0] ?? "";
	const last = Math.max(code.lastIndexOf("("), code.lastIndexOf(")"));
	return last < 0 ? before : code[last] === "(";
}

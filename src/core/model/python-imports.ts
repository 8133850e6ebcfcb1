/** Where the imports of a Python text stand. */

const IMPORT = /^(?:import|from)\s/;
const FUTURE = /^from\s+__future__\s/;

/** The text with these lines before its first import or, where there is none, behind its docstring and what must stand first. */
export function withImports(text: string, imports: readonly string[]): string {
	if (imports.length === 0) return text;
	const lines = text.split("\n");
	const behindDocstring = endOfDocstring(lines);
	const lastFuture = lines.findLastIndex((line, at) => at >= behindDocstring && FUTURE.test(line));
	const behind = lastFuture < 0 ? behindDocstring : lastFuture + 1;
	const first = lines.findIndex((line, at) => at >= behind && IMPORT.test(line));
	if (first >= 0) return [...lines.slice(0, first), ...imports, ...lines.slice(first)].join("\n");
	const head = lines.slice(0, behind);
	const gap = behind > 0 ? [""] : [];
	return [...head, ...gap, ...imports, ...(behind > 0 ? [] : ["", ""]), ...lines.slice(behind)].join("\n");
}

/** Whether a text that begins with this line begins with a docstring. */
export function isDocstring(line: string): boolean {
	return /^[rR]?["']/.test(line);
}

/** Lines of the docstring that the text begins with. */
function endOfDocstring(lines: readonly string[]): number {
	const [quotes] = /^("""|''')/.exec(lines[0] ?? "") ?? [];
	if (quotes === undefined) return isDocstring(lines[0] ?? "") ? 1 : 0;
	if ((lines[0] ?? "").trimEnd().slice(3).endsWith(quotes)) return 1;
	return lines.findIndex((line, at) => at > 0 && line.trimEnd().endsWith(quotes)) + 1;
}

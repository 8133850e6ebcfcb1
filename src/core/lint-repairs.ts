/** Lint findings that ruff has no fix for, and whose repair is one step all the same. Whoever writes them judges them by tests. */
import { withImports } from "./model/python-imports.ts";
import type { LintFinding } from "./probes/finding.ts";

/** ruff's codes of more than one statement in a line, and of a line that is too long. */
const FORMATTED: ReadonlySet<string> = new Set(["E701", "E702", "E703", "E501"]);
const BARE_EXCEPT = /^(\s*)except\s*:/;
/** A loop over things whose name tells what one of them is: `for l in lines`. */
const AMBIGUOUS_LOOP = /\bfor (?<name>[lIO]) in (?:\w+\.)?(?<one>[a-z]\w+)(?<!ss|xe|che|she|ie)s\b/;
/** Their plurals are common names, too. */
const BUILTINS: ReadonlySet<string> = new Set([
	"str",
	"list",
	"set",
	"dict",
	"int",
	"float",
	"object",
	"type",
	"range",
]);
/** Whole in its line. */
const PLAIN_IMPORT = /^(?:import|from)\s[^(\\;#]*$/;

/** Lines, from 1, that ruff's formatter would mend. */
export function linesToFormat(findings: readonly LintFinding[]): readonly number[] {
	return [...new Set(findings.flatMap(({ code, line }) => (FORMATTED.has(code) ? [line] : [])))];
}

/**
 * The text with bare `except`s that name Exception (E722), loops whose variable has the name of what it holds (E741), and imports from
 * below at the top (E402).
 * @param findings of this very text
 */
export function withRepairs(text: string, findings: readonly LintFinding[]): string {
	const lines = text.split("\n");
	const linesOf = (wanted: string) => findings.flatMap(({ code, line }) => (code === wanted ? [line - 1] : []));
	for (const at of linesOf("E722")) lines[at] = (lines[at] ?? "").replace(BARE_EXCEPT, "$1except Exception:");
	for (const at of linesOf("E741")) renameLoop(lines, at);
	const late = new Set(linesOf("E402").filter((at) => PLAIN_IMPORT.test(lines[at] ?? "")));
	if (late.size === 0) return lines.join("\n");
	const imports = lines.filter((_, at) => late.has(at));
	return withImports(withoutLines(lines, late).join("\n"), imports);
}

/** Without these lines; of the blank lines on both sides of one, those behind it stay. */
function withoutLines(lines: readonly string[], gone: ReadonlySet<number>): readonly string[] {
	const isBlank = (line: string | undefined) => line?.trim() === "";
	const kept: string[] = [];
	for (const [at, line] of lines.entries()) {
		if (gone.has(at)) continue;
		if (gone.has(at - 1) && isBlank(line)) while (isBlank(kept.at(-1))) kept.pop();
		kept.push(line);
	}
	return kept;
}

/** Gives the variable of a loop another name in all of its function, unless that name or a text there may mean something else. */
function renameLoop(lines: string[], at: number): void {
	const { name, one } = AMBIGUOUS_LOOP.exec(lines[at] ?? "")?.groups ?? {};
	if (name === undefined || one === undefined || BUILTINS.has(one)) return;
	const [from, to] = functionAround(lines, at);
	const alone = new RegExp(`(?<![\\w.])${name}(?!\\w)`, "g");
	const body = lines.slice(from, to);
	const argument = new RegExp(`[(,]\\s*${name}\\s*=(?!=)`);
	const mayMeanMore = (line: string) =>
		new RegExp(`\\b${one}\\b`).test(line) || argument.test(line) || (/["'#]/.test(line) && line.search(alone) >= 0);
	if (body.some(mayMeanMore)) return;
	for (const [index, line] of body.entries()) lines[from + index] = line.replace(alone, one);
}

/** From the line of the innermost `def` around a line to behind its last; the whole text where there is none. */
function functionAround(lines: readonly string[], at: number): readonly [number, number] {
	const indentOf = (line: string) => line.length - line.trimStart().length;
	const isIn = (line: string, indent: number) => line.trim() === "" || indentOf(line) > indent;
	const inner = indentOf(lines[at] ?? "");
	const from = lines.findLastIndex(
		(line, index) => index < at && /^\s*(?:async\s+)?def\s/.test(line) && indentOf(line) < inner,
	);
	if (from < 0) return [0, lines.length];
	const indent = indentOf(lines[from] ?? "");
	const end = lines.findIndex((line, index) => index > from && !isIn(line, indent));
	return end < 0 ? [from, lines.length] : end > at ? [from, end] : [0, lines.length];
}

/** ruff's command line, and its JSON lines read into findings. */
import { isRecord, parseRecord } from "../json-record.ts";
import type { LintFinding, Severity } from "./finding.ts";

/** More than this is no list for people or models; the count of the rest is told. */
export const MAX_LINT_FINDINGS = 2_000;

/** Rules whose breach is a bug at run time rather than a matter of style. */
const ERROR_RULES = /^(E9|F82|F7|F63|F50|F52)/;

/** What is asked for where the project has not chosen. */
export const DEFAULT_RULES: readonly string[] = ["E", "F"];

export interface RuffPlan {
	/** Whether ruff's configuration stands at the workspace's root. */
	readonly hasRootConfig: boolean;
	/** Whether any folder below has one. */
	readonly hasNestedConfig: boolean;
	/** `--select E,F` where there is no configuration. */
	readonly defaultSelect: boolean;
	/** Workspace-relative files, or null for all. */
	readonly files: readonly string[] | null;
}

/**
 * Arguments after the program. JSON lines instead of one JSON array, so that output cut at the limit can still be read.
 * `--isolated` keeps configurations in parent folders out where the workspace has none of its own.
 */
export function ruffArguments(plan: RuffPlan): readonly string[] {
	const { files } = plan;
	return [
		"check",
		"--no-cache",
		"--no-fix",
		"--output-format",
		"json-lines",
		...configurationArguments(plan),
		...(files === null ? ["."] : ["--force-exclude", "--", ...files]),
	];
}

/**
 * Arguments that print a text from stdin with its fixes done, unsafe ones only where asked, whatever the project says of them.
 * @param file where the text stands, workspace-relative; one that ruff is not to read comes back as it was
 */
export function fixArguments(plan: Omit<RuffPlan, "files">, file: string, unsafe: boolean): readonly string[] {
	return [
		"check",
		"--no-cache",
		"--fix-only",
		unsafe ? "--unsafe-fixes" : "--no-unsafe-fixes",
		"--quiet",
		...configurationArguments(plan),
		"--force-exclude",
		"--stdin-filename",
		file,
		"-",
	];
}

/** Arguments that print a text from stdin with the statement at this line formatted. @param file as of `fixArguments` */
export function formatArguments(
	{ hasRootConfig, hasNestedConfig }: Omit<RuffPlan, "files">,
	file: string,
	line: number,
): readonly string[] {
	return [
		...["format", "--no-cache", "--quiet", "--range", `${line}-${line + 1}`],
		...(hasRootConfig || hasNestedConfig ? [] : ["--isolated"]),
		...["--force-exclude", "--stdin-filename", file, "-"],
	];
}

/** Arguments that list the files which a check of the whole reads, one absolute path a line. */
export function listArguments(plan: Omit<RuffPlan, "files">): readonly string[] {
	return ["check", "--show-files", ...configurationArguments(plan), "."];
}

/**
 * Arguments of `analyze graph`. Isolated, with every root and exclusion named: what a project excludes from lint would be missing
 * from the graph, and with it the tests that it can break.
 * @param roots folders that modules are imported from, absolute
 * @param excluded folder names and absolute folders
 * @param files that are asked about, or null for all
 */
export function graphArguments(
	roots: readonly string[],
	excluded: readonly string[],
	files: readonly string[] | null,
): readonly string[] {
	return [
		"analyze",
		"graph",
		"--isolated",
		"--detect-string-imports",
		"--min-dots",
		"1",
		"--config",
		`src = ${JSON.stringify(roots)}`,
		"--config",
		`exclude = ${JSON.stringify(excluded)}`,
		"--config",
		"respect-gitignore = false",
		...(files === null ? ["."] : ["--", ...files]),
	];
}

/** Files whose imports `analyze graph` says it could not read, off its warnings. */
export function unparsedInGraph(stderr: string): readonly string[] {
	return [...stderr.matchAll(/Failed to generate import map for (.+?): /g)].map(([, file = ""]) => file);
}

function configurationArguments({ hasRootConfig, hasNestedConfig, defaultSelect }: Omit<RuffPlan, "files">) {
	if (hasRootConfig || hasNestedConfig) return [];
	return defaultSelect ? ["--isolated", "--select", DEFAULT_RULES.join(",")] : ["--isolated"];
}

/** Folder names of ruff's configuration files; a pyproject.toml counts only with a `[tool.ruff]` table. */
export function isRuffConfig(name: string, text: string | null): boolean {
	if (name === "ruff.toml" || name === ".ruff.toml") return true;
	return name === "pyproject.toml" && text !== null && /^\s*\[\s*tool\s*\.\s*"?ruff"?\s*[.\]]/m.test(text);
}

export interface ParsedLint {
	readonly findings: readonly LintFinding[];
	/** All that were read, also those beyond the limit. */
	readonly total: number;
	/** Lines that are no finding: output that was cut, or a ruff of another age. */
	readonly unreadable: number;
}

/**
 * Reads `--output-format json-lines`. Columns stay as ruff counts them (code points): see `toUtf16Column`.
 * @param relative a path as ruff prints it -> workspace-relative with forward slashes
 */
export function parseRuffLines(output: string, relative: (path: string) => string): ParsedLint {
	const findings: LintFinding[] = [];
	let total = 0;
	let unreadable = 0;
	for (const line of output.split("\n")) {
		if (line.trim() === "") continue;
		if (findings.length >= MAX_LINT_FINDINGS) {
			total += 1;
			continue;
		}
		const finding = parseFinding(line, relative);
		if (finding === null) {
			unreadable += 1;
		} else {
			total += 1;
			findings.push(finding);
		}
	}
	return { findings, total, unreadable };
}

/** 1-based column in code points -> in UTF-16 code units, as editors count. */
export function toUtf16Column(line: string, column: number): number {
	let units = 0;
	let points = 1;
	for (const character of line) {
		if (points >= column) break;
		units += character.length;
		points += 1;
	}
	return units + 1 + Math.max(0, column - points);
}

/** What ruff says of a failure to run, shortened to its cause. */
export function ruffErrorWords(stderr: string): string {
	const lines = stderr
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "" && !line.startsWith("warning:"));
	return lines.slice(0, 4).join(" ").slice(0, 500) || "no reason given";
}

function parseFinding(line: string, relative: (path: string) => string): LintFinding | null {
	const item = parseRecord(line);
	if (item === null) return null;
	const filename = item["filename"];
	const message = item["message"];
	const start = placeOf(item["location"]);
	if (typeof filename !== "string" || typeof message !== "string" || start === null) return null;
	const end = placeOf(item["end_location"]) ?? start;
	const code = codeOf(item["code"]);
	const fix = item["fix"];
	const url = item["url"];
	return {
		probe: "ruff",
		file: relative(filename),
		line: start.row,
		column: start.column,
		endLine: end.row,
		endColumn: end.column,
		code,
		message,
		severity: severityOf(code),
		url: typeof url === "string" ? url : null,
		fixable: isRecord(fix) && fix["applicability"] === "safe",
	};
}

/** A rule's name as findings have it; ruff has none, or `invalid-syntax`, for what cannot be parsed. */
export function codeOf(given: unknown): string {
	return typeof given === "string" && given !== "invalid-syntax" ? given : "syntax-error";
}

export function severityOf(code: string): Severity {
	return code === "syntax-error" || ERROR_RULES.test(code) ? "error" : "warning";
}

function placeOf(value: unknown): { readonly row: number; readonly column: number } | null {
	if (!isRecord(value)) return null;
	const row = positionOf(value["row"]);
	const column = positionOf(value["column"]);
	return row !== null && column !== null ? { row, column } : null;
}

/** 1-based, as editors need it; null for what is no position at all. */
function positionOf(value: unknown): number | null {
	return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? Math.max(1, value) : null;
}

/** What `ruff server` says of a text, in the very words of `ruff check`. Verified against ruff 0.16. */
import { isRecord } from "../json-record.ts";
import type { LintFinding } from "./finding.ts";
import { codeOf, severityOf } from "./ruff.ts";

/** The server appends the fix's title to the message; the command line gives it apart. */
const HELP_MARK = "\n\nhelp: ";

/**
 * Reads the result of a `textDocument/diagnostic` request whose positions count UTF-16 units.
 * @returns null where it has another shape: a server of another age
 */
export function parseDiagnostics(result: unknown, file: string): readonly LintFinding[] | null {
	const items = isRecord(result) ? result["items"] : null;
	if (!Array.isArray(items)) return null;
	const findings = items.map((item) => findingOf(item, file));
	return findings.every((finding) => finding !== null) ? findings : null;
}

function findingOf(item: unknown, file: string): LintFinding | null {
	if (!isRecord(item) || typeof item["message"] !== "string" || !isRecord(item["range"])) return null;
	const start = placeOf(item["range"]["start"]);
	const end = placeOf(item["range"]["end"]);
	if (start === null || end === null) return null;
	const code = codeOf(item["code"]);
	const { data, codeDescription } = item;
	const href = isRecord(codeDescription) ? codeDescription["href"] : null;
	return {
		probe: "ruff",
		file,
		line: start.line,
		column: start.column,
		endLine: end.line,
		endColumn: end.column,
		code,
		message: item["message"].split(HELP_MARK, 1)[0] ?? "",
		severity: severityOf(code),
		url: typeof href === "string" ? href : null,
		fixable: isRecord(data) && data["is_preferred"] === true,
	};
}

/** 0-based -> 1-based. */
function placeOf(value: unknown): { readonly line: number; readonly column: number } | null {
	if (!isRecord(value)) return null;
	const { line, character } = value;
	return typeof line === "number" && typeof character === "number" ? { line: line + 1, column: character + 1 } : null;
}

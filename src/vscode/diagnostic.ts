/** One finding as the editor's diagnostic; positions outside the editor's range are clamped. */
import {
	Diagnostic,
	DiagnosticRelatedInformation,
	DiagnosticSeverity,
	Location,
	l10n,
	Position,
	Range,
	Uri,
} from "vscode";
import type { Finding, ProbeName } from "../core/probes/finding.ts";
import { visible } from "../core/visible-text.ts";

const MAX_POSITION = 1_000_000;
const END_OF_LINE = 10_000;

/** @param root absolute path of the probed folder */
export function toDiagnostic(root: string, finding: Finding): Diagnostic {
	const start = position(finding.line, finding.column);
	const end =
		finding.probe === "ruff" ? position(finding.endLine, finding.endColumn) : new Position(start.line, END_OF_LINE);
	const severity = finding.severity === "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
	const diagnostic = new Diagnostic(new Range(start, end), wordsOf(finding), severity);
	diagnostic.source = sourceOf(finding.probe);
	if (finding.probe === "ruff") {
		diagnostic.code = finding.url?.startsWith("https://")
			? { value: finding.code, target: Uri.parse(finding.url) }
			: finding.code;
	} else {
		diagnostic.code = finding.code;
		if (finding.frame !== null) {
			const place = new Location(
				Uri.joinPath(Uri.file(root), finding.frame.file),
				position(finding.frame.line, finding.frame.column),
			);
			diagnostic.relatedInformation = [
				new DiagnosticRelatedInformation(
					place,
					l10n.t("in {0}: {1}", visible(finding.frame.functionName), visible(finding.frame.source)),
				),
			];
		}
	}
	return diagnostic;
}

function sourceOf(probe: ProbeName): string {
	return `Jetbox ${probe}`;
}

/** A row of Problems cuts the message before it cuts the code: the test's id is long, and stands in a line of its own. */
function wordsOf(finding: Finding): string {
	if (finding.probe === "ruff") return visible(finding.message);
	const { message, hint, testId } = finding;
	return visible([message, ...(hint === undefined ? [] : [hint]), testId].join("\n"));
}

/** What a diagnostic of `toDiagnostic` is called in a task: a lint finding's rule, a failing test's id. */
export function nameOf({ source, code, message }: Diagnostic): string {
	if (source === sourceOf("pytest")) return message.slice(message.lastIndexOf("\n") + 1);
	return String(typeof code === "object" ? code.value : (code ?? ""));
}

function position(line: number, column: number): Position {
	return new Position(clamp(line), clamp(column));
}

function clamp(oneBased: number): number {
	return Number.isFinite(oneBased) ? Math.min(Math.max(0, Math.trunc(oneBased) - 1), MAX_POSITION) : 0;
}

/** The short traceback of a failing test, on its `def`, on the line that failed and on the source line that it led to. */
import {
	type Disposable,
	Hover,
	type HoverProvider,
	l10n,
	MarkdownString,
	type Position,
	type TextDocument,
	Uri,
	workspace,
} from "vscode";
import type { RunEvent } from "../core/events.ts";
import type { TestFinding } from "../core/probes/finding.ts";
import { definitionLine, testName } from "../core/probes/test-place.ts";
import { visible } from "../core/visible-text.ts";
import { pathWithin } from "./path-within.ts";

const MAX_SHOWN = 5;

export class TestHover implements HoverProvider, Disposable {
	/** Failing tests by the folder that was probed. */
	private readonly failing = new Map<string, readonly TestFinding[]>();
	/** Documents whose lines moved since. */
	private readonly moved = new Set<string>();
	private readonly subscription = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
		if (contentChanges.length > 0 && document.isDirty) this.moved.add(document.uri.toString());
	});

	/** @param root of the probed folder */
	onEvent(root: string, event: RunEvent): void {
		if (event.type !== "probe-finished" || event.probe !== "pytest") return;
		if (event.status === "not-run" && event.reason === "cancelled") return;
		this.failing.set(
			root,
			event.status === "not-run" ? [] : event.findings.flatMap((found) => (found.probe === "pytest" ? [found] : [])),
		);
		this.moved.clear();
	}

	/** @param roots of folders that left the workspace */
	forget(roots: readonly string[]): void {
		for (const root of roots) this.failing.delete(root);
	}

	provideHover(document: TextDocument, { line }: Position): Hover | undefined {
		if (this.hasMoved(document)) return undefined;
		const shown = [...this.failing].flatMap(([root, findings]) => {
			const file = pathWithin(root, document.uri);
			if (file === null) return [];
			const here = findings.filter((finding) => standsAt(finding, file, line + 1, document));
			return here.map((finding) => this.traceback(root, finding));
		});
		return shown.length === 0 ? undefined : new Hover(shown.slice(0, MAX_SHOWN));
	}

	dispose(): void {
		this.subscription.dispose();
	}

	private hasMoved(document: TextDocument): boolean {
		return document.isDirty || this.moved.has(document.uri.toString());
	}

	/** As pytest's own short form, without the lines of foreign code. */
	private traceback(
		root: string,
		{ testId, code, file, line, frame, message, hint = "" }: TestFinding,
	): MarkdownString {
		const name = visible(testName(testId));
		const head = code === "failed" ? l10n.t("{0} fails", name) : l10n.t("{0} could not be set up", name);
		const inTest = [`${file}:${line}`, ...this.openLine(root, file, line)];
		const inFrame =
			frame === null
				? []
				: [l10n.t("{0} in {1}", `${frame.file}:${frame.line}`, frame.functionName), `    ${frame.source.trim()}`];
		return new MarkdownString()
			.appendText(head)
			.appendCodeblock(visible([...inTest, ...inFrame, message, hint].join("\n").trimEnd()), "text");
	}

	/** The line's text where its document is open. */
	private openLine(root: string, file: string, line: number): readonly string[] {
		const uri = Uri.joinPath(Uri.file(root), file).toString();
		const document = workspace.textDocuments.find((open) => open.uri.toString() === uri);
		if (document === undefined || this.hasMoved(document) || line > document.lineCount) return [];
		return [`    ${document.lineAt(line - 1).text.trim()}`];
	}
}

function standsAt(
	{ testId, file, line, frame }: TestFinding,
	shown: string,
	at: number,
	document: TextDocument,
): boolean {
	if (frame?.file === shown && frame.line === at) return true;
	if (file === shown && line === at) return true;
	return testId.startsWith(`${shown}::`) && definitionLine(document.getText(), testId) === at;
}

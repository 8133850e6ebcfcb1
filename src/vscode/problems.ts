/** Findings in the Problems panel: two collections, exact after each probe, without what the text has outgrown. */
import {
	type Diagnostic,
	type DiagnosticCollection,
	type Disposable,
	extensions,
	languages,
	Uri,
	workspace,
} from "vscode";
import type { RunEvent } from "../core/events.ts";
import { isBeneath } from "../core/policy/paths.ts";
import type { Finding, ProbeName } from "../core/probes/finding.ts";
import { nameOf, toDiagnostic } from "./diagnostic.ts";
import { readSettings } from "./settings.ts";

const RUFF_EXTENSION = "charliermarsh.ruff";
const MAX_PROBLEMS = 2_000;
const PROBES: readonly ProbeName[] = ["ruff", "pytest"];

export class Problems implements Disposable {
	private readonly collections: Readonly<Record<ProbeName, DiagnosticCollection>> = {
		ruff: languages.createDiagnosticCollection("jetbox-ruff"),
		pytest: languages.createDiagnosticCollection("jetbox-pytest"),
	};
	/** Files with problems, by probe and the folder that was probed. */
	private readonly shown = new Map<string, readonly Uri[]>();
	private readonly subscription = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
		// What stands in the panel was found in another text.
		if (contentChanges.length > 0 && document.isDirty)
			for (const collection of Object.values(this.collections)) collection.delete(document.uri);
	});

	/** @param root of the probed folder */
	onEvent(root: string, event: RunEvent): void {
		if (event.type === "probe-failing") this.add(root, event.finding);
		if (event.type !== "probe-finished") return;
		if (event.status === "not-run") {
			if (event.reason !== "cancelled") this.show(root, event.probe, []);
			return;
		}
		this.show(root, event.probe, event.probe === "ruff" && ruffIsShownElsewhere() ? [] : event.findings);
	}

	/** @param roots of folders that left the workspace */
	forget(roots: readonly string[]): void {
		for (const root of roots) for (const probe of PROBES) this.show(root, probe, []);
	}

	dispose(): void {
		this.subscription.dispose();
		for (const collection of Object.values(this.collections)) collection.dispose();
	}

	/** One that is found before its probe has ended; the end brings the exact list. */
	private add(root: string, finding: Finding): void {
		if (!isBeneath(finding.file)) return;
		const collection = this.collections[finding.probe];
		const key = keyOf(root, finding.probe);
		const uri = Uri.joinPath(Uri.file(root), finding.file);
		const added = toDiagnostic(root, finding);
		const others = (collection.get(uri) ?? []).filter((known) => nameOf(known) !== nameOf(added));
		this.shown.set(key, [...(this.shown.get(key) ?? []), uri]);
		collection.set(uri, [...others, added]);
	}

	private show(root: string, probe: ProbeName, findings: readonly Finding[]): void {
		const byFile = new Map<string, Diagnostic[]>();
		for (const finding of findings.filter(({ file }) => isBeneath(file)).slice(0, MAX_PROBLEMS)) {
			byFile.set(finding.file, [...(byFile.get(finding.file) ?? []), toDiagnostic(root, finding)]);
		}
		const collection = this.collections[probe];
		const key = keyOf(root, probe);
		for (const uri of this.shown.get(key) ?? []) collection.delete(uri);
		const entries = [...byFile].map(
			([file, diagnostics]) => [Uri.joinPath(Uri.file(root), file), diagnostics] as const,
		);
		this.shown.set(
			key,
			entries.map(([uri]) => uri),
		);
		collection.set(entries.map(([uri, diagnostics]) => [uri, diagnostics]));
	}
}

function keyOf(root: string, probe: ProbeName): string {
	return `${probe} ${root}`;
}

function ruffIsShownElsewhere(): boolean {
	const { showRuffProblems } = readSettings(null);
	if (showRuffProblems !== "auto") return showRuffProblems === "never";
	return extensions.getExtension(RUFF_EXTENSION)?.isActive ?? false;
}

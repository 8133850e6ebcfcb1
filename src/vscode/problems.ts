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
import { toDiagnostic } from "./diagnostic.ts";
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

	private show(root: string, probe: ProbeName, findings: readonly Finding[]): void {
		const byFile = new Map<string, Diagnostic[]>();
		for (const finding of findings.filter(({ file }) => isBeneath(file)).slice(0, MAX_PROBLEMS)) {
			byFile.set(finding.file, [...(byFile.get(finding.file) ?? []), toDiagnostic(root, finding)]);
		}
		const collection = this.collections[probe];
		const key = `${probe} ${root}`;
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

function ruffIsShownElsewhere(): boolean {
	const { showRuffProblems } = readSettings(null);
	if (showRuffProblems !== "auto") return showRuffProblems === "never";
	return extensions.getExtension(RUFF_EXTENSION)?.isActive ?? false;
}

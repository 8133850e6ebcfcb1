/** The language status of Python files: what the newest probe of their folder says, whether it still holds, and the next step. */
import {
	type Disposable,
	type LanguageStatusItem,
	LanguageStatusSeverity,
	l10n,
	languages,
	type Uri,
	window,
	workspace,
} from "vscode";
import type { RunEvent } from "../core/events.ts";
import { plain } from "../core/plain-text.ts";
import { COMMANDS, VIEWS } from "./ids.ts";
import { pathWithin } from "./path-within.ts";
import { changed, NOT_PROBED, type ProbeState, reduceProbe } from "./probe-state.ts";
import { verdictWords } from "./state-words.ts";
import { told } from "./told.ts";

const PYTHON = { language: "python", scheme: "file" };
/** Files that can change a probe's answer; others may too (a test can read any), and the next probe finds that out. */
const PROBED = /\.(?:pyi?|toml|cfg|ini)$/;

export class ProbeStatus implements Disposable {
	private readonly item: LanguageStatusItem = languages.createLanguageStatusItem("jetbox.probe", PYTHON);
	/** By the folder's path. */
	private readonly states = new Map<string, ProbeState>();
	private readonly subscriptions: readonly Disposable[];

	constructor() {
		this.item.name = l10n.t("Jetbox probe");
		this.subscriptions = [
			this.item,
			workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
				if (contentChanges.length > 0) this.onChange(document.uri);
			}),
			window.onDidChangeActiveTextEditor(() => this.show()),
		];
		this.show();
	}

	/** @param root of the probed folder */
	onEvent(root: string, event: RunEvent): void {
		this.take(root, (state) => reduceProbe(state, event));
	}

	/** @param roots of folders that left the workspace */
	forget(roots: readonly string[]): void {
		for (const root of roots) this.states.delete(root);
		this.show();
	}

	/** A file may have changed, in an editor or on the disk. */
	onChange(uri: Uri): void {
		if (!PROBED.test(uri.path)) return;
		for (const root of this.states.keys()) if (pathWithin(root, uri) !== null) this.take(root, changed);
	}

	dispose(): void {
		for (const subscription of this.subscriptions) subscription.dispose();
	}

	private take(root: string, change: (state: ProbeState) => ProbeState): void {
		const before = this.states.get(root) ?? NOT_PROBED;
		const after = change(before);
		if (after === before) return;
		this.states.set(root, after);
		this.show();
	}

	private show(): void {
		const folder = shownFolder();
		const state = this.states.get(folder?.fsPath ?? "") ?? NOT_PROBED;
		const isRunning = state.running.size > 0;
		const { verdict } = state;
		const isFresh = verdict !== null && !state.isStale && !isRunning;
		this.item.text = `Jetbox: ${verdict === null ? l10n.t("not probed yet") : verdictWords(verdict.state)}`;
		this.item.detail = plain(
			[conditionWords(state), told(verdict?.detail ?? "")].filter((words) => words !== "").join(" · "),
		);
		this.item.busy = isRunning;
		this.item.severity =
			isFresh && verdict?.state === "not-run" ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
		this.item.command =
			isRunning || isFresh || state.isInRun
				? { title: l10n.t("Show"), command: `${VIEWS.sidebar}.focus` }
				: { title: l10n.t("Run Probe Now"), command: COMMANDS.probe, arguments: [folder] };
	}
}

function conditionWords({ running, wave, verdict, isStale }: ProbeState): string {
	if (running.size > 0) {
		const programs = [...running].sort().join(", ");
		return wave === null ? l10n.t("running: {0}", programs) : l10n.t("running: {0} (wave {1})", programs, wave);
	}
	if (verdict === null) return "";
	if (isStale) return l10n.t("stale: changed since");
	return wave === null ? l10n.t("fresh") : l10n.t("fresh (wave {0})", wave);
}

/** Of the folder of the active editor, to which the item belongs. */
function shownFolder(): Uri | undefined {
	const uri = window.activeTextEditor?.document.uri;
	return uri === undefined ? undefined : workspace.getWorkspaceFolder(uri)?.uri;
}

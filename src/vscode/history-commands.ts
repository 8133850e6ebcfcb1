/** The history from the palette, and what one can do with one of its runs. */
import { env, l10n, type QuickPickItem, Uri, window, workspace } from "vscode";
import type { Logger } from "../core/ports.ts";
import { type PastRun, runAsJson, runAsMarkdown } from "../core/run-report.ts";
import type { RunSummary } from "../core/run-summary.ts";
import type { RunHistory } from "./run-history.ts";
import { outcomeWords } from "./state-words.ts";

export interface HistoryParts {
	readonly history: RunHistory;
	readonly logger: Logger;
	/** Shows a run in the sidebar. */
	readonly lookAt: (run: PastRun) => Promise<void>;
	/** Puts a task into the sidebar's box. */
	readonly propose: (task: string) => Promise<void>;
}

type RunItem = QuickPickItem & { readonly run: RunSummary };

/** Choosing a run shows it; its buttons run it again or export it. */
export async function showHistory(parts: HistoryParts): Promise<void> {
	const chosen = await pickRun(parts.history, l10n.t("Jetbox: Run History"));
	if (chosen === null) return;
	const show = l10n.t("Show in the sidebar");
	const again = l10n.t("Run again");
	const save = l10n.t("Export");
	const forget = l10n.t("Forget");
	const action = await window.showQuickPick([show, again, save, forget], { title: chosen.task });
	if (action === show) await showRun(parts, chosen.runId);
	if (action === again) await proposeAgain(parts, chosen.runId);
	if (action === save) await exportRun(parts, chosen.runId);
	if (action === forget) await parts.history.forget(chosen.runId);
}

export async function showRun(parts: HistoryParts, runId: string): Promise<void> {
	const run = await loaded(parts, runId);
	if (run !== null) await parts.lookAt(run);
}

/** The task goes into the box, to be looked over: what was right then may not be now. */
export async function proposeAgain(parts: HistoryParts, runId: string): Promise<void> {
	const run = await loaded(parts, runId);
	if (run !== null) await parts.propose(run.timeline.task);
}

/**
 * Writes a run to a file that the person names, without paths of the person's own, credentials and mail addresses.
 * @param runId null asks which
 * @param target where to; null asks. The ending decides the form: `.json`, else Markdown
 */
export async function exportRun(parts: HistoryParts, runId: string | null, target: Uri | null = null): Promise<void> {
	const chosen = runId ?? (await pickRun(parts.history, l10n.t("Jetbox: Export Run")))?.runId ?? null;
	const run = chosen === null ? null : await loaded(parts, chosen);
	if (run === null) return;
	const file = target ?? (await askFile(run.summary));
	if (file === undefined) return;
	const known = { workspace: run.timeline.workspace, home: homeOf(run.timeline.workspace) };
	const text = file.path.endsWith(".json") ? runAsJson(run, known) : runAsMarkdown(run, known);
	await workspace.fs.writeFile(file, new TextEncoder().encode(text));
	const open = l10n.t("Open");
	const answer = window.showInformationMessage(l10n.t("Exported to {0}.", workspace.asRelativePath(file)), open);
	void answer.then((button) => (button === open ? window.showTextDocument(file) : undefined));
}

async function pickRun(history: RunHistory, title: string): Promise<RunSummary | null> {
	if (history.runs.length === 0) {
		void window.showInformationMessage(l10n.t("No task was run in this workspace yet."));
		return null;
	}
	const items = history.runs.map(itemOf);
	const chosen = await window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
	return chosen?.run ?? null;
}

function itemOf(run: RunSummary): RunItem {
	const when = new Date(run.startedAt).toLocaleString(env.language);
	const calls = run.rounds === 1 ? l10n.t("1 model call") : l10n.t("{0} model calls", run.rounds);
	return { label: run.task, description: outcomeWords(run), detail: `${when} · ${calls} · ${run.model}`, run };
}

async function loaded({ history }: HistoryParts, runId: string): Promise<PastRun | null> {
	const run = await history.load(runId);
	if (run === null) void window.showWarningMessage(l10n.t("This run is no longer kept."));
	return run;
}

async function askFile({ startedAt }: RunSummary): Promise<Uri | undefined> {
	const name = `jetbox-run-${startedAt.slice(0, 16).replaceAll(/[:T]/g, "-")}.md`;
	const [folder] = workspace.workspaceFolders ?? [];
	return window.showSaveDialog({
		...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder.uri, name) }),
		filters: { Markdown: ["md"], JSON: ["json"] },
		title: l10n.t("Jetbox: Export Run"),
	});
}

/** As far as the path itself tells: the machine's ring is not asked for the sake of a tilde. */
function homeOf(path: string): string | null {
	return /^(?:\/home\/[^/]+|\/Users\/[^/]+|\/root|[A-Za-z]:\\Users\\[^\\]+)/.exec(path)?.[0] ?? null;
}

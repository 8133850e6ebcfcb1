/**
 * Shows what a run or a round changed in the editor's own diff editors. The right side is the file itself wherever it still
 * is what the change made of it, so that the editor's gestures (revert a block, edit, undo) work there.
 */
import { commands, type Disposable, l10n, type TextDocumentContentProvider, Uri, window, workspace } from "vscode";
import { shownText, withOneLineEnd } from "./file-text.ts";
import type { FileChange, RunChanges } from "./run-changes.ts";

const SCHEME = "jetbox-run";

export class Review implements TextDocumentContentProvider, Disposable {
	private readonly registration = workspace.registerTextDocumentContentProvider(SCHEME, this);
	private run = 0;
	private readonly subscription: Disposable;

	constructor(private readonly changes: RunChanges) {
		this.subscription = changes.onChange(() => {
			// Another address for another text: the editor keeps what it once asked for.
			this.run += 1;
		});
	}

	/** As `show`, where it is this run whose changes there are. */
	async showOf(runId: string, round: number | null, file: string | null): Promise<void> {
		if (runId === this.changes.runId) await this.show(round, file);
		else sayNothingToShow();
	}

	/**
	 * @param round null: the whole run
	 * @param file workspace-relative; null: every file, in one editor
	 */
	async show(round: number | null, file: string | null): Promise<void> {
		const changes = this.changes.changesOf(round).filter(({ path }) => file === null || path === file);
		const [first] = changes;
		if (first === undefined) {
			sayNothingToShow();
			return;
		}
		if (file === null)
			await commands.executeCommand("vscode.changes", this.title(round), await this.rows(changes, round));
		else await this.showFile(first, round);
	}

	/** The address holds which text is meant. */
	provideTextDocumentContent({ path, query }: Uri): string {
		const [, round = "", side = ""] = query.split("/");
		const change = this.changes
			.changesOf(round === "" ? null : Number(round))
			.find((one) => this.fileUri(one.path).path === path);
		return (side === "before" ? change?.before : change?.after) ?? "";
	}

	dispose(): void {
		this.registration.dispose();
		this.subscription.dispose();
	}

	private title(round: number | null): string {
		return round === null ? l10n.t("Jetbox: changes of the run") : l10n.t("Jetbox: changes of round {0}", round);
	}

	private async rows(
		changes: readonly FileChange[],
		round: number | null,
	): Promise<readonly (readonly [Uri, Uri | undefined, Uri | undefined])[]> {
		return Promise.all(
			changes.map(
				async (change): Promise<readonly [Uri, Uri | undefined, Uri | undefined]> => [
					this.fileUri(change.path),
					change.before === null ? undefined : this.textUri(change.path, round, "before"),
					change.after === null ? undefined : await this.after(change, round),
				],
			),
		);
	}

	private async showFile(change: FileChange, round: number | null): Promise<void> {
		const before = this.textUri(change.path, round, "before");
		const title = round === null ? l10n.t("{0} (run)", change.path) : l10n.t("{0} (round {1})", change.path, round);
		await commands.executeCommand("vscode.diff", before, await this.after(change, round), title, { preview: true });
	}

	private async after({ path, after }: FileChange, round: number | null): Promise<Uri> {
		const file = this.fileUri(path);
		const isCurrent = after !== null && (await shownText(file)) === withOneLineEnd(after);
		return isCurrent ? file : this.textUri(path, round, "after");
	}

	private textUri(path: string, round: number | null, side: "before" | "after"): Uri {
		// The file's own path: with another one the editor would show a rename.
		return Uri.from({ scheme: SCHEME, path: this.fileUri(path).path, query: `${this.run}/${round ?? ""}/${side}` });
	}

	private fileUri(path: string): Uri {
		return Uri.joinPath(Uri.file(this.changes.root), path);
	}
}

function sayNothingToShow(): void {
	void window.showInformationMessage(
		l10n.t("There is nothing to show: these changes were taken back, or belong to another run or session."),
	);
}

/** Undo Last Run and Undo Round: what was changed since is shown, and theirs to choose. */
import { commands, type Disposable, l10n, type QuickPickItem, Uri, window, workspace } from "vscode";
import type { Machine, UndoChoice, UndoConflict, UndoResult } from "../core/machine.ts";
import { orAborted } from "../core/or-aborted.ts";
import { plain } from "../core/plain-text.ts";
import type { RoundEntry } from "../core/timeline.ts";
import { isSameText, storedText } from "./file-text.ts";
import { CONTEXT_KEYS } from "./ids.ts";
import type { RunChanges } from "./run-changes.ts";
import type { RunController } from "./run-controller.ts";
import { ShownTexts } from "./shown-texts.ts";

const SCHEME = "jetbox-undo";

export interface UndoParts {
	readonly controller: RunController;
	readonly machine: Machine;
	readonly changes: RunChanges;
	/** Ends with the extension. */
	readonly signal: AbortSignal;
	/** Looks again at what the sidebar's empty state says. */
	readonly refresh: () => void;
}

export class UndoCommands implements Disposable {
	private readonly shown = new ShownTexts(SCHEME);

	constructor(private readonly parts: UndoParts) {}

	/**
	 * @param runId null: the last run
	 * @param root of the run's folder
	 * @returns false where there is none in the folder
	 * @throws UserError
	 */
	async undoRun(runId: string | null, root: string = this.parts.controller.root): Promise<boolean> {
		const isFound = await this.undo(runId, null, root);
		await commands.executeCommand("setContext", CONTEXT_KEYS.canUndo, false);
		return isFound;
	}

	/** @param round of the run that the sidebar shows; null: ask which @throws UserError */
	async undoRound(round: number | null): Promise<void> {
		const { runId, rounds } = this.parts.controller.timeline;
		const wanted = round ?? (await pickRound(rounds, this.parts.signal));
		if (wanted !== null) await this.undo(runId === "" ? null : runId, wanted, this.parts.controller.root);
	}

	/** @throws UserError */
	async undoRoundOf(runId: string, round: number): Promise<void> {
		await this.undo(runId, round, this.parts.controller.root);
	}

	dispose(): void {
		this.shown.dispose();
	}

	private async undo(runId: string | null, round: number | null, root: string): Promise<boolean> {
		const { controller, machine, changes, signal, refresh } = this.parts;
		await controller.stop();
		const result = await machine.undo(
			root,
			{ runId, round, choose: (conflict, ended) => this.choose(conflict, ended), unsavedFiles },
			signal,
		);
		const undone = [...(result?.restored ?? []), ...(result?.merged ?? [])];
		const isShown = runId === null || runId === controller.timelineOf(root).runId;
		// Other rounds may have changed a round's files, too.
		if (root === changes.root) {
			if (isShown) changes.takeBack(round === null ? undone : await standingAsBefore(changes, undone));
			else changes.settle(undone);
		}
		refresh();
		void tell(result);
		if (result !== null) await controller.probe(root);
		return result !== null;
	}

	private async choose(conflict: UndoConflict, signal: AbortSignal): Promise<UndoChoice> {
		const choices = choicesFor(conflict);
		for (;;) {
			const picked = await orAborted(
				window.showQuickPick(choices, {
					title: l10n.t("Undo {0}: {1}", conflict.path, conflict.reason),
					placeHolder: l10n.t("What should stand there?"),
					ignoreFocusOut: true,
				}),
				signal,
			);
			if (picked?.choice !== "show") return picked?.choice ?? "keep";
			await this.show(conflict);
		}
	}

	private async show({ path, now, before, merged }: UndoConflict): Promise<void> {
		const present = this.shown.show(path, now ?? "");
		const options = { preview: false, preserveFocus: true };
		const old = this.shown.show(path, before ?? "");
		await commands.executeCommand("vscode.diff", old, present, l10n.t("{0}: before the run, and now", path), options);
		if (merged === null) return;
		const clean = this.shown.show(path, merged);
		await commands.executeCommand("vscode.diff", present, clean, l10n.t("{0}: now, and merged", path), options);
	}
}

interface ChoiceItem extends QuickPickItem {
	readonly choice: UndoChoice | "show";
}

/** The first is the careful one. */
function choicesFor({ merged }: UndoConflict): readonly ChoiceItem[] {
	const merge: ChoiceItem = {
		label: l10n.t("Merge"),
		detail: l10n.t("Takes only the run's lines back; yours stay."),
		choice: "merge",
	};
	return [
		{ label: l10n.t("Keep mine"), detail: l10n.t("Leaves the file as it is now."), choice: "keep" },
		...(merged === null ? [] : [merge]),
		{
			label: l10n.t("Restore anyway"),
			detail: l10n.t("Puts back what stood there before the run; what stands there now goes."),
			choice: "restore",
		},
		{ label: l10n.t("Show the differences"), choice: "show" },
	];
}

/** Absolute paths of the files of which the editor holds unsaved text. */
function unsavedFiles(): readonly string[] {
	return workspace.textDocuments
		.filter(({ isDirty, uri }) => isDirty && uri.scheme === "file")
		.map(({ uri }) => uri.fsPath);
}

/** Null where nobody chose one, or none can be undone. */
async function pickRound(rounds: readonly RoundEntry[], signal: AbortSignal): Promise<number | null> {
	const items = rounds.flatMap(({ round, tools }) => {
		const files = [...new Set(tools.flatMap(({ result }) => result?.files ?? []))];
		return files.length === 0 ? [] : [{ label: l10n.t("Round {0}", round), description: files.join(", "), round }];
	});
	if (items.length === 0) {
		void window.showInformationMessage(l10n.t("No round of the last run changed a file."));
		return null;
	}
	const title = l10n.t("Jetbox: Undo Round");
	return (await orAborted(window.showQuickPick(items.toReversed(), { title }), signal))?.round ?? null;
}

/** Those of the files that are stored as they were before the run. */
async function standingAsBefore(changes: RunChanges, paths: readonly string[]): Promise<readonly string[]> {
	const before = new Map(changes.changesOf(null).map((change) => [change.path, change.before]));
	const texts = await Promise.all(paths.map((path) => storedText(Uri.joinPath(Uri.file(changes.root), path))));
	return paths.filter((path, index) => {
		const [then, now] = [before.get(path), texts[index]];
		if (typeof then !== "string" || typeof now !== "string") return then === now;
		return isSameText(then, now);
	});
}

async function tell(result: UndoResult | null): Promise<void> {
	if (result === null) {
		await window.showInformationMessage(l10n.t("There is no run to undo in this folder."));
		return;
	}
	const undone = plain([...result.restored, ...result.merged].join(", "));
	const skipped = plain(result.skipped.map(({ path, reason }) => `${path} (${reason})`).join(", "));
	if (result.damagedLines > 0)
		void window.showWarningMessage(
			l10n.t("A part of what undo kept could not be read. Look at the files of the run yourself."),
		);
	if (skipped === "")
		await window.showInformationMessage(l10n.t("Undone: {0}.", undone || l10n.t("nothing was changed")));
	else
		await window.showWarningMessage(l10n.t("Left as they are: {0}. Undone: {1}.", skipped, undone || l10n.t("none")));
}

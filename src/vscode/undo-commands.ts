/** Undo Last Run and Undo Round: what was changed since is shown, and theirs to choose. */
import { commands, type Disposable, l10n, type QuickPickItem, Uri, window, workspace } from "vscode";
import type { Machine, UndoChoice, UndoConflict, UndoResult } from "../core/machine.ts";
import { orAborted } from "../core/or-aborted.ts";
import { plain } from "../core/plain-text.ts";
import type { Logger } from "../core/ports.ts";
import { type RoundEntry, stillChanged } from "../core/timeline.ts";
import { isSameText, storedText } from "./file-text.ts";
import { CONTEXT_KEYS } from "./ids.ts";
import type { RunChanges } from "./run-changes.ts";
import type { RunController } from "./run-controller.ts";
import { ShownTexts } from "./shown-texts.ts";
import { told } from "./told.ts";
import { showError } from "./user-errors.ts";

const SCHEME = "jetbox-undo";

export interface UndoParts {
	readonly controller: RunController;
	readonly machine: Machine;
	readonly changes: RunChanges;
	readonly logger: Logger;
	/** Ends with the extension. */
	readonly signal: AbortSignal;
	/** Looks again at what the sidebar's empty state says. */
	readonly refresh: () => void;
}

export class UndoCommands implements Disposable {
	private readonly shown = new ShownTexts(SCHEME);

	constructor(private readonly parts: UndoParts) {}

	/**
	 * @param runId of an undone run the files that were skipped are tried again; null: the run that is shown where something of it
	 * is left, otherwise the last one that is not undone
	 * @param root of the run's folder
	 * @returns false where there is none in the folder
	 * @throws UserError
	 */
	async undoRun(runId: string | null, root: string = this.parts.controller.root): Promise<boolean> {
		const { controller } = this.parts;
		// What a run at work changed is known when it is over.
		await controller.stop();
		const timeline = controller.timelineOf(root);
		const shown = runId === null && stillChanged(timeline).length > 0 ? timeline.runId : null;
		const result = await this.takeBack(root, runId ?? shown, null);
		// The shown run's journal may be gone, damaged as it was.
		return this.conclude(root, result ?? (shown === null ? null : await this.takeBack(root, null, null)));
	}

	/** @param round of the run that the sidebar shows; null: ask which @throws UserError */
	async undoRound(round: number | null): Promise<void> {
		const { root, timeline } = this.parts.controller;
		const wanted = round ?? (await pickRound(timeline.rounds, this.parts.signal));
		const runId = timeline.runId === "" ? null : timeline.runId;
		if (wanted !== null) await this.conclude(root, await this.takeBack(root, runId, wanted));
	}

	/** @throws UserError */
	async undoRoundOf(runId: string, round: number): Promise<void> {
		const { root } = this.parts.controller;
		await this.conclude(root, await this.takeBack(root, runId, round));
	}

	dispose(): void {
		this.shown.dispose();
	}

	private async takeBack(root: string, runId: string | null, round: number | null): Promise<UndoResult | null> {
		const { controller, machine, signal } = this.parts;
		await controller.stop();
		return machine.undo(
			root,
			{ runId, round, choose: (conflict, ended) => this.choose(conflict, ended), unsavedFiles },
			signal,
		);
	}

	/** Brings what is shown in line with the undo, and says what it did. @returns whether there was something to undo */
	private async conclude(root: string, result: UndoResult | null): Promise<boolean> {
		const { controller, refresh, logger } = this.parts;
		if (result !== null) await this.note(root, result);
		const isLeft = stillChanged(controller.timeline).length > 0;
		await commands.executeCommand("setContext", CONTEXT_KEYS.canUndo, isLeft);
		refresh();
		void tell(result);
		// The files are back, whatever becomes of the probe: what the undo wrote, or a run that waits for it, makes a newer one.
		if (result !== null) controller.probe(root).catch((error: unknown) => showError(error, logger));
		return result !== null;
	}

	private async note(root: string, result: UndoResult): Promise<void> {
		const { controller, changes } = this.parts;
		const undone = [...result.restored, ...result.merged];
		const { runId, filesChanged } = controller.timelineOf(root);
		const isShown = result.runId === runId && result.round === null;
		const asBefore = isShown ? standingAsFound(result, filesChanged) : undone;
		// Other rounds may have changed a round's files, too.
		if (result.runId === changes.runId)
			changes.takeBack(result.round === null ? asBefore : await standingAsBefore(changes, undone));
		else if (changes.root === root) changes.settle(undone);
		// The changes that are held are those of a run in another folder.
		else if (isShown) controller.noteUndone(root, asBefore);
	}

	private async choose(conflict: UndoConflict, signal: AbortSignal): Promise<UndoChoice> {
		const choices = choicesFor(conflict);
		for (;;) {
			const picked = await orAborted(
				window.showQuickPick(choices, {
					title: l10n.t("Undo {0}: {1}", conflict.path, told(conflict.reason)),
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

/** Of a run that was undone as a whole: also the files that somebody else had put back before. @param changed by the run */
function standingAsFound(
	{ restored, merged, skipped, damagedLines }: UndoResult,
	changed: readonly string[],
): readonly string[] {
	const left = new Set(skipped.map(({ path }) => path));
	// A journal that could not be read whole says nothing about files that it does not name.
	const others = damagedLines > 0 ? [] : changed.filter((path) => !left.has(path));
	return [...new Set([...restored, ...merged, ...others])];
}

async function tell(result: UndoResult | null): Promise<void> {
	if (result === null) {
		await window.showInformationMessage(l10n.t("There is no run to undo in this folder."));
		return;
	}
	const undone = plain([...result.restored, ...result.merged].join(", "));
	const skipped = plain(result.skipped.map(({ path, reason }) => `${path} (${told(reason)})`).join(", "));
	if (result.damagedLines > 0)
		void window.showWarningMessage(
			l10n.t("A part of what undo kept could not be read. Look at the files of the run yourself."),
		);
	if (skipped === "")
		await window.showInformationMessage(l10n.t("Undone: {0}.", undone || l10n.t("nothing was changed")));
	else
		await window.showWarningMessage(l10n.t("Left as they are: {0}. Undone: {1}.", skipped, undone || l10n.t("none")));
}

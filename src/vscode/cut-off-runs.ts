/** A run that a crash, a reload or a power loss cut off: offered when the workspace opens, and from the palette. */
import { l10n, type QuickPickItem, Uri, window, workspace } from "vscode";
import type { Machine, ResumableRun } from "../core/machine.ts";
import { orAborted } from "../core/or-aborted.ts";
import { plain } from "../core/plain-text.ts";
import type { Logger } from "../core/ports.ts";
import { type CutOff, type CutOffWay, cutOffOf, halfDoneOf } from "../core/record/cut-off.ts";
import type { FolderChoice } from "./folder-choice.ts";
import type { UndoCommands } from "./undo-commands.ts";
import { showError, taskRunning } from "./user-errors.ts";

/** A window that is reloaded may still hold its run for the five seconds that the editor grants it. */
const LOOKS = 5;
const LOOK_AGAIN_MS = 2_000;
const SHOWN_FILES = 5;
const SHOWN_TASK_CHARS = 80;

export interface CutOffParts {
	readonly machine: Machine;
	readonly folders: FolderChoice;
	readonly undo: UndoCommands;
	readonly isRunning: () => boolean;
	/** Goes on with the run, to its end. */
	readonly resume: (run: ResumableRun) => Promise<unknown>;
	readonly logger: Logger;
	/** Ends with the extension. */
	readonly signal: AbortSignal;
}

export class CutOffRuns {
	constructor(private readonly parts: CutOffParts) {}

	/** Looks for one in the chosen folder, and offers it in a notification. Never fails. */
	async offer(): Promise<void> {
		const { folders, logger, signal } = this.parts;
		const root = folders.rootOrNull;
		if (!workspace.isTrusted || root === null) return;
		try {
			const cutOff = await this.findFree(root);
			if (cutOff === null) return;
			const words = wayWords();
			const buttons = cutOff.ways.map((way) => words[way].label);
			const pressed = await orAborted(window.showWarningMessage(wordsOf(cutOff), ...buttons), signal);
			const way = cutOff.ways.find((one) => words[one].label === pressed);
			if (way !== undefined) await this.take(root, cutOff.runId, way);
		} catch (error) {
			void showError(error, logger);
		}
	}

	/**
	 * The same choice from the palette.
	 * @param given a way that a key binding names; anything else asks
	 * @throws UserError
	 */
	async choose(given: unknown): Promise<void> {
		const { root } = this.parts.folders;
		const cutOff = await this.find(root, null);
		if (cutOff === null) return this.sayNone(root);
		const way = cutOff.ways.find((one) => one === given) ?? (await this.pick(cutOff));
		if (way !== null) await this.take(root, cutOff.runId, way);
	}

	private async sayNone(root: string): Promise<void> {
		const isBusy = await this.parts.machine.isAtWork(root);
		void window.showInformationMessage(
			isBusy ? l10n.t("A run or an undo is at work in this folder.") : l10n.t("No run of this folder is cut off."),
		);
	}

	private async pick(cutOff: CutOff): Promise<CutOffWay | null> {
		const words = wayWords();
		const items = cutOff.ways.map((way): WayItem => ({ ...words[way], way }));
		const picked = await orAborted(window.showQuickPick(items, { title: wordsOf(cutOff) }), this.parts.signal);
		return picked?.way ?? null;
	}

	private async find(root: string, runId: string | null): Promise<CutOff | null> {
		const found = await this.parts.machine.resumableRun(root, runId);
		return found === null ? null : cutOffOf(found);
	}

	private async findFree(root: string): Promise<CutOff | null> {
		const { machine, signal } = this.parts;
		for (let looked = 1; ; looked += 1) {
			const cutOff = await this.find(root, null);
			if (cutOff !== null || looked === LOOKS || !(await machine.isAtWork(root))) return cutOff;
			await orAborted(new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS)), signal);
		}
	}

	private async take(root: string, runId: string, way: CutOffWay): Promise<void> {
		const { folders, machine, undo, isRunning } = this.parts;
		// The notification may have stood there for long.
		if (isRunning()) throw taskRunning(l10n.t("Wait for its end, then choose Jetbox: Resume Cut-Off Run."));
		await folders.chooseFor(Uri.file(root));
		if (folders.rootOrNull !== root || (await this.find(root, runId)) === null) {
			void window.showInformationMessage(l10n.t("That run is no longer cut off, or is at work in another window."));
			return;
		}
		switch (way) {
			case "resume":
				return this.resume(root, runId);
			case "undo":
				await undo.undoRun(runId);
				return;
			case "keep":
				await machine.keepRun(root, runId);
				void window.showInformationMessage(l10n.t("What the run did stands. Undo Last Run can still take it back."));
		}
	}

	private async resume(root: string, runId: string): Promise<void> {
		const { machine, undo, resume, signal } = this.parts;
		const found = await machine.resumableRun(root, runId);
		const half = found === null ? null : halfDoneOf(found);
		if (half === null) {
			if (found !== null) await resume(found);
			return;
		}
		const goOn = { label: l10n.t("Go on from what stands") };
		const undoFirst = { label: l10n.t("Undo that round first") };
		const title = l10n.t("Round {0} was cut off after {1} of {2} calls.", half.round, half.done, half.of);
		const picked = await orAborted(window.showQuickPick([goOn, undoFirst], { title, ignoreFocusOut: true }), signal);
		if (picked === undefined) return;
		if (picked === undoFirst) await undo.undoRoundOf(runId, half.round);
		const now = await machine.resumableRun(root, runId);
		if (now !== null) await resume(now);
	}
}

interface WayItem extends QuickPickItem {
	readonly way: CutOffWay;
}

function wayWords(): Readonly<Record<CutOffWay, { readonly label: string; readonly detail: string }>> {
	return {
		resume: { label: l10n.t("Resume"), detail: l10n.t("Goes on with the next round; no call is done twice.") },
		undo: { label: l10n.t("Undo"), detail: l10n.t("Puts back what the run changed.") },
		keep: { label: l10n.t("Keep"), detail: l10n.t("Leaves the files as they are, and does not ask again.") },
	};
}

function wordsOf({ task, rounds, files }: CutOff): string {
	const name = task.length > SHOWN_TASK_CHARS ? `${task.slice(0, SHOWN_TASK_CHARS)}...` : task;
	const shown = files.slice(0, SHOWN_FILES).join(", ");
	const more = files.length - SHOWN_FILES;
	const changed = files.length === 0 ? l10n.t("none") : more > 0 ? l10n.t("{0} and {1} more", shown, more) : shown;
	return plain(l10n.t("A run was cut off: {0}. Rounds: {1}. Changed files: {2}.", name, rounds, changed));
}

/**
 * The review at the end of a run whose edits were not asked one by one: they are shown together, and kept or taken back.
 * Until then the review waits; closing its question decides nothing. It is of this session only; undo has its own journal.
 */

export type ReviewAnswer = "keep" | "undo" | null;

export interface EndReviewParts {
	readonly changes: {
		/** Files that are neither kept nor taken back. */
		readonly openFiles: readonly string[];
		settle(paths: readonly string[]): void;
		onChange(listener: () => void): unknown;
	};
	/** Shows every change of the run. */
	readonly show: () => Promise<void>;
	/** Takes the run back; false where it could not. */
	readonly undo: (runId: string) => Promise<boolean>;
	/** null: left open. @param isBlocking a new run waits for the answer */
	readonly ask: (files: number, isBlocking: boolean) => Promise<ReviewAnswer>;
	readonly onWaiting: (isWaiting: boolean) => void;
}

export class EndReview {
	/** The run whose review waits. */
	private runId: string | null = null;

	constructor(private readonly parts: EndReviewParts) {
		parts.changes.onChange(() => parts.onWaiting(this.isWaiting));
	}

	/** False as soon as each file was kept or taken back on its own. */
	get isWaiting(): boolean {
		return this.runId !== null && this.parts.changes.openFiles.length > 0;
	}

	/** A run has ended, however: its review waits where it changed something. */
	expect(runId: string): void {
		this.runId = runId;
		this.parts.onWaiting(this.isWaiting);
	}

	/** Shows and asks, where a review waits. */
	async ask(): Promise<void> {
		if (this.isWaiting) await this.parts.show();
		await this.settle(false);
	}

	/** Before a new run, whose changes take the place of these. @returns false: the review still waits, so no run begins */
	async settleFirst(): Promise<boolean> {
		await this.settle(true);
		return !this.isWaiting;
	}

	private async settle(isBlocking: boolean): Promise<void> {
		const { ask, changes, undo } = this.parts;
		const asked = this.runId;
		if (asked === null || !this.isWaiting) return;
		const answer = await ask(changes.openFiles.length, isBlocking);
		// The review may have been settled elsewhere while this question stood.
		if (answer === null || asked !== this.runId || !this.isWaiting) return;
		if (answer === "undo" && !(await undo(asked))) return;
		this.runId = null;
		// What undo left as it is, was the person's choice too.
		changes.settle(changes.openFiles);
	}
}

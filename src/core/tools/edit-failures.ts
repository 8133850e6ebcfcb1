/** Edits that did not fit, by file: after two in a row the file is to be sent whole. */

const WHOLE_AFTER = 2;

export class EditFailures {
	private readonly counts = new Map<string, number>();
	private readonly due = new Set<string>();

	/** @returns how many edits of the file did not fit since it last changed */
	count(path: string): number {
		return this.counts.get(path) ?? 0;
	}

	/** @param canGoWhole whether the file's text fits into an answer */
	failed(path: string, canGoWhole: boolean): void {
		const count = this.count(path) + 1;
		this.counts.set(path, count);
		if (count >= WHOLE_AFTER && canGoWhole) this.due.add(path);
	}

	changed(path: string): void {
		this.counts.delete(path);
		this.due.delete(path);
	}

	/** Whether enough of them failed to ask for the whole file. */
	tooMany(path: string): boolean {
		return this.count(path) >= WHOLE_AFTER;
	}

	/** Whether some file is waited for whole, so that another edit would be in vain. */
	get wantWhole(): boolean {
		return this.due.size > 0;
	}
}

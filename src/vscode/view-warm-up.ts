/** Loads the model while the person still thinks about the task: once for each model, when the view opens. */
import type { Machine } from "../core/machine.ts";
import { readSettings } from "./settings.ts";

export class ViewWarmUp {
	private warmed = "";

	constructor(
		private readonly machine: Machine,
		private readonly signal: AbortSignal,
	) {}

	/** @param model that the next run would use; nothing happens for one that was warmed already */
	begin(model: string): void {
		const { warmUp, model: choice, server } = readSettings(null);
		const subject = JSON.stringify([model, server]);
		if (!warmUp || subject === this.warmed) return;
		this.warmed = subject;
		// A failure is the run's to report.
		this.machine.warmUp(choice, this.signal).catch(() => undefined);
	}
}

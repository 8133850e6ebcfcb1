/**
 * Whose turn it is to probe: one probe at a time, over all folders, and none beside a run. The newest comes first; what it interrupts
 * in another folder is owed, and begins again once nothing else is at work.
 */
import { deferred } from "./deferred.ts";

/** Why a probe was cancelled for which a newer one, or a run, came. */
export const SUPERSEDED = new DOMException("A newer probe takes its place.", "AbortError");

interface Turn {
	/** Absolute path of the folder. */
	readonly root: string;
	readonly abort: AbortController;
	readonly done: Promise<void>;
}

export class ProbeTurns {
	private atWork: Turn | null = null;
	/** Calls that wait for the end of what they interrupted. */
	private arriving = 0;
	/** Of the folder with a run, which probes it by itself. */
	private heldBy: string | null = null;
	/** Folders whose probe was interrupted by another folder's work. */
	private readonly owed = new Set<string>();

	/** @param again begins an owed probe anew, and shows its failure */
	constructor(private readonly again: (root: string) => void) {}

	get isBusy(): boolean {
		return this.atWork !== null || this.arriving > 0;
	}

	/** Resolves when the probe of now has ended. */
	async ended(): Promise<void> {
		await this.atWork?.done;
	}

	/**
	 * @param root of the folder that `probe` looks at
	 * @returns null where a run is at work: a probe of another folder than the run's then waits for its end
	 * @throws SUPERSEDED where something newer came
	 */
	async take<T>(root: string, probe: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
		this.arriving += 1;
		// Several callers may wait for the same probe's end: each that goes on ends the one before it (F71).
		while (this.atWork !== null) await this.interrupt(root);
		this.arriving -= 1;
		if (this.heldBy !== null) {
			if (this.heldBy !== root) this.owed.add(root);
			return null;
		}
		this.owed.delete(root);
		const abort = new AbortController();
		const { promise: done, resolve: end } = deferred();
		this.atWork = { root, abort, done };
		try {
			return await probe(abort.signal);
		} catch (error) {
			throw abort.signal.reason === SUPERSEDED ? SUPERSEDED : error;
		} finally {
			this.atWork = null;
			end();
			this.settleOwed();
		}
	}

	/** A run begins: resolves when no probe is at work any more, and none begins until `release`. */
	async hold(root: string): Promise<void> {
		this.heldBy = root;
		this.owed.delete(root);
		await this.interrupt(root);
	}

	release(): void {
		this.heldBy = null;
		this.settleOwed();
	}

	/** Ends what is at work, and what is owed with it. */
	async cancel(reason: DOMException): Promise<void> {
		this.owed.clear();
		this.atWork?.abort.abort(reason);
		await this.atWork?.done;
	}

	/** As `cancel`, for these folders alone. */
	async cancelIn(roots: readonly string[], reason: DOMException): Promise<void> {
		for (const root of roots) this.owed.delete(root);
		if (this.atWork !== null && roots.includes(this.atWork.root)) {
			this.atWork.abort.abort(reason);
			await this.atWork.done;
		}
	}

	/** @param comer of the folder that comes first */
	private async interrupt(comer: string): Promise<void> {
		if (this.atWork === null) return;
		const { root, abort, done } = this.atWork;
		if (root !== comer && !abort.signal.aborted) this.owed.add(root);
		abort.abort(SUPERSEDED);
		await done;
	}

	private settleOwed(): void {
		if (this.isBusy || this.heldBy !== null) return;
		const [root] = this.owed;
		if (root === undefined) return;
		this.owed.delete(root);
		this.again(root);
	}
}

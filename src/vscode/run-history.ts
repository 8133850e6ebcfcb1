/** The finished runs of this workspace: a few figures each in the editor's memory, the whole of each in a file of the editor's storage. */
import { type Disposable, EventEmitter, type Memento, Uri, workspace } from "vscode";
import { isAbort } from "../core/errors.ts";
import type { Logger } from "../core/ports.ts";
import type { PastRun } from "../core/run-report.ts";
import { isRunSummary, type RunSummary, summaryOf } from "../core/run-summary.ts";
import type { Timeline } from "../core/timeline.ts";

const KEY = "jetbox.history";
const KEPT_RUNS = 50;
/** Of one run's file; its figures stay true. */
const KEPT_FINDINGS = 500;

export class RunHistory implements Disposable {
	private readonly changed = new EventEmitter<void>();
	readonly onChange = this.changed.event;
	private summaries: readonly RunSummary[];
	private writing: Promise<void> = Promise.resolve();

	/** @param storage folder of this workspace in the editor's storage; undefined where no folder is open: nothing is kept then */
	constructor(
		private readonly memory: Memento,
		private readonly storage: Uri | undefined,
		private readonly logger: Logger,
	) {
		const known: unknown = memory.get(KEY);
		this.summaries = Array.isArray(known) ? known.filter(isRunSummary) : [];
	}

	/** Newest first. */
	get runs(): readonly RunSummary[] {
		return this.summaries;
	}

	/** Keeps a finished run; one that still goes on is passed over. */
	add(timeline: Timeline, startedAt: Date): Promise<void> {
		const summary = summaryOf(timeline, startedAt.toISOString());
		if (summary === null || this.storage === undefined) return Promise.resolve();
		const kept: PastRun = {
			summary,
			timeline: { ...timeline, findings: timeline.findings.slice(0, KEPT_FINDINGS) },
		};
		// A run that went on after it was cut off is one run.
		const others = this.summaries.filter(({ runId }) => runId !== summary.runId);
		const dropped = others.slice(KEPT_RUNS - 1);
		return this.change([summary, ...others.slice(0, KEPT_RUNS - 1)], async () => {
			await workspace.fs.writeFile(this.fileOf(summary.runId), new TextEncoder().encode(JSON.stringify(kept)));
			for (const { runId } of dropped) await this.remove(runId);
		});
	}

	/** The whole of a run; null where its file is gone or damaged. */
	async load(runId: string): Promise<PastRun | null> {
		if (!this.summaries.some((run) => run.runId === runId)) return null;
		try {
			const kept: unknown = JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(this.fileOf(runId))));
			return isPastRun(kept) && kept.summary.runId === runId ? kept : null;
		} catch (error) {
			this.logger.warn(`The run ${runId} cannot be read: ${String(error)}`);
			return null;
		}
	}

	forget(runId: string): Promise<void> {
		return this.change(
			this.summaries.filter((run) => run.runId !== runId),
			() => this.remove(runId),
		);
	}

	dispose(): void {
		this.changed.dispose();
	}

	private change(summaries: readonly RunSummary[], files: () => Promise<void>): Promise<void> {
		this.summaries = summaries;
		this.changed.fire();
		// One after the other: a slow disk must not bring an older list back.
		this.writing = this.writing.then(async () => {
			try {
				await this.memory.update(KEY, summaries);
				await files();
			} catch (error) {
				if (!isAbort(error)) this.logger.warn(`The history of runs cannot be written: ${String(error)}`);
			}
		});
		return this.writing;
	}

	private async remove(runId: string): Promise<void> {
		const file = this.fileOf(runId);
		await workspace.fs.delete(file).then(undefined, () => undefined);
	}

	private fileOf(runId: string): Uri {
		if (this.storage === undefined) throw new Error("There is no storage without a folder.");
		return Uri.joinPath(this.storage, "runs", `${runId.replaceAll(/[^A-Za-z0-9-]/g, "")}.json`);
	}
}

/** The page looks at the rest once more, and drops what it cannot show. */
function isPastRun(value: unknown): value is PastRun {
	if (typeof value !== "object" || value === null || !("summary" in value) || !("timeline" in value)) return false;
	const { summary, timeline } = value;
	return isRunSummary(summary) && typeof timeline === "object" && timeline !== null && "rounds" in timeline;
}

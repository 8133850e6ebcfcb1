/** One run, or one probe outside a run, at a time; owns the engines and the stream of events that every part of the editor shows. */
import { type Disposable, EventEmitter, l10n, workspace } from "vscode";
import { isAbort, UserError } from "../core/errors.ts";
import type { Outcome } from "../core/events.ts";
import type { ConnectedModel, EngineProbes, Machine, OpenedRun, ResumableRun } from "../core/machine.ts";
import { PRACTICE_MODEL } from "../core/model/model-choice.ts";
import type { Approver, Clock, Logger } from "../core/ports.ts";
import { probeStep } from "../core/probe-step.ts";
import { resumePoint } from "../core/record/kept-run.ts";
import type { Probed } from "../core/round-record.ts";
import type { RunMode } from "../core/run-mode.ts";
import type { Timeline } from "../core/timeline.ts";
import { withConnectProgress } from "./connect-progress.ts";
import { deferred } from "./deferred.ts";
import { createEditorWorkspace } from "./editor-workspace.ts";
import { Engines } from "./engines.ts";
import type { FolderChoice } from "./folder-choice.ts";
import { type FolderEvent, FolderTimelines } from "./folder-timelines.ts";
import { ProbeTurns, SUPERSEDED } from "./probe-turns.ts";
import type { RunChanges } from "./run-changes.ts";
import type { SandboxConsent } from "./sandbox-consent.ts";
import { obtainServerConsent } from "./server-consent.ts";
import { readSettings } from "./settings.ts";
import { taskRunning } from "./user-errors.ts";
import { yieldToHost } from "./yield-to-host.ts";

const NO_PROGRESS_ROUNDS = 2;
/** Of the setting: nobody chose a model. */
const ANY_MODEL = "auto";
/** Events of a probe outside a run. */
const NO_ROUND = 0;

export interface RunControllerParts {
	readonly machine: Machine;
	readonly approver: Approver;
	readonly consent: SandboxConsent;
	readonly folders: FolderChoice;
	readonly changes: RunChanges;
	readonly clock: Clock;
	readonly logger: Logger;
}

interface Work {
	readonly task: string;
	readonly mode: RunMode;
	/** Texts that the task refers to, for the model. */
	readonly context: string;
	/** The run that goes on; null: a new one. */
	readonly resumed: ResumableRun | null;
}

export class RunController implements Disposable {
	private readonly events = new EventEmitter<FolderEvent>();
	private readonly states = new EventEmitter<void>();
	/** Every event of runs and of probes outside them. */
	readonly onEvent = this.events.event;
	/** A run began or ended. */
	readonly onStateChange = this.states.event;
	private current: { readonly root: string; readonly abort: AbortController; readonly done: Promise<void> } | null =
		null;
	private readonly turns = new ProbeTurns((root) => this.probeAgain(root));
	private readonly engines: Engines;
	private readonly timelines: FolderTimelines;
	private opened: OpenedRun | null = null;

	constructor(private readonly parts: RunControllerParts) {
		const { machine, clock, logger } = parts;
		this.engines = new Engines(machine);
		this.timelines = new FolderTimelines(
			clock,
			(event) => this.events.fire(event),
			(error) => logger.error("A view failed.", error),
		);
	}

	get running(): boolean {
		return this.current !== null;
	}

	/** Of the folder in which a run is at work; null: none is. */
	get runRoot(): string | null {
		return this.current?.root ?? null;
	}

	/** Of the run that is at work, else of the chosen folder. */
	get timeline(): Timeline {
		return this.timelineOf(this.runRoot ?? this.parts.folders.rootOrNull ?? "");
	}

	/** @param root of the folder */
	timelineOf(root: string): Timeline {
		return this.timelines.of(root);
	}

	/** Of the folder that runs and probes work on. @throws UserError `no-workspace` */
	get root(): string {
		return this.parts.folders.root;
	}

	/**
	 * Runs a task to its end.
	 * @param context texts that the task refers to, for the model
	 * @throws UserError for everything that is wrong before the run begins
	 */
	async run(task: string, mode: RunMode, context: string): Promise<Outcome | null> {
		return this.begin({ task: task.trim(), mode, context, resumed: null });
	}

	/**
	 * Goes on with a run from its record, as the run that it is, to its end.
	 * @param context as for `run`
	 * @throws UserError as `run`
	 */
	async resume(resumed: ResumableRun, context: string): Promise<Outcome | null> {
		const { task, mode } = resumed.run;
		return this.begin({ task, mode, context, resumed });
	}

	private async begin(work: Work): Promise<Outcome | null> {
		if (this.current !== null) throw taskRunning();
		if (!workspace.isTrusted)
			throw new UserError(
				"usage",
				l10n.t("This workspace is not trusted."),
				l10n.t("Trust it first (Workspaces: Manage Workspace Trust)."),
			);
		if (work.task === "")
			throw new UserError(
				"usage",
				l10n.t("The task is empty."),
				l10n.t("Say what to do, for example: Make the failing tests pass."),
			);
		const root = this.root;
		const abort = new AbortController();
		const ended = deferred();
		this.current = { root, abort, done: ended.promise };
		this.states.fire();
		try {
			await this.turns.hold(root);
			return await this.perform(root, work, abort.signal);
		} finally {
			this.current = null;
			ended.resolve();
			this.states.fire();
			this.turns.release();
		}
	}

	/** Ends the run; resolves when nothing of it is left. */
	async stop(): Promise<void> {
		const stopped = new DOMException("Stopped by you.", "AbortError");
		this.current?.abort.abort(stopped);
		await Promise.all([this.current?.done, this.turns.cancel(stopped)]);
	}

	/** Folders left the workspace: what is at work in them ends, and their engines with it; what is at work elsewhere goes on. */
	async leave(roots: readonly string[]): Promise<void> {
		const left = new DOMException("The folder left the workspace.", "AbortError");
		const run = this.current !== null && roots.includes(this.current.root) ? this.current : null;
		run?.abort.abort(left);
		await Promise.all([run?.done, this.turns.cancelIn(roots, left)]);
		await this.engines.close(roots);
	}

	/**
	 * One probe outside a run; a newer one takes the place of an older one, which begins again after it where it is of another folder.
	 * @param root of the folder; the chosen one's where it is left out
	 * @returns null while a run is at work: its folder is probed by it, another one once it has ended
	 */
	async probe(root: string = this.root): Promise<Probed | null> {
		return this.turns.take(root, async (signal) => {
			const probes = await this.openProbes(root, signal);
			const previous = this.engines.lastReport(root);
			const { clock } = this.parts;
			const context = { parts: { probes }, emit: this.timelines.emitterFor(root), clock, round: NO_ROUND, previous };
			const probed = await probeStep(context, signal);
			this.engines.keepReport(root, probed.report);
			return probed;
		});
	}

	/**
	 * As `probe`, for a caller who waits for what it tells: where a newer probe took its place, it asks again once that has ended; where a
	 * run did, it is null at once.
	 * @param signal gives up waiting; the probe itself ends by `stop`
	 */
	async probeToItsEnd(signal: AbortSignal): Promise<Probed | null> {
		for (;;) {
			try {
				return await this.probe();
			} catch (error) {
				signal.throwIfAborted();
				if (error !== SUPERSEDED) throw error;
				if (this.running) return null;
				await this.idle();
				signal.throwIfAborted();
			}
		}
	}

	/** The engine, for Check Setup. */
	async describeTools(signal: AbortSignal): ReturnType<EngineProbes["describe"]> {
		return this.engines.of(this.root).describe(signal);
	}

	/** Ends the engines, so that the next probe starts one with the settings of then; what is at work goes on to its end first. */
	async closeEngines(): Promise<void> {
		await this.idle();
		await this.engines.close();
	}

	/** Resolves when neither a run nor a probe is under way. */
	async idle(): Promise<void> {
		do await Promise.all([this.current?.done, this.turns.ended()]);
		while (this.running || this.turns.isBusy);
	}

	dispose(): void {
		void this.close();
	}

	/** Ends everything and waits for it. A run that this cuts off is offered again. */
	async close(): Promise<void> {
		this.opened?.leaveOpen();
		await this.stop();
		await this.engines.close();
		this.events.dispose();
		this.states.dispose();
	}

	private async perform(root: string, work: Work, signal: AbortSignal): Promise<Outcome> {
		const runId = work.resumed?.run.runId ?? crypto.randomUUID();
		const opened = await this.parts.machine.openRun(root, runId);
		this.opened = opened;
		try {
			await yieldToHost();
			return await this.runOpened(root, runId, work, opened, signal);
		} finally {
			this.opened = null;
			await opened.dispose();
		}
	}

	private async runOpened(
		root: string,
		runId: string,
		{ task, mode, context, resumed }: Work,
		{ workspace: disk, record, notices }: OpenedRun,
		signal: AbortSignal,
	): Promise<Outcome> {
		const { approver, changes, clock, logger } = this.parts;
		const settings = readSettings(root);
		const choice = settings.model === ANY_MODEL ? (resumed?.run.model ?? ANY_MODEL) : settings.model;
		const [probes, connected] = await both(
			this.openProbes(root, signal),
			yieldToHost().then(() => this.connect(choice, signal)),
		);
		try {
			changes.begin(root, runId);
			const noted = changes.noting(
				createEditorWorkspace(disk, root),
				() => this.timelineOf(root).rounds.at(-1)?.round ?? 1,
			);
			await yieldToHost();
			// The loop is read when a task is: it is not part of the window's start.
			const { run } = await import("../core/run.ts");
			return await run(
				{ model: connected.model, probes, workspace: noted, approver, record },
				{
					runId,
					task,
					mode,
					context,
					resume: resumed === null ? null : resumePoint(resumed.run, resumed.undoneRounds),
					notices,
					maxRounds: settings.maxRounds,
					maxMinutes: settings.maxMinutes,
					approve: settings.approve === "ask" ? "ask" : "edits",
					besideModel: settings.besideModel,
					// The practice model's way is to try one repair after the other.
					noProgressRounds: choice === PRACTICE_MODEL ? settings.maxRounds : NO_PROGRESS_ROUNDS,
					loop: { escalation: choice !== PRACTICE_MODEL },
				},
				[(event) => this.timelines.take(root, event)],
				{ clock, logger },
				signal,
			);
		} finally {
			this.engines.keepReport(root, null);
			await connected.dispose();
		}
	}

	private async connect(choice: string, signal: AbortSignal): Promise<ConnectedModel> {
		const { machine } = this.parts;
		if (choice !== PRACTICE_MODEL) await obtainServerConsent(machine, signal);
		return withConnectProgress(
			(onProgress) => machine.connectModel(choice, onProgress, signal),
			() => void this.stop(),
		);
	}

	private async openProbes(root: string, signal: AbortSignal): Promise<EngineProbes> {
		const { consent } = this.parts;
		const probes = this.engines.of(root);
		if ((await consent.obtain(readSettings(root).probes.sandbox, root, probes, signal)) === "as-is") return probes;
		await this.engines.close();
		return this.engines.of(root);
	}

	private probeAgain(root: string): void {
		this.probe(root).catch((error: unknown) => {
			if (!isAbort(error)) this.parts.logger.warn(`A probe failed: ${String(error)}`);
		});
	}

	/**
	 * The last run of a folder had files put back.
	 * @param root of the folder
	 * @param files workspace-relative
	 */
	noteUndone(root: string, files: readonly string[]): void {
		if (files.length > 0) this.timelines.emitterFor(root)({ type: "undone", files });
	}
}

/** Both results; where the first fails, what the second opens later is closed. */
async function both<A, B extends { dispose(): Promise<void> }>(
	first: Promise<A>,
	second: Promise<B>,
): Promise<readonly [A, B]> {
	try {
		return await Promise.all([first, second]);
	} catch (error) {
		void second.then(
			(late) => late.dispose(),
			() => undefined,
		);
		throw error;
	}
}

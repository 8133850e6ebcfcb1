/** One run, or one probe outside a run, at a time; owns the engines and the stream of events that every part of the editor shows. */
import { type Disposable, EventEmitter, l10n, workspace } from "vscode";
import { UserError } from "../core/errors.ts";
import { createEmitter, type Outcome, type RunEvent } from "../core/events.ts";
import type { ConnectedModel, EngineProbes, Machine, OpenedRun, ResumableRun } from "../core/machine.ts";
import { PRACTICE_MODEL } from "../core/model/model-choice.ts";
import type { Approver, Clock, Logger } from "../core/ports.ts";
import { probeStep } from "../core/probe-step.ts";
import { resumePoint } from "../core/record/kept-run.ts";
import type { Probed } from "../core/round-record.ts";
import type { RunMode } from "../core/run-mode.ts";
import { EMPTY_TIMELINE, reduce, type Timeline } from "../core/timeline.ts";
import { withConnectProgress } from "./connect-progress.ts";
import { createEditorWorkspace } from "./editor-workspace.ts";
import { Engines } from "./engines.ts";
import type { FolderChoice } from "./folder-choice.ts";
import type { RunChanges } from "./run-changes.ts";
import type { SandboxConsent } from "./sandbox-consent.ts";
import { obtainServerConsent } from "./server-consent.ts";
import { readSettings } from "./settings.ts";

const NO_PROGRESS_ROUNDS = 2;
/** Of the setting: nobody chose a model. */
const ANY_MODEL = "auto";
/** Events of a probe outside a run. */
const NO_ROUND = 0;
/** Why a probe was cancelled for which a newer one, or a run, came. */
const SUPERSEDED = new DOMException("A newer probe takes its place.", "AbortError");

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
	private readonly events = new EventEmitter<RunEvent>();
	private readonly states = new EventEmitter<void>();
	/** Every event of runs and of probes outside them. */
	readonly onEvent = this.events.event;
	/** A run began or ended. */
	readonly onStateChange = this.states.event;
	private current: { readonly abort: AbortController; readonly done: Promise<void> } | null = null;
	private probing: { readonly abort: AbortController; readonly done: Promise<void> } | null = null;
	private readonly engines: Engines;
	/** By the folder's path. */
	private readonly timelines = new Map<string, Timeline>();
	private eventRoot = "";
	private opened: OpenedRun | null = null;

	constructor(private readonly parts: RunControllerParts) {
		this.engines = new Engines(parts.machine);
	}

	get running(): boolean {
		return this.current !== null;
	}

	/** Of the chosen folder. */
	get timeline(): Timeline {
		return this.timelines.get(this.running ? this.eventRoot : this.rootOrNone) ?? EMPTY_TIMELINE;
	}

	/** Whether the events of now are about the chosen folder. */
	get isShown(): boolean {
		return this.eventRoot === this.rootOrNone;
	}

	/** Of the folder that the events of now are about, also after it left the workspace. */
	get probedRoot(): string {
		return this.eventRoot;
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
		if (this.current !== null)
			throw new UserError(
				"usage",
				l10n.t("A task is running already."),
				l10n.t("Wait for its end, or stop it first (Jetbox: Stop)."),
			);
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
		this.current = { abort, done: ended.promise };
		this.eventRoot = root;
		this.states.fire();
		try {
			await this.cancelProbe(SUPERSEDED);
			return await this.perform(root, work, abort.signal);
		} finally {
			this.current = null;
			ended.resolve();
			this.states.fire();
		}
	}

	/** Ends the run; resolves when nothing of it is left. */
	async stop(): Promise<void> {
		const stopped = new DOMException("Stopped by you.", "AbortError");
		this.current?.abort.abort(stopped);
		await Promise.all([this.current?.done, this.cancelProbe(stopped)]);
	}

	/**
	 * One probe outside a run; a newer one takes the place of an older one.
	 * @param root of the folder; the chosen one's where it is left out
	 * @returns null while a run probes by itself: then nothing happens
	 */
	async probe(root: string = this.root): Promise<Probed | null> {
		if (this.current !== null) return null;
		// Several callers may wait for the same probe's end: each that goes on ends the one before it (F71).
		while (this.probing !== null) await this.cancelProbe(SUPERSEDED);
		if (this.running) return null;
		const abort = new AbortController();
		const ended = deferred();
		const own = { abort, done: ended.promise };
		this.probing = own;
		this.eventRoot = root;
		const emit = createEmitter(this.parts.clock, [(event) => this.take(event)], (error) =>
			this.parts.logger.error("A view failed.", error),
		);
		try {
			const probes = await this.openProbes(root, abort.signal);
			const previous = this.engines.lastReport(root);
			const context = { parts: { probes }, emit, clock: this.parts.clock, round: NO_ROUND, previous };
			const probed = await probeStep(context, abort.signal);
			this.engines.keepReport(root, probed.report);
			return probed;
		} catch (error) {
			throw abort.signal.reason === SUPERSEDED ? SUPERSEDED : error;
		} finally {
			if (this.probing === own) this.probing = null;
			ended.resolve();
		}
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
		while (this.current !== null || this.probing !== null) await this.idle();
		await this.engines.close();
	}

	/** Resolves when neither a run nor a probe is under way. */
	async idle(): Promise<void> {
		await Promise.all([this.current?.done, this.probing?.done]);
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
		const [probes, connected] = await both(this.openProbes(root, signal), this.connect(choice, signal));
		try {
			changes.begin(root, runId);
			const noted = changes.noting(createEditorWorkspace(disk, root), () => this.roundOfNow);
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
				[(event) => this.take(event)],
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

	private async cancelProbe(reason: DOMException): Promise<void> {
		this.probing?.abort.abort(reason);
		await this.probing?.done;
	}

	private get rootOrNone(): string {
		return this.parts.folders.rootOrNull ?? "";
	}

	private get roundOfNow(): number {
		return this.timelines.get(this.eventRoot)?.rounds.at(-1)?.round ?? 1;
	}

	/** The run that is shown had files put back. @param files workspace-relative */
	noteUndone(files: readonly string[]): void {
		if (files.length === 0) return;
		this.eventRoot = this.root;
		const emit = createEmitter(this.parts.clock, [(event) => this.take(event)], (error) =>
			this.parts.logger.error("A view failed.", error),
		);
		emit({ type: "undone", files });
	}

	private take(event: RunEvent): void {
		this.timelines.set(this.eventRoot, reduce(this.timelines.get(this.eventRoot) ?? EMPTY_TIMELINE, event));
		this.events.fire(event);
	}
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
	let resolve = (): void => undefined;
	const promise = new Promise<void>((done) => {
		resolve = done;
	});
	return { promise, resolve };
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

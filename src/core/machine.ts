/** What the machine's ring (node/) offers to a composition root, as the editor's ring sees it: vscode/ never imports node/. */
import type { BenchmarkReport } from "./benchmark/report.ts";
import type { ToolProtocol } from "./model/conversation.ts";
import type { Approver, ChatModel, LargerModel, Probes, TextFile, Workspace, WorkspaceChange } from "./ports.ts";
import type { ToolState } from "./probes/engine-messages.ts";
import type { RunRecord } from "./record/entries.ts";
import type { KeptRun } from "./record/kept-run.ts";

export interface ModelInfo {
	readonly name: string;
	readonly sizeBytes: number;
	/** As the server words it, such as `3.2B` and `Q4_K_M`; empty where it does not say. */
	readonly parameterSize: string;
	readonly quantization: string;
	/** Trained context length in tokens, or null where the server does not say. */
	readonly contextLength: number | null;
	/** A claim, read off the template by the server. */
	readonly claimsTools: boolean;
	readonly claimsThinking: boolean;
	/** Its template shows the model no tools after a `tool` message (`hidesToolsAfterResults`). */
	readonly hidesTools: boolean;
	/** As `ChatModel.continuesAnswers`, by its template. */
	readonly continuesAnswers: boolean;
	/** Of its files, or null where the server names none; what was measured of a model is kept under it. */
	readonly digest: string | null;
	/** Memory that a token of context takes, in bytes, or null where the model's figures do not tell. */
	readonly bytesPerToken: number | null;
	readonly loaded: boolean;
}

/** A model with what this machine knows of it. */
export interface InstalledModel extends ModelInfo {
	readonly protocol: ToolProtocol;
	/** Where the protocol comes from: the person's setting, a self-test, or the model's size. */
	readonly protocolBy: "setting" | "self-test" | "size";
	/** Whether it fits into memory with a session's context; null where the memory of the server is not known. */
	readonly fits: "yes" | "tight" | "no" | null;
	/** Of its last benchmark, or null. */
	readonly measured: { readonly tokensPerSecond: number | null; readonly green: number; readonly of: number } | null;
}

/** One line of Check Setup; `advice` is fit for a run, and could be better. */
export interface SetupCheck {
	readonly name: string;
	readonly state: "ok" | "advice" | "missing" | "unusable";
	readonly detail: string;
	/** The next step, or empty. */
	readonly fix: string;
}

/** An argument list: the program first. */
export type PlannedCommand = readonly string[];

/** How ruff and pytest come to where the probes find them: nothing else than these commands is run. */
export interface ToolPlan {
	/** `environment`: the interpreter that probes use, by its path; `new-environment`: a folder that is made, without the project's own dependencies. */
	readonly target: { readonly kind: "environment" | "new-environment"; readonly path: string };
	readonly commands: readonly PlannedCommand[];
	/** @throws UserError when a command fails; AbortError when cancelled, with nothing half-made left */
	run(onCommand: (command: PlannedCommand) => void, signal: AbortSignal): Promise<void>;
}

export interface ServerAddress {
	readonly url: string;
	/** Not this machine: prompts go there only after a yes, and it is always shown. */
	readonly remote: boolean;
	/** This machine, or allowed by the person before. */
	readonly allowed: boolean;
	/** The file of earlier answers where it is damaged, so that they are asked anew; otherwise null. */
	readonly damaged: string | null;
}

export type ServerState<M extends ModelInfo = InstalledModel> =
	| { readonly kind: "ok"; readonly server: string; readonly version: string; readonly models: readonly M[] }
	| {
			readonly kind: "unreachable" | "not-ollama" | "unauthorized" | "loading" | "refused";
			readonly server: string;
			readonly message: string;
			readonly fix: string;
	  };

/** A chat model and what it holds open (the practice model's server, for one). */
export interface ConnectedModel {
	readonly model: ChatModel;
	/** Words for a label wherever the model is named, or null: the practice model says what it is. */
	readonly label: string | null;
	dispose(): Promise<void>;
}

/** The engine's process for one workspace folder; restarts by itself, ends on `dispose`. */
export interface EngineProbes extends Probes {
	describe(signal: AbortSignal): Promise<readonly ToolState[]>;
	dispose(): Promise<void>;
}

/** A workspace on disk whose changes are journaled for undo. */
export interface JournaledWorkspace extends Workspace {
	/**
	 * Like `apply`, with the same checks and journal entries, but `write` does the writing (the editor's own edit and save).
	 */
	applyWith(change: WorkspaceChange, write: () => Promise<void>, signal: AbortSignal): Promise<void>;
}

/** One run's workspace, held against others until it is disposed of. */
export interface OpenedRun {
	readonly workspace: JournaledWorkspace;
	readonly record: RunRecord;
	/** What was found and mended on opening, for people. */
	readonly notices: readonly string[];
	/** What ends the run from now on is not the person's wish: it will be offered again. */
	leaveOpen(): void;
	dispose(): Promise<void>;
}

/** A run that can go on. */
export interface ResumableRun {
	readonly run: KeptRun;
	/** Rounds whose changes were undone since. */
	readonly undoneRounds: ReadonlySet<number>;
	/** Workspace-relative files that the other rounds changed, or may have been changing when they were cut off; sorted. */
	readonly touchedFiles: readonly string[];
}

/** `keep`: what stands there now; `restore`: what stood there before; `merge`: what stands there now, without the run's changes. */
export type UndoChoice = "keep" | "restore" | "merge";

/** A file that undo would put back, and that somebody else has changed since. */
export interface UndoConflict {
	/** Workspace-relative. */
	readonly path: string;
	/** What was changed, in words. */
	readonly reason: string;
	/** What stands there now; null: nothing, or no text. */
	readonly now: string | null;
	/** What would be put back; null: nothing, or no text. */
	readonly before: string | null;
	/** Null where the two changes cannot be told apart line by line. */
	readonly merged: string | null;
}

export interface UndoRequest {
	/** Null: the last run that changed something and was not undone; an undone one can be named to try its skipped files again. */
	readonly runId: string | null;
	/** One round alone; null: all of them. */
	readonly round: number | null;
	choose(conflict: UndoConflict, signal: AbortSignal): Promise<UndoChoice>;
	/** Absolute paths of the files of which an editor holds unsaved text; they are left alone. */
	unsavedFiles(): readonly string[];
}

export interface UndoResult {
	readonly runId: string;
	readonly round: number | null;
	readonly restored: readonly string[];
	readonly merged: readonly string[];
	/** Files that were changed since, or cannot be written; left as they are. */
	readonly skipped: readonly { readonly path: string; readonly reason: string }[];
	/** Lines of the journal that could not be read, so that not everything may be put back. */
	readonly damagedLines: number;
}

/** `auto`, `practice`, or a model's name. */
export type ModelChoice = string;

export interface BenchmarkRequest {
	/** Models by name; empty: all that can chat. */
	readonly only: readonly string[];
	readonly minutesPerModel: number;
	/** Workspace whose interpreter judges the small projects, or null. */
	readonly root: string | null;
}

export interface Machine {
	openProbes(root: string): EngineProbes;
	/** The configured server's. @throws UserError `usage` for an address that cannot be used */
	serverAddress(): Promise<ServerAddress>;
	/** Remembers the yes for this address, outside every workspace. */
	allowServer(url: string): Promise<void>;
	/**
	 * Opens the workspace for a new run, or for one that goes on.
	 * @throws UserError `workspace-busy` while another is at work there, `no-workspace`, `storage`
	 */
	openRun(root: string, runId: string): Promise<OpenedRun>;
	/** The last run if it did not end green (or that one, however it ended); null where there is none, or it is at work. */
	resumableRun(root: string, runId: string | null): Promise<ResumableRun | null>;
	/** Whether a run or an undo is at work there, of this process or of another. */
	isAtWork(root: string): Promise<boolean>;
	/**
	 * Ends a run that was cut off, as it stands: it can still go on and be undone when it is named. Nothing happens to one that ended.
	 * @throws UserError `workspace-busy`, `storage`
	 */
	keepRun(root: string, runId: string): Promise<void>;
	/** A file of the workspace, read as a run's tools would. @throws WorkspaceError */
	readText(root: string, path: string): Promise<TextFile>;
	describeServer(signal: AbortSignal): Promise<ServerState>;
	/**
	 * The model of the next run, tested first where it never was.
	 * @param onProgress words for people while that takes time
	 * @throws UserError when the server or the model is not to be had, or the server is another machine that was not allowed
	 */
	connectModel(
		choice: ModelChoice,
		onProgress: (message: string) => void,
		signal: AbortSignal,
	): Promise<ConnectedModel>;
	/**
	 * Server, model, context, template and protocol, each with its state and its fix; tests a model that never was.
	 * @param selfTest words for people while the test takes its time; a signal that ends the test, and leaves the model untested
	 */
	checkModel(
		choice: ModelChoice,
		selfTest: { readonly onProgress: (message: string) => void; readonly signal: AbortSignal },
		signal: AbortSignal,
	): Promise<readonly SetupCheck[]>;
	/** Loads the model and reads the prompt's head, where that costs nobody anything: not on battery, not on a server that was not allowed. */
	warmUp(choice: ModelChoice, signal: AbortSignal): Promise<void>;
	/**
	 * Measures models one after the other, and keeps the report; models are unloaded meanwhile.
	 * @throws UserError as `connectModel`; AbortError, after which nothing is kept
	 */
	benchmark(request: BenchmarkRequest, onStep: (step: string) => void, signal: AbortSignal): Promise<BenchmarkReport>;
	/** The kept reports, newest first. */
	benchmarks(limit: number): Promise<readonly BenchmarkReport[]>;
	/** Tells when files beneath the root may have changed, debounced; a hint, never a truth. */
	watch(root: string, onChange: (paths: readonly string[]) => void): Promise<{ close(): Promise<void> }>;
	/** One plan for each place where they can be put, at least one. @throws UserError where there is no Python */
	planTools(root: string): readonly ToolPlan[];
	/** Puts back what a run or a round changed; null when there is none. @throws UserError `workspace-busy` while a run is at work */
	undo(root: string, request: UndoRequest, signal: AbortSignal): Promise<UndoResult | null>;
}

/** When edits are shown for a yes first. `edits`: edits within the workspace go through, protected files and deletions are asked. */
export type ApproveMode = "ask" | "edits" | "all";

export interface RunParts {
	readonly model: ChatModel;
	/** For a run that is stuck; null or left out: there is none. */
	readonly largerModel?: LargerModel | null;
	readonly probes: Probes;
	readonly workspace: Workspace;
	readonly approver: Approver;
	readonly record: RunRecord;
}

/** The only ways out of the core. Each has two real implementations, or a fake under test/fakes that the tests use daily. */
import type { ChatDelta, ChatReply, ChatRequest, ToolProtocol } from "./model/conversation.ts";
import type { ProbeName, TestFinding } from "./probes/finding.ts";
import type { Wave } from "./probes/form.ts";
import type { ProbeReport, ProbeScope, WorkspaceReport } from "./probes/report.ts";

/** One model on one server, with its session's fixed options. */
export interface ChatModel {
	readonly name: string;
	/** What to begin with: chosen by a person, by the model's self-test, or by its size. */
	readonly protocol: ToolProtocol;
	/** Whether the server takes `tools` for it; without that, `native` is out of the question. */
	readonly takesTools: boolean;
	/** `user` for templates that show no tools after a `tool` message: results then travel as user messages. */
	readonly toolResults: "tool" | "user";
	readonly canThink: boolean;
	/** Whether it goes on with a conversation that ends with the beginning of its own answer, as if it had written that just now. */
	readonly continuesAnswers: boolean;
	/** Tokens of the context window that the session uses. */
	readonly contextLength: number;
	/** Whether its answers are computed by this machine's own processor, as far as is known: what runs beside it then slows it down. */
	readonly sharesProcessor: boolean;
	/**
	 * One streamed answer.
	 * @throws UserError for every way the server can fail; AbortError when the signal fires.
	 */
	chat(request: ChatRequest, onDelta: (delta: ChatDelta) => void, signal: AbortSignal): Promise<ChatReply>;
	/** Loads the model and fills its prompt cache with this request's prefix; a failure is the next `chat`'s to report. */
	warmUp(request: ChatRequest, signal: AbortSignal): Promise<void>;
}

/** The way to a larger model, for a run that is stuck with its own. */
export interface LargerModel {
	/**
	 * Opens it; it stays open as long as the model that it stands beside.
	 * @returns null where there is none
	 * @throws UserError when it is not to be had; AbortError
	 */
	open(signal: AbortSignal): Promise<ChatModel | null>;
}

export interface ProbeRequest {
	readonly scope: ProbeScope;
	/** Judge anew even where the content was judged before. */
	readonly fresh: boolean;
	/** Beside a model that answers: it leaves the processor to others, and ends at once where the next probe finds another content. */
	readonly background?: boolean;
	/** Files (workspace-relative) that are known to have changed: they are looked at first. What else changed is found all the same. */
	readonly changed?: readonly string[];
}

export type ProbeProgress =
	| { readonly kind: "started"; readonly probe: ProbeName; readonly scope: ProbeScope; readonly wave: Wave | null }
	/** The first test that fails in a run that goes on: news, and no verdict. */
	| { readonly kind: "failing"; readonly finding: TestFinding }
	| { readonly kind: "finished"; readonly report: ProbeReport };

export interface SyntaxProblem {
	readonly line: number;
	readonly column: number;
	readonly message: string;
}

/** The probe engine. */
export interface Probes {
	/**
	 * Judges the workspace as it is on disk at the time of the call. A finding, a missing tool, a crash and a timeout are all
	 * part of the report.
	 * @throws AbortError; UserError `engine-crashed` or `workspace-gone`.
	 */
	probe(
		request: ProbeRequest,
		onProgress: (progress: ProbeProgress) => void,
		signal: AbortSignal,
	): Promise<WorkspaceReport>;
	/** Whether a Python text would parse, or null where it does; decides nothing about files of other kinds (null). */
	checkSyntax(file: string, text: string, signal: AbortSignal): Promise<SyntaxProblem | null>;
	/**
	 * The text after ruff's fixes by the project's own rules.
	 * @returns null where ruff changes nothing, cannot run, or is not to fix (a setting)
	 */
	fixLint(fix: LintFix, signal: AbortSignal): Promise<string | null>;
}

/** A text that ruff is to mend. */
export interface LintFix {
	/** Workspace-relative: its place decides which configuration holds. */
	readonly file: string;
	readonly text: string;
	/** Also what ruff itself calls unsafe: for one who then judges by tests what came of it. */
	readonly unsafe: boolean;
	/** Lines, from 1, whose statements ruff's formatter is to write anew before it fixes anything. */
	readonly formatted: readonly number[];
}

export interface TextFile {
	/** Workspace-relative, forward slashes: the real place, after links. */
	readonly path: string;
	/** Without a BOM, line ends as they are. */
	readonly text: string;
	/** sha256 of the bytes, hex. */
	readonly hash: string;
	readonly sizeBytes: number;
}

export type WorkspaceErrorCode =
	| "outside"
	| "protected"
	| "missing"
	| "binary"
	| "too-large"
	| "not-a-file"
	| "unsaved"
	| "changed"
	| "denied"
	| "bad-path"
	| "io";

/** A refusal of the workspace: a result for the model, never a crash of the run. */
export class WorkspaceError extends Error {
	override readonly name = "WorkspaceError";
	constructor(
		readonly code: WorkspaceErrorCode,
		/** For the model and for people: cause and next step. */
		message: string,
		options?: ErrorOptions,
	) {
		super(message, options);
	}
}

/** Replacing a file is the whole text; the adapter keeps BOM, line ends and mode. */
export type WorkspaceChange =
	| { readonly kind: "create"; readonly path: string; readonly text: string }
	| { readonly kind: "replace"; readonly path: string; readonly text: string; readonly expectedHash: string }
	| { readonly kind: "delete"; readonly path: string; readonly expectedHash: string };

export interface SearchMatch {
	readonly path: string;
	readonly line: number;
	readonly text: string;
}

/** The confined files of one workspace folder. All paths are relative to it. */
export interface Workspace {
	/** Absolute, real. */
	readonly root: string;
	/** @throws WorkspaceError */
	read(path: string, signal: AbortSignal): Promise<TextFile>;
	/** Files (not folders) beneath `folder`, sorted, without ignored and hidden ones; `truncated` when `limit` cut them. */
	list(folder: string, limit: number, signal: AbortSignal): Promise<{ files: readonly string[]; truncated: boolean }>;
	/** Lines that hold `text` literally (case-insensitive). */
	search(
		text: string,
		folder: string,
		limit: number,
		signal: AbortSignal,
	): Promise<{ matches: readonly SearchMatch[]; truncated: boolean }>;
	/** What is applied from now on is one undo step. */
	beginRound(round: number): void;
	/**
	 * Applies one change whole or not at all, and records what undo needs before it.
	 * @throws WorkspaceError: `changed` when the content is not `expectedHash`, `unsaved` when the editor holds unsaved text.
	 * @throws UserError `storage` where neither this nor another change can be kept or written: a full disk, for one.
	 */
	apply(change: WorkspaceChange, signal: AbortSignal): Promise<void>;
}

/** What a change would do, shown to the person who decides. */
export interface ApprovalRequest {
	readonly change: WorkspaceChange;
	/** Text before; empty for a new file. */
	readonly before: string;
	/** Why it is asked: the setting, or what the file is. */
	readonly why: string;
}

export interface Approver {
	/** Never decided by the model. */
	approve(request: ApprovalRequest, signal: AbortSignal): Promise<"approved" | "refused">;
}

export interface Clock {
	/** Milliseconds from an arbitrary start, monotonic. */
	now(): number;
}

export interface Logger {
	info(message: string): void;
	warn(message: string): void;
	error(message: string, error?: unknown): void;
}

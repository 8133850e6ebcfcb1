/** What is kept of a run so that it can go on after a crash: a line each, in the order of what happened; and their guard. */
import type { OutcomeKind, Verdict } from "../events.ts";
import type { ChatMessage, Json, ToolCall } from "../model/conversation.ts";
import type { WorkspaceReport } from "../probes/report.ts";
import type { Malformed } from "../round-record.ts";
import { RUN_MODES, type RunMode } from "../run-mode.ts";
import {
	type Guard,
	isCount,
	isEither,
	isFlag,
	isKeyOf,
	isListOf,
	isNumber,
	isOneOf,
	isOrNull,
	isShaped,
	isText,
} from "./guards.ts";
import { isReport, isVerdict } from "./report-guards.ts";

export const RECORD_VERSION = 1;
/** Findings kept of one report; counts and verdict stay true. */
const MAX_FINDINGS = 1_000;

/** How a run ended, or what the person made of one: took it back, or left what it did although it was cut off. */
export type RecordEnd = OutcomeKind | "undone" | "kept";

export type RunEntry =
	/** Always the first. */
	| {
			readonly kind: "run";
			readonly version: typeof RECORD_VERSION;
			readonly runId: string;
			readonly task: string;
			readonly mode: RunMode;
			readonly root: string;
			readonly model: string;
	  }
	/** The model's answer is read, and none of its calls is done yet. */
	| {
			readonly kind: "round";
			readonly round: number;
			readonly report: WorkspaceReport;
			readonly verdict: Verdict;
			/** The loop's word of the probe, and the answer. */
			readonly messages: readonly ChatMessage[];
			readonly answer: string | null;
			readonly malformed: Malformed | null;
	  }
	/** The call is about to change something. */
	| { readonly kind: "call"; readonly round: number; readonly callId: string }
	| {
			readonly kind: "result";
			readonly round: number;
			readonly callId: string;
			readonly ok: boolean;
			readonly code: string;
			readonly content: string;
			readonly files: readonly string[];
			/** What is judged less by it, in words. */
			readonly weakens: readonly string[];
	  }
	/** ruff's safe fixes changed these, whether they stayed or not. */
	| { readonly kind: "fixed"; readonly round: number; readonly files: readonly string[] }
	| { readonly kind: "end"; readonly end: RecordEnd }
	/** What ended, or was cut off, goes on. */
	| { readonly kind: "resumed" };

/** What is kept of a run outside the workspace, so that it can go on after a crash. */
export interface RunRecord {
	/**
	 * Adds an entry; what resolves outlasts a crash of the process, and before a change one of the machine.
	 * @throws UserError `storage`
	 */
	keep(entry: RunEntry): Promise<void>;
}

/** The report as it is kept. */
export function keptReport(report: WorkspaceReport): WorkspaceReport {
	const { ruff, pytest } = report;
	return {
		...report,
		ruff: ruff.status === "findings" ? { ...ruff, findings: ruff.findings.slice(0, MAX_FINDINGS) } : ruff,
		pytest: pytest.status === "findings" ? { ...pytest, findings: pytest.findings.slice(0, MAX_FINDINGS) } : pytest,
	};
}

/** Null for what is no entry, or one of another version. */
export function parseEntry(line: string): RunEntry | null {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return null;
	}
	return isEntry(value) ? value : null;
}

const isJson: Guard<Json> = (value): value is Json =>
	value === null || isText(value) || isNumber(value) || isFlag(value) || isListOf(isJson)(value) || isJsonObject(value);

function isJsonObject(value: unknown): value is { readonly [key: string]: Json } {
	return typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isJson);
}

const isCall = isShaped<ToolCall>({ id: isText, name: isText, arguments: isJsonObject });

const isMessage: Guard<ChatMessage> = isEither(
	isShaped<Extract<ChatMessage, { readonly role: "system" | "user" }>>({
		role: isOneOf("system", "user"),
		content: isText,
	}),
	isEither(
		isShaped<Extract<ChatMessage, { readonly role: "assistant" }>>({
			role: isOneOf("assistant"),
			content: isText,
			toolCalls: isListOf(isCall),
		}),
		isShaped<Extract<ChatMessage, { readonly role: "tool" }>>({
			role: isOneOf("tool"),
			content: isText,
			toolName: isText,
			toolCallId: isText,
		}),
	),
);

const isMalformed = isShaped<Malformed>({
	cause: isOneOf("empty", "cut", "unclosed", "unknown-tool", "unreadable", "repetition", "server"),
	explanation: isText,
});

type EntryOf<K extends RunEntry["kind"]> = Extract<RunEntry, { readonly kind: K }>;

/** One guard a kind, so that a kind which is added must have its own. */
const ENTRIES: { readonly [K in RunEntry["kind"]]: Guard<EntryOf<K>> } = {
	run: isShaped<EntryOf<"run">>({
		kind: isOneOf("run"),
		version: isOneOf(RECORD_VERSION),
		runId: isText,
		task: isText,
		mode: isOneOf(...RUN_MODES),
		root: isText,
		model: isText,
	}),
	round: isShaped<EntryOf<"round">>({
		kind: isOneOf("round"),
		round: isCount,
		report: isReport,
		verdict: isVerdict,
		messages: isListOf(isMessage),
		answer: isOrNull(isText),
		malformed: isOrNull(isMalformed),
	}),
	call: isShaped<EntryOf<"call">>({ kind: isOneOf("call"), round: isCount, callId: isText }),
	result: isShaped<EntryOf<"result">>({
		kind: isOneOf("result"),
		round: isCount,
		callId: isText,
		ok: isFlag,
		code: isText,
		content: isText,
		files: isListOf(isText),
		weakens: isListOf(isText),
	}),
	fixed: isShaped<EntryOf<"fixed">>({ kind: isOneOf("fixed"), round: isCount, files: isListOf(isText) }),
	end: isShaped<EntryOf<"end">>({
		kind: isOneOf("end"),
		end: isKeyOf<RecordEnd>({ green: true, stopped: true, failed: true, cancelled: true, undone: true, kept: true }),
	}),
	resumed: isShaped<EntryOf<"resumed">>({ kind: isOneOf("resumed") }),
};

function isEntry(value: unknown): value is RunEntry {
	return Object.values(ENTRIES).some((isOne) => isOne(value));
}

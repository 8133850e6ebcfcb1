/** What is known of a round once its answer is applied: what stop conditions and a later round look back at. */
import type { Verdict } from "./events.ts";
import type { ToolCall } from "./model/conversation.ts";
import type { MalformedCause } from "./model/protocol.ts";
import type { WorkspaceReport } from "./probes/report.ts";
import { targetOf } from "./tools/target.ts";

/** One tool call with what came back, as far as repetition and progress are judged by it. */
export interface AppliedCall {
	readonly name: string;
	/** What it was about: its path or its search text. */
	readonly target: string;
	/** Name, arguments and result: equal for equal calls with equal results. */
	readonly signature: string;
	/** `ok`, or why not. */
	readonly code: string;
	/** How often it came with this result while nothing was changed, this time included. */
	readonly times: number;
	readonly triedToChange: boolean;
	/** The text that it would put in, on one line and cut; empty where it changes nothing. */
	readonly tried: string;
}

/** An answer that was meant as a call and could not be taken. */
export interface Malformed {
	/** `server`: the server itself could not read the call. */
	readonly cause: MalformedCause | "repetition" | "server";
	/** For the model. */
	readonly explanation: string;
}

const CHANGING_TOOLS: readonly string[] = ["write_file", "edit_file", "delete_file"];
const MAX_TRIED_CHARS = 160;

/** Whether a call of this tool may change a file. */
export function mayChange({ name }: Pick<ToolCall, "name">): boolean {
	return CHANGING_TOOLS.includes(name);
}

/** @param result as the model is told it */
export function appliedCall(
	call: ToolCall,
	{ content, code }: { readonly content: string; readonly code: string },
	times: number,
): AppliedCall {
	return {
		name: call.name,
		target: targetOf(call),
		signature: JSON.stringify([call.name, call.arguments, content]),
		code,
		times,
		triedToChange: mayChange(call),
		tried: triedText(call),
	};
}

function triedText({ arguments: given }: ToolCall): string {
	const text = given["new_text"] ?? given["content"];
	const words = typeof text === "string" ? text.replace(/\s+/g, " ").trim() : "";
	return words.length <= MAX_TRIED_CHARS ? words : `${words.slice(0, MAX_TRIED_CHARS)}...`;
}

/** What one probe of a run said, or several in a row. */
export interface Probed {
	readonly report: WorkspaceReport;
	readonly verdict: Verdict;
	/** What changed since the probe before, also where it took two looks. */
	readonly files: readonly string[];
	readonly filesMs: number;
	readonly wallMs: number;
}

/** A run of the whole suite beside the model. */
export interface FullRun {
	/** What it said; null while it runs, and where it was cut off. */
	said(): Probed | null;
	isOver(): boolean;
	/** Resolves with what it said, null where it was cut off; never rejects. */
	readonly ended: Promise<Probed | null>;
	/** Resolves when nothing of it is left. */
	cancel(): Promise<void>;
}

export interface RoundRecord {
	readonly round: number;
	readonly report: WorkspaceReport;
	readonly verdict: Verdict;
	readonly calls: readonly AppliedCall[];
	/** The model's words when it called no tool; null otherwise. */
	readonly answer: string | null;
	/** Why its answer could not be read; null where it could. */
	readonly malformed: Malformed | null;
}

/** Whether the answer asks for nothing but what is there already. */
export function asksForNothingNew({ calls }: RoundRecord): boolean {
	return calls.length > 0 && calls.every(({ code }) => code === "no-change" || code === "repeated-call");
}

/** What was tried so far, in words: which files were changed how often. Empty where none was. */
export function triedWords(records: readonly RoundRecord[]): string {
	const counts = new Map<string, number>();
	for (const { triedToChange, code, target } of records.flatMap(({ calls }) => calls))
		if (triedToChange && code === "ok") counts.set(target, (counts.get(target) ?? 0) + 1);
	const words = [...counts].map(([target, times]) => `${target} (${times === 1 ? "once" : `${times} times`})`);
	return words.length === 0 ? "" : ` Changed in vain: ${words.join(", ")}.`;
}

/** Whether the model was shown something that it asked for. */
export function hasRead({ calls }: Pick<RoundRecord, "calls">): boolean {
	return calls.some(({ code, triedToChange }) => code === "ok" && !triedToChange);
}

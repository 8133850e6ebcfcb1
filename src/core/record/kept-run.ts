/** A run as its record tells it: what was done, what was cut off, and from where it goes on. */
import type { ChatMessage, ToolCall } from "../model/conversation.ts";
import { checkPath } from "../policy/paths.ts";
import { appliedCall, type RoundRecord } from "../round-record.ts";
import { parseEntry, type RecordEnd, type RunEntry } from "./entries.ts";

type EntryOf<K extends RunEntry["kind"]> = Extract<RunEntry, { readonly kind: K }>;

export interface KeptCall {
	readonly call: ToolCall;
	/** Whether it may have begun to change something. */
	readonly begun: boolean;
	/** Null: it was cut off, or never begun. */
	readonly result: Pick<EntryOf<"result">, "ok" | "code" | "content" | "files" | "weakens"> | null;
}

export type KeptRound = Omit<EntryOf<"round">, "kind"> & { readonly calls: readonly KeptCall[] };

export interface KeptRun extends Omit<EntryOf<"run">, "kind" | "version"> {
	/** Null: it was cut off. */
	readonly end: RecordEnd | null;
	readonly rounds: readonly KeptRound[];
	/** What ruff's safe fixes changed, by round. */
	readonly fixes: readonly Omit<EntryOf<"fixed">, "kind">[];
}

/** From where a run goes on. */
export interface ResumePoint {
	/** What follows the opening messages. */
	readonly conversation: readonly ChatMessage[];
	readonly records: readonly RoundRecord[];
	readonly filesChanged: readonly string[];
	readonly weakened: readonly string[];
	/** Files that the model has seen, which may have changed since. */
	readonly seenPaths: readonly string[];
	/** Rounds begun so far; the next has the number after it. */
	readonly rounds: number;
	/** Ids given to calls so far. */
	readonly calls: number;
}

/** @param text of the whole record @returns `run` null where the record does not begin as one; a torn last line is no damage */
export function foldRecord(text: string): { readonly run: KeptRun | null; readonly damagedLines: number } {
	const rows = text.split("\n");
	let run: KeptRun | null = null;
	let damagedLines = 0;
	for (const [index, row] of rows.entries()) {
		if (row === "") continue;
		const entry = parseEntry(row);
		if (entry === null) {
			if (index < rows.length - 1) damagedLines += 1;
		} else if (entry.kind === "run") {
			const { kind: _kind, version: _version, ...start } = entry;
			run ??= { ...start, end: null, rounds: [], fixes: [] };
		} else if (run !== null) {
			run = withEntry(run, entry);
		}
	}
	return { run, damagedLines };
}

function withEntry(run: KeptRun, entry: Exclude<RunEntry, EntryOf<"run">>): KeptRun {
	switch (entry.kind) {
		case "round": {
			const { kind: _kind, ...round } = entry;
			const calls = round.messages.flatMap((message) => (message.role === "assistant" ? message.toolCalls : []));
			const kept = { ...round, calls: calls.map((call) => ({ call, begun: false, result: null })) };
			return { ...run, rounds: [...run.rounds, kept] };
		}
		case "call":
			return withCall(run, entry, (kept) => ({ ...kept, begun: true }));
		case "result": {
			const { ok, code, content, files, weakens } = entry;
			return withCall(run, entry, (kept) => ({ ...kept, result: { ok, code, content, files, weakens } }));
		}
		case "fixed":
			return { ...run, fixes: [...run.fixes, { round: entry.round, files: entry.files }] };
		case "end":
			return { ...run, end: entry.end };
		case "resumed":
			return { ...run, end: null };
	}
}

function withCall(
	run: KeptRun,
	{ round, callId }: { readonly round: number; readonly callId: string },
	change: (call: KeptCall) => KeptCall,
): KeptRun {
	const rounds = run.rounds.map((kept) =>
		kept.round === round
			? { ...kept, calls: kept.calls.map((call) => (call.call.id === callId ? change(call) : call)) }
			: kept,
	);
	return { ...run, rounds };
}

/** The round whose calls were not all done, or null. */
export function halfDoneRound({ rounds }: KeptRun): KeptRound | null {
	const last = rounds.at(-1);
	const begun = last?.calls.some(({ begun: started, result }) => started || result !== null) ?? false;
	return last !== undefined && begun && last.calls.some(({ result }) => result === null) ? last : null;
}

/** Files that the run changed, or may have been changing when it was cut off. */
export function filesOf({ rounds, fixes }: Pick<KeptRun, "rounds" | "fixes">): readonly string[] {
	const called = rounds.flatMap(({ calls }) => calls.flatMap(({ result }) => result?.files ?? []));
	return [...new Set([...called, ...fixes.flatMap(({ files }) => files)])].sort();
}

const CUT = "This call was cut off, so it may or may not have been done. Read the file before you go on.";
const NOT_DONE = "This call was not done: the run was cut off before it. Call again if it is still needed.";
const UNDONE = "The user undid this round: what it changed is as it was before.";

/**
 * From where the run goes on. No call is done again: what was cut off is told to the model as that.
 * @param undoneRounds whose changes were taken back since
 */
export function resumePoint(run: KeptRun, undoneRounds: ReadonlySet<number>): ResumePoint {
	const conversation: ChatMessage[] = [];
	const records: RoundRecord[] = [];
	for (const { round, report, verdict, messages, answer, malformed, calls } of run.rounds) {
		const isUndone = undoneRounds.has(round);
		const results = calls.map(({ call, begun, result }) => {
			const told = result?.content ?? (begun ? CUT : NOT_DONE);
			return { call, code: result?.code ?? "cancelled", content: isUndone ? `${told}\n${UNDONE}` : told };
		});
		conversation.push(
			...messages,
			...results.map(
				({ call, content }) => ({ role: "tool", content, toolName: call.name, toolCallId: call.id }) as const,
			),
		);
		records.push({
			round,
			report,
			verdict,
			answer,
			malformed,
			calls: results.map(({ call, ...told }) => appliedCall(call, told, 1)),
		});
	}
	const done = run.rounds.filter(({ round }) => !undoneRounds.has(round));
	const calls = run.rounds.flatMap((round) => round.calls);
	return {
		conversation,
		records,
		filesChanged: filesOf({ rounds: done, fixes: run.fixes.filter(({ round }) => !undoneRounds.has(round)) }),
		weakened: done.flatMap((round) => round.calls.flatMap(({ result }) => result?.weakens ?? [])),
		seenPaths: [...new Set(calls.flatMap(({ call }) => pathOf(call, run.root)))],
		rounds: run.rounds.at(-1)?.round ?? 0,
		calls: Math.max(0, ...calls.map(({ call }) => Number(/\d+$/.exec(call.id)?.[0] ?? 0))),
	};
}

function pathOf({ arguments: given }: ToolCall, root: string): readonly string[] {
	const path = given["path"];
	const checked = typeof path === "string" ? checkPath(path, root) : null;
	return checked?.ok ? [checked.path] : [];
}

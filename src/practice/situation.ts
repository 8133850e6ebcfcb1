/** What a conversation tells: the newest probe, the files as they must be by now, what was tried and what is in doubt. */
import { type Attempt, attemptHash, type EditRole, judge, parseEditLines, parseMemory } from "./attempts.ts";
import { type Failure, type Probe, parseProbe } from "./probe-message.ts";
import type { WireCall, WireMessage } from "./wire-types.ts";

export interface Situation {
	readonly probe: Probe | null;
	/** The probe of the workspace without the edits that are in doubt: the evidence that repairs are ranked by. */
	readonly base: Probe | null;
	/** Text by path, of every file that was read whole. */
	readonly files: ReadonlyMap<string, string>;
	/** Lines read so far of files that are not whole yet. */
	readonly begun: ReadonlyMap<string, readonly string[]>;
	/** Paths that were asked for and are not to be had. */
	readonly missing: ReadonlySet<string>;
	/** Of list_files, or null while it was not asked. */
	readonly listing: readonly string[] | null;
	/** Files that define a name at their top level, by searches. */
	readonly definitions: ReadonlyMap<string, readonly string[]>;
	/** Hashes of attempts. */
	readonly tried: ReadonlySet<string>;
	/** Attempts that a probe showed to be of no use and that still stand. */
	readonly rejected: readonly Attempt[];
	/** Attempts that brought their test further and were taken back. */
	readonly partial: readonly Attempt[];
	/** One attempt a round from now on: several could not be told apart. */
	readonly alone: boolean;
}

interface OpenCall {
	readonly call: WireCall;
	readonly role: EditRole | null;
	readonly target: string | null;
}

/** Folds a conversation. */
export function readSituation(messages: readonly WireMessage[]): Situation {
	const files = new Map<string, string>();
	const begun = new Map<string, readonly string[]>();
	const missing = new Set<string>();
	const definitions = new Map<string, readonly string[]>();
	const tried = new Set<string>();
	let listing: readonly string[] | null = null;
	let probe: Probe | null = null;
	let base: Probe | null = null;
	let pending: readonly Attempt[] = [];
	let rejected: readonly Attempt[] = [];
	let partial: readonly Attempt[] = [];
	let alone = false;
	let open: OpenCall[] = [];
	let answers = 0;

	for (const message of messages) {
		if (message.role === "user") onUser(message.content);
		else if (message.role === "assistant") onAnswer(message);
		else if (message.role === "tool") {
			const done = open.shift();
			if (done !== undefined) onResult(done, message.content);
		}
	}
	return { probe, base, files, begun, missing, listing, definitions, tried, rejected, partial, alone };

	function onUser(content: string): void {
		const now = parseProbe(content);
		if (now === null) return;
		probe = now;
		if (base === null || (pending.length === 0 && rejected.length === 0)) {
			base = now;
		} else if (pending.length > 0) {
			const judged = judge(base, now, pending);
			if (judged.innocent.length > 0) alone = true;
			for (const { hash } of judged.innocent) tried.delete(hash);
			if (judged.accepted.length > 0) base = withEvidence(now, base, judged.rejected);
			rejected = [...rejected, ...judged.rejected];
			partial = [...partial, ...judged.partial];
		}
		pending = [];
	}

	function onAnswer({ content, toolCalls }: WireMessage): void {
		const memory = parseMemory(content);
		for (const hash of memory.tried) tried.add(hash);
		const lines = [...parseEditLines(content)];
		// Of a shortened conversation the first answer may take back what is no longer told.
		if (answers === 0 && base !== null && base.number > 1 && lines[0]?.role === "Undo")
			base = without(base, memory.left);
		answers += 1;
		open = toolCalls.map((call) => {
			const line = call.name === "edit_file" ? lines.shift() : undefined;
			return { call, role: line?.role ?? null, target: line?.target ?? null };
		});
	}

	function onResult({ call, role, target }: OpenCall, result: string): void {
		const path = String(call.arguments["path"] ?? "");
		const ok = !result.startsWith("ERROR");
		switch (call.name) {
			case "list_files":
				if (ok) listing = result.split("\n");
				break;
			case "search":
				definitions.set(
					String(call.arguments["text"] ?? ""),
					definingFiles(String(call.arguments["text"] ?? ""), result),
				);
				break;
			case "read_file":
				if (ok) onRead(path, result);
				else missing.add(path);
				break;
			case "edit_file":
				onEdit(path, call, role, target, ok);
		}
	}

	function onRead(path: string, result: string): void {
		const total = Number(/ lines \d+-\d+ of (\d+)/.exec(result.split("\n", 1)[0] ?? "")?.[1] ?? 0);
		const lines = [...(begun.get(path) ?? [])];
		for (const [, number, text] of result.matchAll(/^ *(\d+)\| ?(.*)$/gm)) lines[Number(number) - 1] = text ?? "";
		if (lines.length >= total) {
			begun.delete(path);
			files.set(path, lines.length === 0 ? "" : `${lines.join("\n")}\n`);
		} else {
			begun.set(path, lines);
		}
	}

	function onEdit(path: string, call: WireCall, role: EditRole | null, target: string | null, ok: boolean): void {
		const [oldText, newText] = [String(call.arguments["old_text"] ?? ""), String(call.arguments["new_text"] ?? "")];
		const text = files.get(path);
		if (role === "Undo") {
			rejected = rejected.filter(
				(attempt) => attempt.path !== path || attempt.newText !== oldText || attempt.oldText !== newText,
			);
		}
		const attempt = role === "Try" || role === "Lint";
		// Of a shortened conversation the text may not be known again yet; the memory of the answer has the hash.
		const edited = text?.split(oldText).join(newText);
		const hash = edited === undefined ? "" : attemptHash(path, edited);
		if (attempt && hash !== "") tried.add(hash);
		if (role === "Keep") partial = partial.filter((other) => other.path !== path || other.newText !== newText);
		if (ok) {
			if (edited !== undefined) files.set(path, edited);
			if (attempt) pending = [...pending, { target: role === "Try" ? target : null, path, oldText, newText, hash }];
		} else if (!attempt) {
			// Somebody else's change: what is known of the file is worth nothing.
			files.delete(path);
		}
	}
}

/** The newest probe, but for tests whose attempt failed: what they said before it counts. */
function withEvidence(now: Probe, before: Probe, rejected: readonly Attempt[]): Probe {
	const targets = new Set(rejected.map(({ target }) => target));
	const failures = now.failures.map(
		(failure) => before.failures.find(({ testId }) => testId === failure.testId && targets.has(testId)) ?? failure,
	);
	return { ...now, failures };
}

function without(probe: Probe, left: readonly string[]): Probe {
	const failures: readonly Failure[] = left.map(
		(testId) =>
			probe.failures.find((failure) => failure.testId === testId) ?? {
				testId,
				file: testId.split("::")[0] ?? "",
				line: 1,
				message: "",
				frame: null,
			},
	);
	return { ...probe, failures };
}

function definingFiles(name: string, result: string): readonly string[] {
	return [...result.matchAll(/^(.+?\.py):\d+: (.*)$/gm)]
		.filter(([, , text]) => new RegExp(`^(?:(?:async )?def|class)\\s+${name}\\b|^${name}\\s*[:=]`).test(text ?? ""))
		.map(([, path]) => path ?? "");
}

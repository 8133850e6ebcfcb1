/** Edits in doubt, the words that mark them in the model's answers, and the judgement over them by the next probe. */
import { createHash } from "node:crypto";
import { newFailures, type Probe } from "./probe-message.ts";

export interface Attempt {
	/** Test that it is to mend; null: a lint finding. */
	readonly target: string | null;
	readonly path: string;
	readonly oldText: string;
	readonly newText: string;
	/** Of the text that it leaves. */
	readonly hash: string;
}

export type EditRole = "Undo" | "Lint" | "Try" | "Keep";

const HASH_CHARS = 5;

/** Two repairs that leave the same text are the same repair. */
export function attemptHash(path: string, fileText: string): string {
	return createHash("sha256").update(`${path}\0${fileText}`).digest("hex").slice(0, HASH_CHARS);
}

/** One line of an answer for each of its edits, in their order. */
export function editLine(role: EditRole, path: string, what: string, target: string | null): string {
	return `${role} ${what} in ${path}${target === null ? "" : ` for ${target}`}`;
}

/** Carried along in every answer with a repair, so that a shortened conversation still knows it. */
export function memoryLine(tried: ReadonlySet<string>, left: readonly string[]): string {
	return `Tried so far: ${[...tried].join(" ") || "nothing"}; left: ${left.join(", ")}`;
}

export function parseMemory(content: string): { readonly tried: readonly string[]; readonly left: readonly string[] } {
	const found = /^Tried so far: ([^;]*); left: (.*)$/m.exec(content);
	const tried = (found?.[1] ?? "").split(" ").filter((hash) => hash.length === HASH_CHARS);
	return { tried, left: (found?.[2] ?? "").split(", ").filter((id) => id !== "") };
}

export function parseEditLines(
	content: string,
): readonly { readonly role: EditRole; readonly target: string | null }[] {
	return [...content.matchAll(/^(Undo|Lint|Try|Keep) .+? in .+?(?: for (.+))?$/gm)].map(([, role, target]) => ({
		role: role === "Undo" || role === "Lint" || role === "Keep" ? role : "Try",
		target: target ?? null,
	}));
}

export interface Judged {
	readonly accepted: readonly Attempt[];
	readonly rejected: readonly Attempt[];
	/** Without mending their test they brought it further. */
	readonly partial: readonly Attempt[];
	/** Taken back though they helped, since something broke and it cannot be told by which of several. */
	readonly innocent: readonly Attempt[];
}

/** What the probe after some edits says of each. */
export function judge(before: Probe, now: Probe, attempts: readonly Attempt[]): Judged {
	const helped = (attempt: Attempt) => attempt.target === null || progressOf(before, now, attempt.target) === "mended";
	if (newFailures(before, now).length > 0) {
		const innocent = attempts.length > 1 ? attempts.filter(helped) : [];
		return { accepted: [], rejected: attempts, partial: [], innocent };
	}
	return {
		accepted: attempts.filter(helped),
		rejected: attempts.filter((attempt) => !helped(attempt)),
		partial: attempts.filter(({ target }) => target !== null && progressOf(before, now, target) === "further"),
		innocent: [],
	};
}

function progressOf(before: Probe, now: Probe, target: string): "mended" | "further" | "none" {
	const present = now.failures.find(({ testId }) => testId === target);
	const past = before.failures.find(({ testId }) => testId === target);
	if (present === undefined) return now.more > 0 && past !== undefined && before.more === 0 ? "none" : "mended";
	if (past === undefined) return "none";
	// A name that is found now is a repair, whatever fails behind it.
	if (/^(NameError|ImportError|ModuleNotFoundError|AttributeError|SyntaxError)\b/.test(past.message)) {
		return present.message === past.message ? "none" : "mended";
	}
	return present.line > past.line ? "further" : "none";
}

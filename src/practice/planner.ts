/** One answer of the practice model: look at what is needed, mend lint that has one evident repair, or try a repair. */
import { attemptHash, type EditRole, editLine, memoryLine } from "./attempts.ts";
import { candidatesFor } from "./candidates.ts";
import { lintRepair } from "./lint-repairs.ts";
import { importRepairs, type PlacedRepair, unknownName } from "./name-repairs.ts";
import type { Failure, Lint, Probe } from "./probe-message.ts";
import { maskedLines, uniqueEdit } from "./python-source.ts";
import { reachOf } from "./reach.ts";
import { neededReads } from "./reading.ts";
import type { Situation } from "./situation.ts";
import type { WireCall } from "./wire-types.ts";

export interface Answer {
	readonly content: string;
	readonly calls: readonly WireCall[];
}

/** What the loop does of one answer. */
const MAX_CALLS = 8;
const MAX_TRIES = 2;

interface Edit {
	readonly role: EditRole;
	readonly path: string;
	readonly what: string;
	readonly target: string | null;
	readonly oldText: string;
	readonly newText: string;
}

/** The next answer to a conversation. */
export function answer(situation: Situation): Answer {
	const { probe, base, rejected } = situation;
	if (probe === null || base === null) {
		return {
			content: "The practice model only mends what a probe reports, and this conversation holds no PROBE message.",
			calls: [],
		};
	}
	// A repair after which the tests do not end is taken back like any other that is of no use.
	if (probe.failures.length === 0 && probe.lint.length === 0 && rejected.length === 0)
		return { content: nothingToMend(probe), calls: [] };
	const reads = neededReads(situation);
	if (reads.length > 0) return { content: "Reading the failing tests and the code that they reach.", calls: reads };

	const files = new Map(situation.files);
	const undo = rejected.toReversed().map((attempt): Edit => {
		const { path, oldText, newText, target } = attempt;
		files.set(path, (files.get(path) ?? "").split(newText).join(oldText));
		return { role: "Undo", path, what: "a repair", target, oldText: newText, newText: oldText };
	});
	const first = base.lint.filter((finding) => mayComeFirst(finding, base, files));
	const early = undo.length === 0 ? lintEdits(situation, first, files) : [];
	const tries = early.length > 0 ? [] : nextTries(situation, base, files);
	const late = undo.length + early.length + tries.length === 0 ? lintEdits(situation, base.lint, files) : [];
	const lint = [...early, ...late];
	const edits = [...undo, ...lint, ...tries];
	if (edits.length === 0) return { content: givingUp(situation, base), calls: [] };
	const hashes = tries.map(({ path }) => attemptHash(path, files.get(path) ?? ""));
	const left = base.failures.map(({ testId }) => testId);
	const memory = tries.length === 0 ? [] : [memoryLine(new Set([...situation.tried, ...hashes]), left)];
	return {
		content: [...edits.map(({ role, path, what, target }) => editLine(role, path, what, target)), ...memory].join("\n"),
		calls: edits.map(({ path, oldText, newText }) => ({
			name: "edit_file",
			arguments: { path, old_text: oldText, new_text: newText },
		})),
	};
}

function nothingToMend({ state }: Probe): string {
	return state === "not-run"
		? "The probes did not run, so there is nothing that repairs could be judged by."
		: "All tests pass and lint is clean; the practice model does nothing but repair.";
}

function givingUp({ tried }: Situation, base: Probe): string {
	const left = base.failures.map(({ testId }) => testId).join(", ") || "the lint findings go away";
	const words = base.failures.length > 0 ? `made ${left} pass` : `made ${left}`;
	return `The practice model tried ${tried.size} repairs and none ${words}. It only knows templates (comparisons, operators, boundaries, constants, swaps, returns, names, imports); choose a real model for this.`;
}

/** A value that nothing uses may be the one that should be: unless it is a mere text it stays while tests fail. */
function mayComeFirst({ code, file, line }: Lint, base: Probe, files: ReadonlyMap<string, string>): boolean {
	if (code !== "F841" || base.failures.length === 0) return true;
	return /=\s*[rbfu]?\s*$/i.test(maskedLines(files.get(file) ?? "")[line - 1] ?? "");
}

/** Lint repairs, bottom up within a file; each edit fits the text that the one before left. */
function lintEdits(
	{ tried, alone, definitions }: Situation,
	findings: readonly Lint[],
	files: Map<string, string>,
): readonly Edit[] {
	const edits: Edit[] = [];
	const lines = new Set<string>();
	for (const finding of [...findings].sort((a, b) => b.line - a.line || b.column - a.column)) {
		if (edits.length === (alone ? 1 : MAX_CALLS) || lines.has(`${finding.file}:${finding.line}`)) continue;
		for (const repair of lintRepairsOf(finding, files, definitions)) {
			const edit = editOf("Lint", finding.code, null, repair, files, tried);
			if (edit === null) continue;
			edits.push(edit);
			lines.add(`${finding.file}:${finding.line}`);
			break;
		}
	}
	return edits;
}

function lintRepairsOf(
	finding: Lint,
	files: ReadonlyMap<string, string>,
	definitions: Situation["definitions"],
): readonly PlacedRepair[] {
	if (finding.code === "F821") {
		const name = unknownName(finding.message)?.name;
		return name === undefined ? [] : importRepairs(finding.file, files, name, definitions);
	}
	const start = finding.line - 1;
	const line = files.get(finding.file)?.split("\n")[start];
	const lines = line === undefined ? null : lintRepair(line, finding);
	return lines === null ? [] : [{ kind: "name", path: finding.file, start, end: start + 1, lines, score: 0 }];
}

/** An untried repair for a failing test; a second one only where the two cannot touch each other's test. */
function nextTries(situation: Situation, base: Probe, files: Map<string, string>): readonly Edit[] {
	const { tried, partial, alone, definitions } = situation;
	const tries: Edit[] = [];
	const aimed: Failure[] = [];
	for (const failure of base.failures) {
		if (tries.length === (alone ? 1 : MAX_TRIES)) break;
		for (const repair of candidatesFor(failure, base, files, definitions)) {
			if (
				aimed.some((other) => touches(other, repair.path, files)) ||
				tries.some(({ path }) => touches(failure, path, files))
			)
				continue;
			const edit = editOf("Try", repair.kind, failure.testId, repair, files, tried);
			if (edit === null) continue;
			tries.push(edit);
			aimed.push(failure);
			break;
		}
	}
	if (tries.length > 0) return tries;
	// Nothing mends a test at once: go on from what brought one further.
	return partial
		.filter(
			({ path, oldText, target }) =>
				(files.get(path) ?? "").split(oldText).length === 2 && base.failures.some(({ testId }) => testId === target),
		)
		.slice(0, 1)
		.map(({ path, oldText, newText, target }) => ({
			role: "Keep",
			path,
			what: "what helped in part",
			target,
			oldText,
			newText,
		}));
}

function touches(failure: Failure, path: string, files: ReadonlyMap<string, string>): boolean {
	return failure.frame?.file === path || reachOf(failure, files).functions.some(({ found }) => found.path === path);
}

/** The edit that makes a repair, applied to `files`; null where it was tried or changes nothing. */
function editOf(
	role: "Lint" | "Try",
	what: string,
	target: string | null,
	{ path, start, end, lines }: PlacedRepair,
	files: Map<string, string>,
	tried: ReadonlySet<string>,
): Edit | null {
	const text = files.get(path) ?? "";
	const change = uniqueEdit(text, start, end, lines);
	if (change === null) return null;
	const edited = text.split(change.oldText).join(change.newText);
	if (tried.has(attemptHash(path, edited))) return null;
	files.set(path, edited);
	return { role, path, what, target, ...change };
}

/**
 * Between probe and model: ruff's safe fixes, missing imports, wrong ones and such that go round cost no call, so they come first. What makes a
 * test fail, or does not help, is taken back.
 */
import { type FileFix, fixFile, lintOf, newlyFailing, takeBack } from "./file-fix.ts";
import { endFullRun } from "./full-run.ts";
import { type MissingImports, missingImports } from "./missing-imports.ts";
import { withLocalImport } from "./model/local-import.ts";
import { withImports } from "./model/python-imports.ts";
import { type MovedImport, movedImports } from "./moved-imports.ts";
import { asksForLint } from "./policy/lint-task.ts";
import { probeAffected } from "./probe-step.ts";
import { circularImport } from "./probes/circular-import.ts";
import type { TestFinding } from "./probes/finding.ts";
import { findingsOf, type WorkspaceReport } from "./probes/report.ts";
import type { Probed } from "./round-record.ts";
import type { RoundContext } from "./run-state.ts";

/** A lint task in a large project must not keep the model waiting. */
const MAX_FILES = 50;

export interface Fixed extends Probed {
	/** Files that were fixed and stayed so. */
	readonly fixedFiles: readonly string[];
}

/** What no model is needed for, beside ruff's own fixes; by file. */
interface Repairs {
	/** Lines that it lacks. */
	readonly missing: MissingImports;
	/** The line that names the wrong module. */
	readonly moved: ReadonlyMap<string, MovedImport>;
	/** The line at its top that goes round. */
	readonly circular: ReadonlyMap<string, string>;
}

type RepairKind = "ruff" | "missing" | "moved" | "circular";

interface Fix extends FileFix {
	/** What it is made of. */
	readonly kinds: readonly RepairKind[];
}

/**
 * Applies ruff's safe fixes, by the project's own rules, to files that the run touched; where the task asks for lint, to all with
 * findings. The same files also get the imports that they lack; an import that names the wrong module gets the right one; where two
 * modules import each other, the line that goes round moves into the functions that use it. Protected files and tests go the way of every change: the person is asked. Then it is probed again.
 * @param probed the round's first probe
 * @throws what Workspace.apply and probing throw
 */
export async function fixStep(context: RoundContext, probed: Probed, signal: AbortSignal): Promise<Fixed> {
	const { parts, options, emit, clock, state, round } = context;
	if (options.mode === "plan") return { ...probed, fixedFiles: [] };
	const repairs: Repairs = {
		missing: await missingFor(context, probed.report, signal),
		moved: await movedIn(context, probed.report, signal),
		circular: options.loop?.localImports === false ? new Map() : circularLines(probed.report),
	};
	const files = fixableFiles(context, probed.report, repairs);
	if (files.length === 0) return { ...probed, fixedFiles: [] };
	const startedAt = clock.now();
	await endFullRun(state);
	parts.workspace.beginRound(round);
	const fixes = await fixFiles(context, files, repairs, signal);
	if (fixes.length === 0) return { ...probed, fixedFiles: [] };
	const fixedFiles = fixes.map(({ after }) => after.path);
	await parts.record.keep({ kind: "fixed", round, files: fixedFiles });
	const again = await probeAffected(context, signal);
	const [broken] = newlyFailing(probed, again);
	const useless = stillCircular(fixes, repairs, again.report)[0] ?? stillWrong(fixes, repairs, again.report)[0];
	const told = (takenBack: boolean, reason: string) =>
		emit({
			type: "lint-fixed",
			round,
			files: fixedFiles,
			findingsBefore: lintOf(probed.report),
			findingsAfter: lintOf(again.report),
			takenBack,
			reason,
			durationMs: clock.now() - startedAt,
		});
	if (broken === undefined && useless === undefined) {
		told(false, `${repairWords(fixes)} cost no model call`);
		return { ...again, fixedFiles };
	}
	for (const fix of fixes) {
		state.notFixable.add(fix.after.path);
		await takeBack(context, fix, signal);
	}
	told(true, broken === undefined ? `an import of ${useless} fails all the same` : `${broken} failed with them`);
	return { ...(await probeAffected(context, signal)), fixedFiles: [] };
}

/** Files in which an import moved, and it goes round all the same. */
function stillCircular(fixes: readonly Fix[], { circular }: Repairs, report: WorkspaceReport): readonly string[] {
	const left = circularLines(report);
	return fixes.flatMap(({ after: { path }, kinds }) =>
		kinds.includes("circular") && left.get(path) === circular.get(path) ? [path] : [],
	);
}

/** Files whose import of another module fails as the one before did. */
function stillWrong(fixes: readonly Fix[], { moved }: Repairs, report: WorkspaceReport): readonly string[] {
	const failing = findingsOf(report).flatMap((finding) => (finding.probe === "pytest" ? [finding.frame] : []));
	return fixes.flatMap(({ after: { path }, kinds }) => {
		const isSame = (frame: TestFinding["frame"]) =>
			frame?.file === path && frame.source.trim() === moved.get(path)?.right.trim();
		return kinds.includes("moved") && failing.some(isSame) ? [path] : [];
	});
}

function repairWords(fixes: readonly Fix[]): string {
	const words: Readonly<Record<RepairKind, string>> = {
		ruff: "ruff's safe fixes",
		missing: "missing imports",
		moved: "an import that named the wrong module",
		circular: "an import that went round and now stands in its functions",
	};
	return [...new Set(fixes.flatMap(({ kinds }) => kinds))].map((kind) => words[kind]).join(" and ");
}

/** By file, the import at its top that goes round. */
function circularLines(report: WorkspaceReport): ReadonlyMap<string, string> {
	const found = findingsOf(report).flatMap((finding) =>
		finding.probe === "pytest" ? (circularImport(finding) ?? []) : [],
	);
	return new Map(found.map(({ file, line }) => [file, line]));
}

async function missingFor(
	{ parts, options, state }: RoundContext,
	report: WorkspaceReport,
	signal: AbortSignal,
): Promise<MissingImports> {
	if (options.loop?.missingImports === false) return new Map();
	const files = asksForLint(options.task) ? findingsOf(report).map(({ file }) => file) : [...state.filesChanged];
	const open = files.filter((file) => !state.notFixable.has(file));
	return missingImports(report, new Set(open), parts.workspace, signal);
}

async function movedIn(
	{ parts, options }: RoundContext,
	report: WorkspaceReport,
	signal: AbortSignal,
): Promise<Repairs["moved"]> {
	return options.loop?.missingImports === false ? new Map() : movedImports(report, parts.workspace, signal);
}

function fixableFiles(
	{ options, state }: RoundContext,
	report: WorkspaceReport,
	{ missing, moved, circular }: Repairs,
): readonly string[] {
	const all = asksForLint(options.task);
	const fixable = findingsOf(report).flatMap((finding) =>
		finding.probe === "ruff" && finding.fixable && (all || state.filesChanged.has(finding.file)) ? [finding.file] : [],
	);
	return [...new Set([...fixable, ...missing.keys(), ...moved.keys(), ...circular.keys()])]
		.filter((file) => !state.notFixable.has(file))
		.slice(0, MAX_FILES);
}

async function fixFiles(
	context: RoundContext,
	files: readonly string[],
	repairs: Repairs,
	signal: AbortSignal,
): Promise<readonly Fix[]> {
	const fixes: Fix[] = [];
	for (const file of files) {
		const fix = await repairFile(context, file, repairs, signal);
		if (fix === null) context.state.notFixable.add(file);
		else fixes.push(fix);
	}
	return fixes;
}

/** Null where there is nothing to change, or the change is not allowed. */
async function repairFile(
	context: RoundContext,
	path: string,
	{ missing, moved, circular }: Repairs,
	signal: AbortSignal,
): Promise<Fix | null> {
	let kinds: readonly RepairKind[] = [];
	const fix = await fixFile(
		context,
		path,
		async (before) => {
			const complete = withImports(before.text, missing.get(path) ?? []);
			const right = withRightLine(complete, moved.get(path));
			const line = circular.get(path);
			const local = (line === undefined ? null : withLocalImport(right, line)) ?? right;
			const asked = { file: before.path, text: local, unsafe: false, formatted: [] };
			const text = (await context.parts.probes.fixLint(asked, signal)) ?? local;
			kinds = [
				...(text === local ? [] : (["ruff"] as const)),
				...(complete === before.text ? [] : (["missing"] as const)),
				...(right === complete ? [] : (["moved"] as const)),
				...(local === right ? [] : (["circular"] as const)),
			];
			return text;
		},
		signal,
	);
	return fix === null ? null : { ...fix, kinds };
}

function withRightLine(text: string, moved: MovedImport | undefined): string {
	if (moved === undefined) return text;
	return text
		.split("\n")
		.map((line) => (line.trimEnd() === moved.line.trimEnd() ? moved.right : line))
		.join("\n");
}

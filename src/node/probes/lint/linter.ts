/** Lint answers: of the whole by `ruff check`, or of changed files by the resident server, merged with what is known of the others. */
import type { ProbeRequest } from "../../../core/ports.ts";
import { createResultCache } from "../../../core/probes/cache.ts";
import type { ProbeSettings } from "../../../core/probes/engine-messages.ts";
import { compareFindings, type LintFinding } from "../../../core/probes/finding.ts";
import type { LintForm } from "../../../core/probes/form.ts";
import type { KeptLint } from "../../../core/probes/kept-answers.ts";
import type { NotRunReason, ProbeScope } from "../../../core/probes/report.ts";
import { type Content, changesBetween } from "../content/content.ts";
import { lintConfigKey, lintKey } from "../keys.ts";
import type { Toolchain } from "../tools/interpreter.ts";
import { isLintedSource, lintReachOf } from "./lint-reach.ts";
import { isSame, type ResidentLint } from "./resident-lint.ts";
import { type LintOutcome, type RuffCli, runRuff } from "./ruff-probe.ts";

const CACHED_CONTENTS = 32;
/** Command lines have limits; beyond this many files a full lint is as fast. */
const MAX_FILES = 200;

export type LintJudgement =
	| { readonly status: "clean"; readonly findings: readonly [] }
	| { readonly status: "findings"; readonly findings: readonly LintFinding[] }
	| { readonly status: "not-run"; readonly reason: NotRunReason; readonly message: string; readonly fix: string };

export interface LintAnswer {
	readonly judgement: LintJudgement;
	readonly scope: ProbeScope;
	readonly cache: "hit" | "miss";
	readonly form: LintForm | null;
	/** What people should know of the list, such as that it was cut; empty mostly. */
	readonly note: string;
	/** Whether it is known to be of this very content, so that no look need tell whether files changed meanwhile. */
	readonly isExact: boolean;
}

export interface Linter {
	/** The scope that `lint` will have. */
	scopeOf(content: Content, request: ProbeRequest, toolchain: Toolchain): ProbeScope;
	/** @throws signal.reason */
	lint(content: Content, request: ProbeRequest, toolchain: Toolchain, signal: AbortSignal): Promise<LintAnswer>;
	/** Remembers an answer as that of a content, once it is known that the content stood still. */
	keep(content: Content, toolchain: Toolchain, answer: LintAnswer): void;
	/** Answers for a later session. */
	kept(): readonly KeptLint[];
}

interface Baseline {
	readonly content: Content;
	readonly configKey: string;
	readonly findings: readonly LintFinding[];
}

export function createLinter(parts: {
	readonly settings: ProbeSettings;
	readonly cli: RuffCli;
	readonly resident: ResidentLint;
	/** Answers of an earlier session. */
	readonly kept: readonly KeptLint[];
}): Linter {
	const { settings, cli, resident } = parts;
	const full = createResultCache<LintAnswer>(CACHED_CONTENTS);
	const partial = createResultCache<LintAnswer>(CACHED_CONTENTS);
	let baseline: Baseline | null = null;
	let isPrepared = false;
	for (const { key, findings } of parts.kept) {
		full.set(key, { judgement: judged(findings), scope: "full", cache: "miss", form: null, note: "", isExact: true });
	}

	const cached = (content: Content, request: ProbeRequest, toolchain: Toolchain): LintAnswer | null => {
		if (!settings.cacheEnabled || request.fresh) return null;
		const key = lintKey(content, toolchain);
		return full.get(key) ?? (request.scope === "affected" ? partial.get(key) : null);
	};
	/** Sources to lint, or null where all must be: a file that came or went can change what ruff says of its neighbours. */
	const changedOnly = (content: Content, request: ProbeRequest, toolchain: Toolchain): readonly string[] | null => {
		if (baseline === null || request.scope === "full" || !settings.lintChangedOnly) return null;
		if (baseline.configKey !== lintConfigKey(content, toolchain)) return null;
		const before = baseline.content;
		const reach = lintReachOf(content);
		const changed = changesBetween(before, content).filter((path) => isLintedSource(reach, path));
		return changed.length <= MAX_FILES && changed.every((file) => before.has(file) && content.has(file))
			? changed
			: null;
	};
	const lintChanged = async (
		files: readonly string[],
		known: readonly LintFinding[],
		content: Content,
		toolchain: Toolchain,
		signal: AbortSignal,
	): Promise<LintAnswer | null> => {
		const kept = known.filter(({ file }) => !files.includes(file));
		const answer = (
			findings: readonly LintFinding[],
			form: LintForm | null,
			isExact: boolean,
			note = "",
		): LintAnswer => ({ judgement: judged(findings), scope: "affected", cache: "miss", form, note, isExact });
		if (files.length === 0) return answer(kept, null, true);
		const readable = await resident.listed(content, toolchain, signal);
		if (readable === null) return null;
		const wanted = files.filter((file) => readable.has(file));
		const byServer = await resident.judge(wanted, content, toolchain, signal);
		const found = byServer === null ? kept : [...kept, ...byServer.findings];
		const left = byServer === null ? wanted : byServer.left;
		if (left.length === 0) return answer(found, "resident", byServer?.isExact ?? true);
		const outcome = await runRuff(cli, toolchain, content, left, signal);
		const why = byServer === null ? resident.whyNot() : "no text that the resident ruff takes";
		return outcome.status === "not-run" || outcome.note !== ""
			? null
			: answer([...found, ...outcome.findings], "command-line", false, why);
	};
	const lintAll = async (content: Content, toolchain: Toolchain, signal: AbortSignal): Promise<LintAnswer> => {
		const outcome: LintOutcome = settings.ruffEnabled
			? await runRuff(cli, toolchain, content, null, signal)
			: {
					status: "not-run",
					reason: "disabled",
					message: "ruff is switched off",
					fix: "Switch it on in the settings.",
				};
		const common = { scope: "full", cache: "miss", form: "command-line", isExact: false } as const;
		return outcome.status === "not-run"
			? { ...common, form: null, judgement: outcome, note: "" }
			: { ...common, judgement: judged(outcome.findings), note: outcome.note };
	};
	return {
		scopeOf(content, request, toolchain) {
			const known = cached(content, request, toolchain);
			if (known !== null) return known.scope;
			return changedOnly(content, request, toolchain) === null ? "full" : "affected";
		},
		async lint(content, request, toolchain, signal) {
			const known = cached(content, request, toolchain);
			if (known !== null) return { ...known, cache: "hit", form: null, isExact: true };
			const changed = changedOnly(content, request, toolchain);
			const partly =
				changed === null || baseline === null
					? null
					: await lintChanged(changed, baseline.findings, content, toolchain, signal);
			return partly ?? lintAll(content, toolchain, signal);
		},
		keep(content, toolchain, answer) {
			const { judgement, scope, note, form } = answer;
			if (judgement.status === "not-run") return;
			const key = lintKey(content, toolchain);
			const isCut = scope === "full" && note !== "";
			const byServer = partial.get(key);
			// An answer of an earlier session may come before this one's first lint.
			if (scope === "full" && !isCut && (form === "command-line" || !isPrepared)) {
				if (byServer !== null && differs(byServer.judgement, judgement)) {
					resident.distrust("ruff server did not find what ruff check finds");
				}
				resident.prepare(content, toolchain, judgement.findings);
				isPrepared = true;
			}
			(scope === "full" ? full : partial).set(key, answer);
			// A list that was cut cannot be completed file by file.
			baseline = isCut ? null : { content, configKey: lintConfigKey(content, toolchain), findings: judgement.findings };
		},
		kept: () =>
			full.entries().flatMap(([key, { judgement, note }]) =>
				// A list that was cut is told with a note, which is not kept.
				judgement.status === "not-run" || note !== "" ? [] : [{ key, findings: judgement.findings }],
			),
	};
}

function differs(one: LintJudgement, other: LintJudgement): boolean {
	return one.status !== "not-run" && other.status !== "not-run" && !isSame(one.findings, other.findings);
}

function judged(findings: readonly LintFinding[]): LintJudgement {
	if (findings.length === 0) return { status: "clean", findings: [] };
	return { status: "findings", findings: findings.toSorted(compareFindings) };
}

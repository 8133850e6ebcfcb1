/** Lint answers: whole, or of the changed files alone merged with what is known of the others. */
import type { ProbeRequest } from "../../core/ports.ts";
import { createResultCache } from "../../core/probes/cache.ts";
import type { ProbeSettings } from "../../core/probes/engine-messages.ts";
import type { LintFinding } from "../../core/probes/finding.ts";
import { isLintSource } from "../../core/probes/inputs.ts";
import type { NotRunReason, ProbeScope } from "../../core/probes/report.ts";
import { type Content, changesBetween } from "./content.ts";
import type { Toolchain } from "./interpreter.ts";
import { lintConfigKey, lintKey } from "./keys.ts";
import type { ProcessRunner } from "./process-runner.ts";
import { runRuff } from "./ruff-probe.ts";
import type { Sandbox } from "./sandbox.ts";

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
	/** What people should know of the list, such as that it was cut; empty mostly. */
	readonly note: string;
}

export interface Linter {
	/** The scope that `lint` will have. */
	scopeOf(content: Content, request: ProbeRequest, toolchain: Toolchain): ProbeScope;
	/** @throws signal.reason */
	lint(content: Content, request: ProbeRequest, toolchain: Toolchain, signal: AbortSignal): Promise<LintAnswer>;
	/** Remembers an answer as that of a content, once it is known that the content stood still. */
	keep(content: Content, toolchain: Toolchain, answer: LintAnswer): void;
}

interface Baseline {
	readonly content: Content;
	readonly configKey: string;
	readonly findings: readonly LintFinding[];
}

export function createLinter(parts: {
	readonly root: string;
	readonly settings: ProbeSettings;
	readonly runner: ProcessRunner;
	readonly sandbox: Sandbox;
	readonly probeEnv: Readonly<Record<string, string>>;
}): Linter {
	const { root, settings, runner, sandbox, probeEnv } = parts;
	const full = createResultCache<LintAnswer>(CACHED_CONTENTS);
	const partial = createResultCache<LintAnswer>(CACHED_CONTENTS);
	let baseline: Baseline | null = null;

	const cached = (content: Content, request: ProbeRequest, toolchain: Toolchain): LintAnswer | null => {
		if (!settings.cacheEnabled || request.fresh) return null;
		const key = lintKey(content, toolchain);
		return full.get(key) ?? (request.scope === "affected" ? partial.get(key) : null);
	};
	/** Sources to lint, or null where all must be. */
	const changedOnly = (content: Content, request: ProbeRequest, toolchain: Toolchain): readonly string[] | null => {
		if (baseline === null || request.scope === "full" || !settings.lintChangedOnly) return null;
		if (baseline.configKey !== lintConfigKey(content, toolchain)) return null;
		const changed = changesBetween(baseline.content, content).filter(isLintSource);
		return changed.length > MAX_FILES ? null : changed;
	};
	const run = async (
		content: Content,
		files: readonly string[] | null,
		toolchain: Toolchain,
		signal: AbortSignal,
	): Promise<LintAnswer> => {
		const scope = files === null ? "full" : "affected";
		const answer = (judgement: LintJudgement, note = ""): LintAnswer => ({ judgement, scope, cache: "miss", note });
		const { ruff, python } = toolchain;
		if (!settings.ruffEnabled)
			return answer(notRun("disabled", "ruff is switched off", "Switch it on in the settings."));
		if (ruff === null) {
			const fix = "Run `python -m pip install ruff` in the project's environment.";
			return answer(notRun("tool-missing", "ruff is not installed", fix));
		}
		const existing = files?.filter((file) => content.has(file)) ?? null;
		const kept = files === null ? [] : (baseline?.findings ?? []).filter(({ file }) => !files.includes(file));
		if (existing !== null && existing.length === 0) return answer(judged(kept));
		const confinement = await sandbox.confinement(python, signal, [ruff.command]);
		if (confinement.kind === "refused") return answer(notRun("tool-missing", confinement.message, confinement.fix));
		const outcome = await runRuff(
			runner,
			{
				root,
				ruff,
				files: existing,
				content,
				defaultSelect: settings.defaultSelect,
				timeoutMs: settings.ruffTimeoutMs,
				maxOutputBytes: settings.maxOutputBytes,
				env: probeEnv,
				confine: confinement.confine(null),
			},
			signal,
		);
		return outcome.status === "not-run"
			? answer(outcome)
			: answer(judged([...kept, ...outcome.findings]), outcome.note);
	};
	return {
		scopeOf(content, request, toolchain) {
			const known = cached(content, request, toolchain);
			if (known !== null) return known.scope;
			return changedOnly(content, request, toolchain) === null ? "full" : "affected";
		},
		async lint(content, request, toolchain, signal) {
			const known = cached(content, request, toolchain);
			if (known !== null) return { ...known, cache: "hit" };
			return run(content, changedOnly(content, request, toolchain), toolchain, signal);
		},
		keep(content, toolchain, answer) {
			const { judgement, scope, note } = answer;
			if (judgement.status === "not-run") return;
			(scope === "full" ? full : partial).set(lintKey(content, toolchain), answer);
			// A list that was cut cannot be completed file by file.
			baseline =
				note === "" ? { content, configKey: lintConfigKey(content, toolchain), findings: judgement.findings } : null;
		},
	};
}

function judged(findings: readonly LintFinding[]): LintJudgement {
	if (findings.length === 0) return { status: "clean", findings: [] };
	const sorted = findings.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
	return { status: "findings", findings: sorted };
}

function notRun(reason: NotRunReason, message: string, fix: string): LintJudgement {
	return { status: "not-run", reason, message, fix };
}

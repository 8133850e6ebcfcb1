/** Judges a workspace: look, ask what is not known yet, look again. An answer counts only for the content it was given for. */
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ProbeProgress, ProbeRequest } from "../../core/ports.ts";
import type { ProbeAnswer } from "../../core/probes/answer.ts";
import { changeWords, createResultCache } from "../../core/probes/cache.ts";
import type { ProbeSettings } from "../../core/probes/engine-messages.ts";
import { withErrorHints } from "../../core/probes/error-hint.ts";
import type { TestFinding } from "../../core/probes/finding.ts";
import type { Wave } from "../../core/probes/form.ts";
import { withImportHints } from "../../core/probes/import-hint.ts";
import type { KeptAnswers, KeptTests } from "../../core/probes/kept-answers.ts";
import type { RunTraces } from "../../core/probes/own-writes.ts";
import type { LintReport, ProbeScope, TestReport, WorkspaceReport } from "../../core/probes/report.ts";
import type { TestJudgement } from "../../core/probes/test-report.ts";
import { removeBytecode, removeSuspectBytecode } from "./content/bytecode.ts";
import { type Content, changeOf, changesBetween, contentOfKept } from "./content/content.ts";
import type { Mirror } from "./content/mirror.ts";
import { sourceText } from "./content/source-text.ts";
import { lintKey, testKey } from "./keys.ts";
import type { Linter } from "./lint/linter.ts";
import type { Standing } from "./probe-queue.ts";
import { isOwnWork, startTraces } from "./tests/run-traces.ts";
import type { TestRunner } from "./tests/test-runner.ts";
import type { TestAnswer, Tester } from "./tests/tester.ts";
import type { Toolchain, ToolchainFinder } from "./tools/interpreter.ts";

const CACHED_CONTENTS = 32;
/** So many of them outlast a session: what was just there, and what an undo or a branch brings back. */
const KEPT_CONTENTS = 8;
/** A run whose content changed under it is repeated this often before it is given up. */
const MAX_ATTEMPTS = 3;

export interface Prober {
	/** @throws signal.reason; UserError `workspace-gone` */
	probe(
		request: ProbeRequest,
		onProgress: (progress: ProbeProgress) => void,
		signal: AbortSignal,
	): Promise<ProbeAnswer>;
	/** How a request stands to the last report, by what there is now. @throws signal.reason */
	standing(request: ProbeRequest, signal: AbortSignal): Promise<Standing>;
	/** For a later session. */
	keep(): Pick<KeptAnswers, "tests">;
}

export interface ProberParts {
	readonly root: string;
	readonly settings: ProbeSettings;
	readonly mirror: Mirror;
	readonly toolchain: ToolchainFinder;
	readonly linter: Linter;
	readonly tests: TestRunner;
	readonly tester: Tester;
	/** Files that runs of tests were seen to write since it was asked last. */
	readonly takeWrites: () => ReadonlySet<string>;
	/** What an earlier session knew; null where nothing is. */
	readonly kept: Pick<KeptAnswers, "tests" | "files"> | null;
}

/** What one probe needs to know of one request. */
interface Asking {
	readonly request: ProbeRequest;
	readonly toolchain: Toolchain;
	readonly why: string;
	readonly onProgress: (progress: ProbeProgress) => void;
	readonly signal: AbortSignal;
}

interface Judged<T> {
	readonly report: T;
	/** Key of the content that was judged. */
	readonly key: string;
	readonly content: Content;
}

export function createProber(parts: ProberParts): Prober {
	const { root, settings, mirror } = parts;
	const { linter } = parts;
	const testCache = createResultCache<TestAnswer>(CACHED_CONTENTS);
	const ownWrites = new Map<string, string | null>();
	const earlier = parts.kept === null ? null : contentOfKept(parts.kept.files);
	for (const { key, ...answer } of parts.kept?.tests ?? []) testCache.set(key, testAnswerOf(answer));
	parts.tester.ignore(ownWrites);
	let seen: Content | null = null;
	let reported: { readonly content: Content; readonly toolchain: Toolchain; readonly report: WorkspaceReport } | null =
		null;

	const textIn = (file: string) => sourceText(join(root, file))?.text ?? null;

	const look = (): Content => {
		const content = mirror.look();
		if (seen === null) removeSuspectBytecode(root, content.keys());
		const before = seen ?? earlier ?? content;
		const changed = changesBetween(before, content);
		removeBytecode(root, changed);
		if (changed.length > 0) parts.tests.changed(changed.map((path) => changeOf(path, before, content)));
		seen = content;
		return content;
	};

	const judgeTests = async (start: Content, asking: Asking): Promise<Judged<TestReport>> => {
		const { request, toolchain, onProgress, why, signal } = asking;
		let startedAt = performance.now();
		let isOpen = false;
		const onStarted = (scope: ProbeScope, wave: Wave | null) => {
			if (!isOpen) onProgress({ kind: "started", probe: "pytest", scope, wave });
			isOpen = true;
		};
		const onFinished = (report: TestReport) => {
			onStarted(report.scope, report.wave);
			onProgress({ kind: "finished", report });
			isOpen = false;
			startedAt = performance.now();
		};
		const reportOf = ({ judgement, ...answer }: TestAnswer, cache: "hit" | "miss", note: string): TestReport => ({
			...{ ...answer, ...withErrorHints(withImportHints(judgement, start.keys(), textIn)), probe: "pytest", cache },
			why: joined(why, answer.why, note),
			durationMs: performance.now() - startedAt,
		});
		const onWave = {
			started: (wave: Wave) => onStarted(wave === "C" ? "full" : "affected", wave),
			failing: (finding: TestFinding) => onProgress({ kind: "failing", finding }),
			finished: (answer: TestAnswer) => onFinished(reportOf(answer, "miss", "")),
		};
		let content = start;
		let before: RunTraces | null = null;
		for (let attempt = 1; ; attempt++) {
			const key = testKey(content, toolchain);
			const run = startTraces(root, parts.takeWrites);
			const known = settings.cacheEnabled && !request.fresh ? testCache.get(key) : null;
			const answer = known ?? (await parts.tester.test(content, request, toolchain, onWave, signal));
			// Where nothing ran, nothing can have changed under it.
			const now = known === null && answer.form !== null ? look() : content;
			const changed = changesBetween(content, now);
			const traces = run.end(changed);
			const settled = await isOwnWork(traces, before, { known: ownWrites, now, look, signal });
			if (!settled && attempt < MAX_ATTEMPTS) {
				before = traces;
				content = seen ?? now;
				continue;
			}
			if (settled) for (const file of changed) ownWrites.set(file, now.get(file) ?? null);
			if (changed.length === 0 && answer.scope === "full" && isLasting(answer.judgement)) testCache.set(key, answer);
			const note = settled && changed.length > 0 ? `the tests write ${changed[0]}` : "";
			const told = settled ? answer : { ...answer, judgement: unsettled(changed) };
			const report =
				known === null
					? reportOf(told, "miss", note)
					: reportOf({ ...told, wave: null, form: null, why: "" }, "hit", "");
			onFinished(report);
			return { report, key: testKey(now, toolchain), content: now };
		}
	};

	const judgeLint = async (start: Content, asking: Asking): Promise<Judged<LintReport>> => {
		const { request, toolchain, onProgress, why, signal } = asking;
		const startedAt = performance.now();
		let content = start;
		const scope: ProbeScope = linter.scopeOf(content, request, toolchain);
		onProgress({ kind: "started", probe: "ruff", scope, wave: null });
		for (let attempt = 1; ; attempt++) {
			const key = lintKey(content, toolchain);
			const answer = await linter.lint(content, request, toolchain, signal);
			const now = answer.isExact ? content : look();
			const settled = lintKey(now, toolchain) === key;
			if (!settled && attempt < MAX_ATTEMPTS) {
				content = now;
				continue;
			}
			if (settled) linter.keep(content, toolchain, answer);
			const report: LintReport = {
				probe: "ruff",
				cache: answer.cache,
				why: joined(why, answer.note),
				scope: answer.scope,
				wave: null,
				form: answer.form,
				durationMs: performance.now() - startedAt,
				...(settled ? answer.judgement : unsettled(changesBetween(content, now))),
			};
			onProgress({ kind: "finished", report });
			return { report, key, content: now };
		}
	};

	return {
		async probe(request, onProgress, signal) {
			signal.throwIfAborted();
			const startedAt = performance.now();
			const content = look();
			const filesMs = performance.now() - startedAt;
			const toolchain = await parts.toolchain.find(signal);
			if (reported?.content === content && reported.toolchain === toolchain && mayStand(reported.report, request)) {
				return { kind: "unchanged", filesMs, durationMs: performance.now() - startedAt };
			}
			const before = reported?.content ?? earlier;
			const comparedWith = reported !== null ? "probe-before" : earlier !== null ? "earlier-session" : "nothing";
			const why = changeWords(comparedWith, before === null ? [] : changesBetween(before, content));
			const asking: Asking = { request, toolchain, why, onProgress, signal };

			// Tests take longer than lint: their process is told what to run before lint takes the processor.
			const together = settings.parallel ? judgeTests(content, asking) : null;
			const linting = nextTurn().then(() => judgeLint(content, asking));
			const testing = together ?? linting.then(() => judgeTests(content, asking));
			// One that fails must not leave the other running unwatched.
			const [linted, tested] = await Promise.allSettled([linting, testing]);
			if (linted.status === "rejected") throw linted.reason;
			if (tested.status === "rejected") throw tested.reason;
			signal.throwIfAborted();

			let lint = linted.value;
			let tests = tested.value;
			// They end at different times; what the last look saw is judged by both.
			for (let round = 1; round < MAX_ATTEMPTS; round++) {
				const now = seen ?? content;
				const lintMoved = lintKey(now, toolchain) !== lint.key;
				const testsMoved = changesBetween(tests.content, now).some((file) => !ownWrites.has(file));
				if (!lintMoved && !testsMoved) break;
				if (lintMoved) lint = await judgeLint(now, asking);
				if (testsMoved) tests = await judgeTests(now, asking);
			}
			const final = tests.content;
			const report: WorkspaceReport = {
				ruff: lint.report,
				pytest: tests.report,
				changedFiles: reported === null ? [] : changesBetween(reported.content, final),
				filesMs,
				durationMs: performance.now() - startedAt,
			};
			// The answer needed no process; the next one may.
			if (reported === null && tests.report.cache === "hit" && toolchain.python !== null) {
				parts.tests.prepare(toolchain.python);
			}
			reported = { content: final, toolchain, report };
			return { kind: "report", report };
		},
		async standing(request, signal) {
			const toolchain = await parts.toolchain.find(signal);
			if (reported === null || reported.toolchain !== toolchain) return "moved";
			const moved = changesBetween(reported.content, look()).some((file) => !ownWrites.has(file));
			return moved ? "moved" : mayStand(reported.report, request) ? "answered" : "same";
		},
		keep: () => ({
			tests: testCache
				.entries()
				.flatMap(([key, answer]) => keptTests(key, answer))
				.slice(-KEPT_CONTENTS),
		}),
	};

	/** Whether a report answers a request about the same content. */
	function mayStand({ ruff, pytest }: WorkspaceReport, { fresh, scope }: ProbeRequest): boolean {
		if (fresh || !settings.cacheEnabled) return false;
		return [ruff, pytest].every((part) => isLasting(part) && (scope === "affected" || part.scope === "full"));
	}
}

function keptTests(key: string, { judgement }: TestAnswer): readonly KeptTests[] {
	if (judgement.status !== "not-run") {
		return [{ key, findings: judgement.findings, counts: judgement.counts, message: "", fix: "" }];
	}
	const { reason, message, fix } = judgement;
	return reason === "no-tests" ? [{ key, findings: [], counts: null, message, fix }] : [];
}

function testAnswerOf({ findings, counts, message, fix }: Omit<KeptTests, "key">): TestAnswer {
	const judgement: TestJudgement =
		counts === null
			? { status: "not-run", reason: "no-tests", message, fix }
			: findings.length === 0
				? { status: "clean", findings: [], counts }
				: { status: "findings", findings, counts };
	return { judgement, scope: "full", wave: null, form: null, why: "" };
}

/** A crash or a timeout may be the machine's mood; a missing tool may be installed the next moment. */
function isLasting(judgement: TestJudgement | LintReport): boolean {
	return judgement.status !== "not-run" || judgement.reason === "no-tests" || judgement.reason === "disabled";
}

function joined(...words: readonly string[]): string {
	return words.filter((word) => word !== "").join("; ");
}

function unsettled(changed: readonly string[]) {
	const message = `files kept changing while it ran (${changed.slice(0, 3).join(", ")})`;
	const fix = "Probe again when the workspace has settled.";
	return { status: "not-run", reason: "cancelled", message, fix } as const;
}

/** Judges a workspace: look, ask what is not known yet, look again. An answer counts only for the content it was given for. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ProbeProgress, ProbeRequest } from "../../core/ports.ts";
import type { ProbeAnswer } from "../../core/probes/answer.ts";
import { changeWords } from "../../core/probes/cache.ts";
import type { ProbeSettings } from "../../core/probes/engine-messages.ts";
import type { KeptAnswers } from "../../core/probes/kept-answers.ts";
import { isLasting, type WorkspaceReport } from "../../core/probes/report.ts";
import { type Content, changesBetween, contentOfKept } from "./content/content.ts";
import { createLooks } from "./content/looks.ts";
import type { Mirror } from "./content/mirror.ts";
import { beginProbe } from "./early-start.ts";
import { type Asking, MAX_ATTEMPTS } from "./judging.ts";
import { lintKey } from "./keys.ts";
import { createLintJudge } from "./lint/lint-judge.ts";
import type { Linter } from "./lint/linter.ts";
import type { Standing } from "./probe-queue.ts";
import { createTestJudge } from "./tests/test-judge.ts";
import type { TestRunner } from "./tests/test-runner.ts";
import type { Tester } from "./tests/tester.ts";
import type { Toolchain, ToolchainFinder } from "./tools/interpreter.ts";

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

export function createProber(parts: ProberParts): Prober {
	const { root, settings, mirror, toolchain: finder, linter, tester, takeWrites, kept } = parts;
	const earlier = kept === null ? null : contentOfKept(kept.files);
	const looks = createLooks(root, mirror, earlier, parts.tests.changed);
	const judgeLint = createLintJudge(linter, looks);
	const testJudge = createTestJudge({ root, settings, looks, tester, takeWrites, kept: kept?.tests ?? [] });
	const judgeTests = testJudge.judge;
	let reported: { readonly content: Content; readonly toolchain: Toolchain; readonly report: WorkspaceReport } | null =
		null;

	/** What changed since the report before. */
	const whyOf = (content: Content): string => {
		const before = reported?.content ?? earlier;
		const comparedWith = reported !== null ? "probe-before" : earlier !== null ? "earlier-session" : "nothing";
		return changeWords(comparedWith, before === null ? [] : changesBetween(before, content));
	};
	return {
		async probe(request, onProgress, signal) {
			signal.throwIfAborted();
			const startedAt = performance.now();
			const mayBeginEarly = settings.parallel && reported !== null && request.background !== true;
			const beginning = { looks, toolchain: finder, judge: judgeTests, mayBeginEarly, whyOf };
			const { content, toolchain, filesMs, early } = await beginProbe(beginning, { request, onProgress, signal });
			if (reported?.content === content && reported.toolchain === toolchain && mayStand(reported.report, request)) {
				return { kind: "unchanged", filesMs, durationMs: performance.now() - startedAt };
			}
			const asking: Asking = { request, toolchain, why: whyOf(content), onProgress, signal };

			// Tests take longer than lint: their process is told what to run before lint takes the processor.
			const together = early ?? (settings.parallel ? judgeTests(content, asking) : null);
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
				const now = looks.seen() ?? content;
				const lintMoved = lintKey(now, toolchain) !== lint.key;
				const testsMoved = changesBetween(tests.content, now).some((file) => !testJudge.isOwn(file));
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
			const toolchain = await finder.find(signal);
			if (reported === null || reported.toolchain !== toolchain) return "moved";
			const moved = changesBetween(reported.content, looks.look()).some((file) => !testJudge.isOwn(file));
			return moved ? "moved" : mayStand(reported.report, request) ? "answered" : "same";
		},
		keep: () => ({ tests: testJudge.keep() }),
	};

	/** Whether a report answers a request about the same content. */
	function mayStand({ ruff, pytest }: WorkspaceReport, { fresh, scope }: ProbeRequest): boolean {
		if (fresh || !settings.cacheEnabled) return false;
		return [ruff, pytest].every((part) => isLasting(part) && (scope === "affected" || part.scope === "full"));
	}
}

/** Judges the tests of a workspace: what was judged before stands, what the tests write themselves is none to judge. */
import { join } from "node:path";
import { createResultCache } from "../../../core/probes/cache.ts";
import type { ProbeSettings } from "../../../core/probes/engine-messages.ts";
import { withErrorHints } from "../../../core/probes/error-hint.ts";
import type { TestFinding } from "../../../core/probes/finding.ts";
import type { Wave } from "../../../core/probes/form.ts";
import { withImportHints } from "../../../core/probes/import-hint.ts";
import type { KeptTests } from "../../../core/probes/kept-answers.ts";
import type { RunTraces } from "../../../core/probes/own-writes.ts";
import { isLasting, type ProbeScope, type TestReport } from "../../../core/probes/report.ts";
import type { TestJudgement } from "../../../core/probes/test-report.ts";
import { type Content, changesBetween } from "../content/content.ts";
import type { Looks } from "../content/looks.ts";
import { sourceText } from "../content/source-text.ts";
import { type Asking, type Judged, joined, MAX_ATTEMPTS, unsettled } from "../judging.ts";
import { testKey } from "../keys.ts";
import { isOwnWork, startTraces } from "./run-traces.ts";
import type { TestAnswer, Tester } from "./tester.ts";

const CACHED_CONTENTS = 32;
/** So many of them outlast a session: what was just there, and what an undo or a branch brings back. */
const KEPT_CONTENTS = 8;

export interface TestJudge {
	/** An answer counts only for the content it was given for. @throws signal.reason */
	judge(start: Content, asking: Asking): Promise<Judged<TestReport>>;
	/** Whether a file is one that the tests write. */
	isOwn(file: string): boolean;
	/** For a later session. */
	keep(): readonly KeptTests[];
}

export function createTestJudge(parts: {
	readonly root: string;
	readonly settings: Pick<ProbeSettings, "cacheEnabled">;
	readonly looks: Looks;
	readonly tester: Tester;
	/** Files that runs of tests were seen to write since it was asked last. */
	readonly takeWrites: () => ReadonlySet<string>;
	/** What an earlier session knew. */
	readonly kept: readonly KeptTests[];
}): TestJudge {
	const { root, settings, looks, tester, takeWrites } = parts;
	const cache = createResultCache<TestAnswer>(CACHED_CONTENTS);
	/** File -> identity of the content that the tests left. */
	const ownWrites = new Map<string, string | null>();
	for (const { key, ...answer } of parts.kept) cache.set(key, testAnswerOf(answer));
	tester.ignore(ownWrites);

	const textIn = (file: string) => sourceText(join(root, file))?.text ?? null;

	const judge: TestJudge["judge"] = async (start, asking) => {
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
			const run = startTraces(root, takeWrites);
			const known = settings.cacheEnabled && !request.fresh ? cache.get(key) : null;
			const answer = known ?? (await tester.test(content, request, toolchain, onWave, signal));
			// Where nothing ran, nothing can have changed under it.
			const now = known === null && answer.form !== null ? looks.look() : content;
			const changed = changesBetween(content, now);
			const traces = run.end(changed);
			const settled = await isOwnWork(traces, before, { known: ownWrites, now, look: looks.look, signal });
			if (!settled && attempt < MAX_ATTEMPTS) {
				before = traces;
				content = looks.seen() ?? now;
				continue;
			}
			if (settled) for (const file of changed) ownWrites.set(file, now.get(file) ?? null);
			if (changed.length === 0 && answer.scope === "full" && isLasting(answer.judgement)) cache.set(key, answer);
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
	return {
		judge,
		isOwn: (file) => ownWrites.has(file),
		keep: () =>
			cache
				.entries()
				.flatMap(([key, answer]) => keptTests(key, answer))
				.slice(-KEPT_CONTENTS),
	};
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

/** Test answers: of the whole suite, or of what a change can have touched, in waves, merged with what is known of the other tests. */
import type { ProbeRequest } from "../../../core/ports.ts";
import { affectedTests } from "../../../core/probes/affected.ts";
import type { ProbeSettings } from "../../../core/probes/engine-messages.ts";
import type { TestFinding } from "../../../core/probes/finding.ts";
import type { Wave, WorkerForm } from "../../../core/probes/form.ts";
import type { ImportGraph } from "../../../core/probes/import-graph.ts";
import type { KeptAnswers } from "../../../core/probes/kept-answers.ts";
import { isAsLeft, type OwnWrites } from "../../../core/probes/own-writes.ts";
import { notRun, type ProbeScope } from "../../../core/probes/report.ts";
import type { TestLedger } from "../../../core/probes/test-ledger.ts";
import { isJudged, type TestJudgement } from "../../../core/probes/test-report.ts";
import type { TestRun } from "../../../core/probes/test-run.ts";
import { type TimeLimit, timeLimitOf, withLimitExplained } from "../../../core/probes/time-limit.ts";
import { type Content, changeOf, changesBetween, differencesOf } from "../content/content.ts";
import type { GraphProbe } from "../imports/graph-probe.ts";
import { joined } from "../judging.ts";
import { createTestSearch } from "../keys.ts";
import type { Toolchain } from "../tools/interpreter.ts";
import { createPatternSearch } from "./pytest-config.ts";
import type { TestRunner, TestRunRequest } from "./test-runner.ts";
import { createWholeSuite, type KnownTests } from "./whole-suite.ts";

/** A second start costs more than so few files that need not be told apart. */
const MIN_REST = 3;

export interface TestAnswer {
	readonly judgement: TestJudgement;
	readonly scope: ProbeScope;
	readonly wave: Wave | null;
	readonly form: WorkerForm | null;
	/** Why these tests, and why in this form; for people, empty where there is nothing to say. */
	readonly why: string;
}

export interface WaveListener {
	readonly started: (wave: Wave) => void;
	/** Told the wave's first test that fails, as it does; of one beside the model only its verdict counts. */
	readonly failing: (finding: TestFinding) => void;
	readonly finished: (answer: TestAnswer) => void;
}

export interface Tester {
	/**
	 * Judges a content. Each wave but the last is told as it ends.
	 * @throws signal.reason
	 */
	test(
		content: Content,
		request: Pick<ProbeRequest, "scope" | "background">,
		toolchain: Toolchain,
		onWave: WaveListener,
		signal: AbortSignal,
	): Promise<TestAnswer>;
	/** Tells files that the tests write themselves: as the last run left them, they are none to judge. */
	ignore(files: OwnWrites): void;
	/** What the ledger knows, and of which content, for a later session. @param content that of the last look */
	keep(content: Content): KeptAnswers["ledger"];
}

export interface LedgerPlace {
	readonly content: Content;
	/** Fingerprint of the interpreter. */
	readonly python: string;
	/** What the whole suite last took there; null where that is not known. */
	readonly wholeMs: number | null;
}

export function createTester(parts: {
	readonly root: string;
	readonly settings: ProbeSettings;
	readonly tests: TestRunner;
	readonly graphs: GraphProbe;
	readonly ledger: TestLedger;
	/** The content and the tools that the ledger speaks of already. */
	readonly at: LedgerPlace | null;
}): Tester {
	const { root, settings, tests, graphs, ledger } = parts;
	let ownWrites: OwnWrites = new Map();
	const hasTests = createTestSearch(root);
	const hasOwnPatterns = createPatternSearch(root);
	const suite = createWholeSuite(tests, settings);
	let { at } = parts;
	/** What the whole suite last took. */
	let wholeMs = parts.at?.wholeMs ?? null;
	/** The content whose last run took too long. */
	let tooSlow: Content | null = null;
	/** Ids of tests whose files went since the last run. */
	let removed: readonly string[] = [];

	/** Brings the ledger to this content. */
	const follow = async (content: Content, toolchain: Toolchain, signal: AbortSignal): Promise<void> => {
		const python = toolchain.python?.fingerprint ?? "";
		if (at !== null && at.python !== python) ledger.forget("the interpreter or its packages changed");
		const before = at?.content ?? content;
		const changed = changesBetween(before, content).filter((file) => !isAsLeft(ownWrites, file, content));
		if (changed.length > 0 || graphs.last() === null) {
			const old = graphs.last();
			const answer = await graphs.graphOf(content, toolchain, signal);
			const changes = changed.map((path) => changeOf(path, before, content));
			ledger.expect(
				changed,
				answer.kind === "unknown"
					? { kind: "all", why: answer.why }
					: affectedTests(changes, graphsOf(old, answer.graph), ledger.lore(hasOwnPatterns(content))),
			);
			removed = [...removed, ...ledger.remove(changed.filter((file) => !content.has(file)))];
		}
		at = { content, python, wholeMs };
	};
	/** One in the background may be starved, and one that was too slow and is asked again gets all the time there is. */
	const limitFor = (content: Content, background: boolean): TimeLimit => {
		const isAgain = tooSlow !== null && changesBetween(tooSlow, content).length === 0;
		const known = settings.adaptiveTimeout && !background && !isAgain ? wholeMs : null;
		return timeLimitOf(known, settings.pytestTimeoutMs);
	};
	const noteTime = (
		content: Content,
		files: readonly string[] | null,
		{ judgement }: TestRun,
		ms: number,
		background: boolean,
	): void => {
		const isLate = judgement.status === "not-run" && judgement.reason === "timed-out";
		tooSlow = isLate ? content : null;
		if (files === null && judgement.status !== "not-run" && (!background || wholeMs === null)) wholeMs = Math.ceil(ms);
	};
	const knownAt = (ready: Promise<void>): KnownTests => ({
		testsByFile: ledger.testsByFile,
		failing: () => ready.then(ledger.failing),
	});
	/** @param ready settles when the ledger has come to the content that is tested */
	const run = async (
		asked: Pick<TestRunRequest, "python" | "files" | "background" | "onFailing">,
		content: Content,
		wave: Wave,
		ready: Promise<void>,
		signal: AbortSignal,
	): Promise<TestAnswer> => {
		const { files } = asked;
		const limit = limitFor(content, asked.background === true);
		const request = { ...asked, timeoutMs: limit.limitMs };
		const startedAt = performance.now();
		const running = files === null ? suite.run(request, knownAt(ready), signal) : tests.run(request, signal);
		const [ran, followed] = await Promise.allSettled([running, ready]);
		if (ran.status === "rejected") throw ran.reason;
		if (followed.status === "rejected") throw followed.reason;
		const result = {
			...ran.value,
			judgement: withLimitExplained(ran.value.judgement, limit, settings.pytestTimeoutMs),
		};
		noteTime(content, files, result, performance.now() - startedAt, asked.background === true);
		// A run that was starved must not make what is known of the tests old.
		const counts = asked.background !== true || isJudged(result.judgement);
		const gone = counts ? [...removed, ...ledger.record(files, result)] : [];
		if (counts) removed = [];
		const judgement = files === null || result.judgement.status === "not-run" ? result.judgement : ledger.judgement();
		return {
			judgement,
			scope: files === null ? "full" : "affected",
			wave,
			form: result.form,
			why: joined(files === null ? "" : filesWords(files), goneWords(gone), result.why),
		};
	};
	const answer = (judgement: TestJudgement, scope: ProbeScope, why = ""): TestAnswer => ({
		...{ judgement, scope, wave: null, form: null, why },
	});
	return {
		async test(content, { scope, background = false }, toolchain, onWave, signal) {
			const impossible = whyImpossible(hasTests, content, settings, toolchain);
			if (impossible !== null || toolchain.python === null) return answer(impossible ?? NO_PYTHON, "full");
			const { python } = toolchain;
			const how = () => ({ python, background, ...(background ? {} : { onFailing: once(onWave.failing) }) });
			const ready = follow(content, toolchain, signal);
			const all = async (why: string) => {
				onWave.started("C");
				const whole = await run({ ...how(), files: null }, content, "C", ready, signal);
				return { ...whole, why: joined(why, whole.why) };
			};
			// Without the cache nothing that was answered before may stand for an answer.
			if (scope === "full" || !settings.affectedTests || !settings.cacheEnabled) return all("");
			await ready;
			const plan = ledger.plan();
			if (plan.kind === "all") return all(`all tests: ${plan.why}`);
			if (plan.kind === "none") return answer(ledger.judgement(), "affected", "no test is affected");
			const waves: readonly (readonly [Wave, readonly string[]])[] =
				plan.direct.length === 0 || plan.rest.length < MIN_REST
					? [[plan.direct.length === 0 ? "B" : "A", [...plan.direct, ...plan.rest]]]
					: [
							["A", plan.direct],
							["B", plan.rest],
						];
			let last: TestAnswer | null = null;
			for (const [wave, files] of waves) {
				if (last !== null) onWave.finished(last);
				onWave.started(wave);
				last = await run({ ...how(), files }, content, wave, ready, signal);
				if (last.judgement.status === "not-run") {
					// What the next wave says would be told without the tests that are still to be known.
					if (last.judgement.reason === "timed-out") return last;
					// Such a part cannot be run by itself (coverage that must be reached, a file that only the whole finds): the whole can.
					return all("all tests, since the affected ones could not be run alone");
				}
			}
			return last ?? answer(ledger.judgement(), "affected");
		},
		ignore(files) {
			ownWrites = files;
		},
		keep(content) {
			if (at === null) return null;
			const differs = differencesOf(content, at.content).filter(([file]) => !isAsLeft(ownWrites, file, content));
			return { known: ledger.keep(), python: at.python, differs, wholeMs };
		},
	};
}

function whyImpossible(
	hasTests: (content: Content) => boolean,
	content: Content,
	{ pytestEnabled, skipPytestWithoutTests }: ProbeSettings,
	{ python }: Toolchain,
): TestJudgement | null {
	if (!pytestEnabled) return notRun("disabled", "pytest is switched off", "Switch it on in the settings.");
	if (skipPytestWithoutTests && !hasTests(content)) {
		return notRun("no-tests", "there are no test files", "Add tests, such as tests/test_example.py.");
	}
	return python === null ? NO_PYTHON : null;
}

const NO_PYTHON = notRun(
	"no-python",
	"no Python interpreter was found",
	"Install Python 3.9 or newer, or set jetbox.pythonPath.",
);

/** Two processes may share a wave. */
function once(tell: (finding: TestFinding) => void): (finding: TestFinding) => void {
	let isTold = false;
	return (finding) => {
		if (!isTold) tell(finding);
		isTold = true;
	};
}

function graphsOf(old: ImportGraph | null, now: ImportGraph): readonly ImportGraph[] {
	return old === null || old === now ? [now] : [old, now];
}

function filesWords(files: readonly string[]): string {
	return files.length === 1 ? "1 test file affected" : `${files.length} test files affected`;
}

function goneWords(gone: readonly string[]): string {
	const [first] = gone;
	if (first === undefined) return "";
	return gone.length === 1 ? `1 test is gone: ${first}` : `${gone.length} tests are gone: ${first} and others`;
}

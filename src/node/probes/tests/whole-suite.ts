/**
 * Runs the whole suite: in one process, or shared by two where the person wants it and the project allows it. What fails in the
 * background runs again at ordinary priority.
 */
import { confirmedRun, unconfirmedFiles } from "../../../core/probes/confirmed-run.ts";
import { joinedRun, shareOf } from "../../../core/probes/shared-run.ts";
import type { TestRun } from "../../../core/probes/test-run.ts";
import type { TestRunner, TestRunRequest } from "./test-runner.ts";

export interface WholeSuite {
	/**
	 * @param known what is known of the content that is tested
	 * @throws signal.reason
	 */
	run(request: Omit<TestRunRequest, "files">, known: KnownTests, signal: AbortSignal): Promise<TestRun>;
}

export interface KnownTests {
	/** How many tests each file had when it last ran; empty where that is not known. */
	testsByFile(): ReadonlyMap<string, number>;
	/** Ids of tests that an ordinary run saw fail. */
	failing(): Promise<ReadonlySet<string>>;
}

export function createWholeSuite(tests: TestRunner, { twoWorkers }: { readonly twoWorkers: boolean }): WholeSuite {
	/** Parts of this project say something else than the whole. */
	let isOne = false;

	const shared = async (
		request: Omit<TestRunRequest, "files">,
		own: readonly string[],
		signal: AbortSignal,
	): Promise<TestRun | null> => {
		const [one, other] = await Promise.allSettled([
			tests.run({ ...request, files: own }, signal),
			tests.run({ ...request, files: null, leftOut: own }, signal),
		]);
		if (one.status === "rejected") throw one.reason;
		if (other.status === "rejected") throw other.reason;
		return joinedRun(one.value, other.value);
	};
	const runAll = async (
		request: Omit<TestRunRequest, "files">,
		known: KnownTests,
		signal: AbortSignal,
	): Promise<TestRun> => {
		const own = twoWorkers && !isOne ? shareOf(known.testsByFile()) : null;
		if (own === null) return tests.run({ ...request, files: null }, signal);
		const run = await shared(request, own, signal);
		if (run !== null) return run;
		isOne = true;
		const whole = await tests.run({ ...request, files: null }, signal);
		const why = "one process, since two parts of this suite do not make its whole";
		return { ...whole, why: whole.why === "" ? why : `${why}; ${whole.why}` };
	};
	return {
		async run(request, known, signal) {
			const whole = await runAll(request, known, signal);
			if (request.background !== true || whole.judgement.status !== "findings") return whole;
			const files = unconfirmedFiles(whole, await known.failing());
			if (files.length === 0) return whole;
			const again = await tests.run({ ...request, files, background: false }, signal);
			return confirmedRun(whole, again, files);
		},
	};
}

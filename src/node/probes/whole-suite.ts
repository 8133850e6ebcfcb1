/** Runs the whole suite: in one process, or shared by two where the person wants it and the project allows it. */
import { joinedRun, shareOf } from "../../core/probes/shared-run.ts";
import type { TestRun } from "../../core/probes/test-run.ts";
import type { TestRunner, TestRunRequest } from "./test-runner.ts";

export interface WholeSuite {
	/**
	 * @param testsByFile how many tests each file had when it last ran; empty where that is not known
	 * @throws signal.reason
	 */
	run(
		request: Omit<TestRunRequest, "files">,
		testsByFile: ReadonlyMap<string, number>,
		signal: AbortSignal,
	): Promise<TestRun>;
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
	return {
		async run(request, testsByFile, signal) {
			const own = twoWorkers && !isOne ? shareOf(testsByFile) : null;
			if (own === null) return tests.run({ ...request, files: null }, signal);
			const run = await shared(request, own, signal);
			if (run !== null) return run;
			isOne = true;
			const whole = await tests.run({ ...request, files: null }, signal);
			const why = "one process, since two parts of this suite do not make its whole";
			return { ...whole, why: whole.why === "" ? why : `${why}; ${whole.why}` };
		},
	};
}

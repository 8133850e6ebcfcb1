/** What one run of tests tells: its judgement, the outcome of each test, and what each file of the workspace was seen to depend on. */
import type { WorkerForm } from "./form.ts";
import type { Observed } from "./observed.ts";
import type { TestOutcome } from "./report.ts";
import type { TestJudgement } from "./test-report.ts";

export type { WorkerForm } from "./form.ts";

export interface TestRun {
	readonly judgement: TestJudgement;
	readonly form: WorkerForm;
	/** Why this form and none faster; for people. Empty where it is the fastest. */
	readonly why: string;
	/** Whether it was judged, and each test that was collected has an outcome: not so after `-x`, an error of collection, or a crash. */
	readonly complete: boolean;
	/** By node id. */
	readonly outcomes: ReadonlyMap<string, TestOutcome>;
	/**
	 * By workspace-relative file: test files, and every other file whose code was on the stack, so that a read by `lib/data.py`
	 * stands under `lib/data.py` as well as under the test that came by first, and counts for all that import it. Null where the
	 * recorder did not see the tests run: then nothing is known of what they depend on.
	 */
	readonly observed: ReadonlyMap<string, Observed> | null;
}

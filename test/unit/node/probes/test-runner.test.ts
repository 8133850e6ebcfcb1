/** Every form of a run, held to the outcomes of plain pytest, and to leaving nothing behind. */
import { expect, test } from "vitest";
import type { ProbeSettings } from "../../../../src/core/probes/engine-messages.ts";
import type { WorkerForm } from "../../../../src/core/probes/test-run.ts";
import { openTestRunner, plainOutcomes } from "../../../fixtures/test-runner.ts";
import { projectWorkspace } from "../../../fixtures/workspace.ts";

const never = new AbortController().signal;
const LIMIT = 60_000;

test.each<readonly [Partial<ProbeSettings>, readonly WorkerForm[]]>([
	[{ workers: "auto" }, ["spawned", "forked", "forked"]],
	[{ workers: "auto", sandbox: "on" }, ["spawned", "forked", "forked"]],
	[{ workers: "parked" }, ["spawned", "parked"]],
	[{ workers: "preloaded" }, ["spawned", "preloaded"]],
	[{ workers: "off" }, ["spawned"]],
])("%o: the outcomes of plain pytest, run after run", async (settings, forms) => {
	const root = projectWorkspace("tricky");
	const plain = plainOutcomes(root);
	expect(Object.keys(plain).length).toBeGreaterThan(50);
	const { tests, python } = await openTestRunner(root, settings);
	for (const form of forms) {
		const run = await tests.run({ python, files: null, timeoutMs: LIMIT }, never);
		expect(Object.fromEntries(run.outcomes)).toEqual(plain);
		expect(run).toMatchObject({ form, judgement: { status: "findings" } });
		await tests.settled();
		await tests.describe(python, never);
	}
});

/** axe in the real editor on what is ours: the walkthrough, the benchmark's page, and the sidebar while a review waits. */
import assert from "node:assert/strict";
import { violationsIn } from "../axe.mjs";
import { FIX, says, startTask, untilIdle } from "../sidebar.mjs";
import { benchmarkFrame, option, runCommand, sidebarFrame } from "../workbench.mjs";

/** @param workbench with `jetbox.approve` on `review`, the sidebar open */
export async function access(workbench, { check, shot }) {
	const { page } = workbench;

	await check("axe finds nothing in the sidebar while a review waits", async () => {
		await startTask(workbench, FIX);
		await says(workbench, /All green/);
		await untilIdle(workbench);
		await page.getByRole("tab", { name: /Jetbox: changes of the run/ }).waitFor();
		await shot("access-review");
		assert.deepEqual(await violationsIn(await sidebarFrame(page)), []);
	});
	await check("axe finds nothing in the walkthrough's steps", async () => {
		await runCommand(page, "View: Close All Editors");
		await runCommand(page, "Welcome: Open Walkthrough...");
		await option(page, "Get Started with Jetbox").click();
		await page.locator(".getting-started-step").first().waitFor();
		await shot("access-walkthrough");
		// The steps' pictures are in a frame of the editor's, which axe cannot enter; ids.test.ts reads their titles.
		assert.deepEqual(await violationsIn(page, ".gettingStartedContainer .step-description-container"), []);
	});
	await check("axe finds nothing in the benchmark's page", async () => {
		await runCommand(page, "View: Close All Editors");
		await runCommand(page, "Jetbox: Show Benchmark Results");
		const frame = await benchmarkFrame(page);
		await frame.locator("h1").first().waitFor();
		await shot("access-benchmark");
		assert.deepEqual(await violationsIn(frame), []);
	});
}

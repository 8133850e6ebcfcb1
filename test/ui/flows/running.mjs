/** A task that is only planned, and tasks that are stopped: while tests run, and while the model answers. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { differences } from "../files.mjs";
import { SCRIPTED_MODEL } from "../scripted-server.mjs";
import { says, settle, startTask, taskBox, untilIdle } from "../sidebar.mjs";
import { runCommand, until } from "../workbench.mjs";

const TASK = "Mend what fails";
const SLOW_TEST = "tests/test_slow.py";

/**
 * @param folder the workspace, red, the sidebar open
 * @param original the same as it was
 * @param scratch folder for what a test leaves
 * @param server the scripted one
 */
export async function running(workbench, { check, shot }, { folder, original, scratch, server }) {
	const { page, view } = workbench;
	const stop = async (where) => {
		const started = performance.now();
		await view.getByRole("button", { name: "Stop", exact: true }).click();
		await untilIdle(workbench);
		console.log(`     idle ${Math.round(performance.now() - started)} ms after Stop was pressed ${where}`);
		await says(workbench, "Stopped by you.");
	};

	await check("Plan Task changes nothing, and its plan goes into the box", async () => {
		await runCommand(page, "Jetbox: Plan Task");
		await page.locator(".quick-input-title").filter({ hasText: "Jetbox: Plan Task" }).waitFor();
		await page.locator(".quick-input-box input").fill("Fix the lint errors");
		await page.keyboard.press("Enter");
		const carryOut = view.getByRole("button", { name: "Carry Out the Plan" });
		await carryOut.waitFor();
		await shot("plan");
		assert.deepEqual(differences(original, folder), []);
		await carryOut.click();
		await until(
			async () => /^Fix the lint errors\n\nPlan:\n1\. /.test(await taskBox(view).inputValue()),
			"the plan stands there",
		);
	});
	await check("Stop ends a run while tests run, and the tests with it", async () => {
		const left = join(scratch, "pid");
		writeFileSync(join(folder, SLOW_TEST), slowTest(left));
		await startTask(workbench, TASK);
		await says(workbench, /Round 1 of/);
		// A probe after the file came has begun it, too; the run has ended that one.
		await until(() => existsSync(left) && isAlive(readFileSync(left, "utf8")), "the test runs");
		await shot("running-tests");
		await stop("while tests ran");
		assert.equal(isAlive(readFileSync(left, "utf8")), false);
		await shot("stopped");
		rmSync(join(folder, SLOW_TEST));
	});
	await check("Stop ends a run while the model answers, and leaves the server", async () => {
		await settle(workbench, {
			"jetbox.server": server.url,
			"jetbox.model": SCRIPTED_MODEL,
			"jetbox.protocol": "native",
		});
		server.leaveUnanswered(TASK);
		await startTask(workbench, TASK);
		await until(() => server.waiting() > 0, "the model is asked");
		await shot("running-model");
		await stop("while the model answered");
		await until(() => server.waiting() === 0, "nobody waits for the answer");
	});
}

function slowTest(path) {
	const lines = ["import os", "import time", "from pathlib import Path", "", "", "def test_slow():"];
	return [...lines, `    Path(${JSON.stringify(path)}).write_text(str(os.getpid()))`, "    time.sleep(3600)", ""].join(
		"\n",
	);
}

function isAlive(pid) {
	try {
		process.kill(Number(pid), 0);
		return pid !== "";
	} catch {
		return false;
	}
}

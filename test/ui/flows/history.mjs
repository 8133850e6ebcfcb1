/** The history of runs: found, looked at again, put back into the box, exported in both forms without paths of the person's own. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FIX, says, startTask, taskBox, untilIdle } from "../sidebar.mjs";
import { answerPath, option, runCommand, until } from "../workbench.mjs";

const LATER = ["Make the failing tests pass", "Is it green?"];

/**
 * @param folder the workspace, red, the sidebar open
 * @param scratch folder for the exports
 */
export async function history(workbench, { check, shot }, { folder, scratch }) {
	const { page, view } = workbench;
	const runs = view.locator(".runs > li");
	const exported = async (form) => {
		const path = join(scratch, `run.${form}`);
		await view.getByRole("button", { name: `Export: ${FIX}` }).click();
		await page.locator(".quick-input-title").filter({ hasText: "Jetbox: Export Run" }).waitFor();
		await answerPath(page, path);
		await until(() => existsSync(path) && readFileSync(path, "utf8") !== "", `${path} is there`);
		return readFileSync(path, "utf8");
	};

	await check("the search finds a run by its words", async () => {
		for (const task of [FIX, ...LATER]) {
			await startTask(workbench, task);
			await until(
				async () => (await runs.first().locator(".run-task").textContent()) === task,
				"the run is in the history",
			);
			await untilIdle(workbench);
		}
		const search = view.getByRole("searchbox", { name: "Search the runs" });
		await search.fill("lint");
		await until(async () => (await runs.count()) === 1, "one run is found");
		await runs.first().scrollIntoViewIfNeeded();
		await shot("history");
	});
	await check("a run of the past is looked at again, and left", async () => {
		await runs.locator(".run-open").click();
		await says(workbench, `A past run: ${FIX}`);
		await view.getByRole("button", { name: "Back to now" }).scrollIntoViewIfNeeded();
		await says(workbench, "All green: 12 passed, lint clean.");
		await shot("past-run");
		await view.getByRole("button", { name: "Back to now" }).click();
		await says(workbench, /green already/);
	});
	await check("Run again puts its task into the box", async () => {
		await view.getByRole("button", { name: `Run again: ${FIX}` }).click();
		await until(async () => (await taskBox(view).inputValue()) === FIX, "the task stands there");
	});
	await check("a run is exported as JSON, without paths of the person's own", async () => {
		const text = await exported("json");
		const { summary, timeline } = JSON.parse(text);
		assert.deepEqual([summary.task, summary.outcome, timeline.filesChanged.length], [FIX, "green", 4]);
		assert.equal(text.includes(folder), false);
	});
	await check("a run is exported as Markdown, without paths of the person's own", async () => {
		const text = await exported("md");
		assert.match(text, /^# .*\n(?:.*\n)*.*shelf\/loans\.py/);
		assert.equal(text.includes(folder), false);
		await runCommand(page, "File: Open File...");
		await answerPath(page, join(scratch, "run.md"));
		await page.locator(".tab.active").filter({ hasText: "run.md" }).waitFor();
		await shot("export");
	});
	await check("Show Run History finds a run from the palette", async () => {
		await runCommand(page, "Jetbox: Show Run History");
		for (const task of [FIX, ...LATER]) await option(page, task).waitFor();
		await shot("history-palette");
		await page.keyboard.press("Escape");
	});
}

/** What a `#` in a task stands for reaches the model after the task: seen in what a scripted server was asked. */
import assert from "node:assert/strict";
import { openFile } from "../files.mjs";
import { startTask, taskBox, untilIdle } from "../sidebar.mjs";
import { runCommand, until } from "../workbench.mjs";
import { commitAndChange } from "./task-starts.mjs";

/**
 * @param folder the workspace, probed, the sidebar open
 * @param server the scripted one
 */
export async function references(workbench, { check, shot }, { folder, server }) {
	const { page, view } = workbench;
	const chatAbout = (task) =>
		server.chats.map((messages) => JSON.stringify(messages)).find((chat) => chat.includes(task));
	const asked = async (task) => {
		await until(() => chatAbout(task) !== undefined, `the model was asked: ${task}`);
		await untilIdle(workbench);
		return chatAbout(task);
	};

	await check("#problems and #file: reach the model", async () => {
		const task = "Look at #problems and #file:shelf/loans.py";
		await startTask(workbench, task);
		const chat = await asked(task);
		assert.match(chat, /Problems:\\n.*shelf\/books\.py:3: Jetbox ruff/);
		assert.match(chat, /File shelf\/loans\.py:/);
	});
	await check("#selection reaches the model", async () => {
		await openFile(page, "fines.py");
		await runCommand(page, "Select All");
		await runCommand(page, "Jetbox: Focus on Jetbox View");
		await taskBox(view).fill("Explain #selection");
		await taskBox(view).press("Control+Enter");
		assert.match(await asked("Explain #selection"), /Selected in shelf\/fines\.py, lines 1 to \d+:/);
		await shot("references-sent");
	});
	await check("a task about #changes does not begin where there are none, and says why", async () => {
		await startTask(workbench, "Fix #changes");
		await runCommand(page, "Notifications: Show Notifications");
		await page.locator(".notifications-center").getByText("There is nothing behind #changes").waitFor();
		await shot("nothing-behind");
		assert.equal(chatAbout("Fix #changes"), undefined);
	});
	await check("#changes reaches the model", async () => {
		commitAndChange(folder);
		await until(async () => {
			await startTask(workbench, "Fix #changes");
			return chatAbout("Fix #changes") !== undefined;
		}, "git has seen the change, and the model was asked");
		assert.match(await asked("Fix #changes"), /Changes since the last commit:\\n.*\+DAYS_A_WEEK = 7/);
	});
}

/** What a task refers to is found before the run begins, also where a path holds a blank; else there is no run. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { commands, Uri } from "vscode";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { at, jetbox, until } from "./editor.ts";

const FOLDER = "Week 1";
/** A sidebar that opens has its page by then. */
const SHOWN_MS = 2_000;

suite("References of a task", () => {
	suiteSetup(() => {
		mkdirSync(at(FOLDER));
		writeFileSync(at(`${FOLDER}/ex1.py`), "print('one')\n");
	});

	suiteTeardown(async () => {
		rmSync(at(FOLDER), { recursive: true });
		await (await jetbox()).idle();
	});

	/** Whether a run began; it is stopped then. */
	async function begins(task: string): Promise<boolean> {
		const api = await jetbox();
		let hasBegun = false;
		const subscription = api.onEvent(({ type }) => {
			if (type !== "run-started") return;
			hasBegun = true;
			void commands.executeCommand(COMMANDS.stop);
		});
		await commands.executeCommand(COMMANDS.planTask, task);
		subscription.dispose();
		await commands.executeCommand("notifications.clearAll");
		return hasBegun;
	}

	test("a path with a blank stands in quotes", async () => {
		assert.equal(await begins(`Look at #file:"${FOLDER}/ex1.py".`), true);
		assert.equal(await begins(`Look at #file:"${FOLDER}/ex2.py".`), false);
	});

	test("a path without one needs none", async () => {
		assert.equal(await begins("Look at #file:shelf/loans.py, please"), true);
		assert.equal(await begins(`Look at #file:${FOLDER}/ex1.py`), false);
	});

	test("a file that is not saved, or in no folder, or without problems starts no task", async () => {
		const api = await jetbox();
		await commands.executeCommand("workbench.action.closeSidebar");
		await until("the sidebar is closed", () => !api.isSidebarReady());
		await commands.executeCommand(COMMANDS.taskFromFile, Uri.parse("untitled:Untitled-1"));
		await commands.executeCommand(COMMANDS.taskFromFile, Uri.file("/elsewhere/ex1.py"));
		await commands.executeCommand(COMMANDS.fixFile, Uri.file(at(`${FOLDER}/ex1.py`)));
		await delay(SHOWN_MS);
		assert.equal(api.isSidebarReady(), false, "no task was written into the sidebar's box");
		await commands.executeCommand(COMMANDS.taskFromFile, Uri.file(at(`${FOLDER}/ex1.py`)));
		await until("a task was", () => api.isSidebarReady());
		await commands.executeCommand("notifications.clearAll");
	});
});

/** What a task refers to is found before the run begins, also where a path holds a blank; else there is no run. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { commands } from "vscode";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { at, jetbox } from "./editor.ts";

const FOLDER = "Week 1";

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
});

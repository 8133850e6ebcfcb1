/** Undo in a real editor tells its own outcome: what becomes of the probe after it decides nothing. */
import assert from "node:assert/strict";
import { commands } from "vscode";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { asOnDisk, jetbox, read, TASK, until } from "./editor.ts";

const FILES = ["shelf/books.py", "shelf/fines.py", "shelf/ledger.py", "shelf/loans.py"];

suite("What comes after an undo", () => {
	teardown(async () => {
		await asOnDisk(FILES);
		await (await jetbox()).idle();
	});

	test("a newer probe that takes its probe's place leaves it done", async () => {
		const { onEvent } = await jetbox();
		const original = FILES.map(read);
		await commands.executeCommand(COMMANDS.runTask, TASK);
		assert.notDeepEqual(FILES.map(read), original);
		let isUndone = false;
		let newer: PromiseLike<unknown> | null = null;
		const listening = onEvent((event) => {
			if (event.type === "undone") isUndone = true;
			if (event.type === "probe-started" && isUndone) newer ??= commands.executeCommand(COMMANDS.probe);
		});
		try {
			assert.equal(await commands.executeCommand(COMMANDS.undo), true);
			assert.deepEqual(FILES.map(read), original);
			await until("a newer probe was asked for", () => newer !== null);
			await newer;
		} finally {
			listening.dispose();
		}
	});
});

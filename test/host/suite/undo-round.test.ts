/** Undo This Round in a real editor: the round's files are as the round found them, and what came before it stands (F54). */
import assert from "node:assert/strict";
import { commands } from "vscode";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { jetbox, read, TASK } from "./editor.ts";

const FILES = ["shelf/books.py", "shelf/fines.py", "shelf/ledger.py", "shelf/loans.py"];

suite("Undo This Round", () => {
	teardown(async () => {
		await (await jetbox()).idle();
	});

	test("F54: takes back the last round that changed something and no other; Undo takes back the rest", async () => {
		const api = await jetbox();
		const original = FILES.map(read);
		const found = new Map<number, readonly string[]>();
		const subscription = api.onEvent((event) => {
			if (event.type === "round-started") found.set(event.round, FILES.map(read));
		});
		await commands.executeCommand(COMMANDS.runTask, TASK);
		subscription.dispose();
		const end = FILES.map(read);
		const last = [...found].findLast(([, texts]) => texts.join("\0") !== end.join("\0"));
		assert.ok(last, "a round changed something");
		const [round, before] = last;
		assert.notDeepEqual(before, original, "an earlier round changed something, too");
		const undone: string[] = [];
		const told = api.onEvent((event) => {
			if (event.type === "undone") undone.push(...event.files);
		});
		await commands.executeCommand(COMMANDS.undoRound, round);
		told.dispose();
		assert.deepEqual(FILES.map(read), before);
		assert.deepEqual(
			undone,
			FILES.filter((_, index) => before[index] !== end[index] && before[index] === original[index]),
			"the sidebar is told which files stand as before the run",
		);
		await commands.executeCommand(COMMANDS.undo);
		assert.deepEqual(FILES.map(read), original);
	});
});

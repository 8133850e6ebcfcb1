/** Undo pressed again, in a real editor: it stays with the run that is shown until nothing of that is left. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { commands, Position, type TextDocument, Uri, WorkspaceEdit, window, workspace } from "vscode";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { asOnDisk, at, jetbox, read, TASK, until } from "./editor.ts";

const FILES = ["shelf/books.py", "shelf/fines.py", "shelf/ledger.py", "shelf/loans.py"];

suite("Undo, pressed again", () => {
	const original = new Map<string, string>();
	const changedFrom = (texts: ReadonlyMap<string, string>) => FILES.filter((file) => read(file) !== texts.get(file));
	const present = () => new Map(FILES.map((file) => [file, read(file)]));

	suiteSetup(() => {
		for (const file of FILES) original.set(file, read(file));
	});

	teardown(async () => {
		for (const [file, text] of original) writeFileSync(at(file), text);
		await asOnDisk(FILES);
		await (await jetbox()).idle();
	});

	/** Two runs, of which the second changed several files again. */
	async function runTwice(): Promise<{
		readonly runId: string;
		readonly found: ReadonlyMap<string, string>;
		readonly left: ReadonlyMap<string, string>;
		readonly changed: readonly string[];
	}> {
		await commands.executeCommand(COMMANDS.runTask, TASK);
		const [first, ...others] = changedFrom(original);
		assert.ok(first !== undefined && others.length > 1, "the first run changed several files");
		for (const file of others) writeFileSync(at(file), original.get(file) ?? "");
		const found = present();
		await commands.executeCommand(COMMANDS.runTask, TASK);
		const changed = changedFrom(found);
		assert.ok(changed.length > 1 && !changed.includes(first), "the second run changed some of them, and not the first");
		await asOnDisk(FILES);
		return { runId: (await jetbox()).timeline().runId, found, left: present(), changed };
	}

	async function typeInto(file: string): Promise<TextDocument> {
		const document = await workspace.openTextDocument(Uri.file(at(file)));
		await window.showTextDocument(document);
		const typed = new WorkspaceEdit();
		typed.insert(document.uri, new Position(0, 0), "# mine\n");
		await workspace.applyEdit(typed);
		assert.ok(document.isDirty);
		return document;
	}

	test("a file that was skipped is put back by the next press, and the run before it stands", async () => {
		const { runId, found, left, changed } = await runTwice();
		const [skipped = ""] = changed;
		const document = await typeInto(skipped);
		await commands.executeCommand(COMMANDS.undo);
		assert.deepEqual(changedFrom(found), [skipped]);
		assert.equal(read(skipped), left.get(skipped));
		assert.equal(await commands.executeCommand(COMMANDS.undo), true, "it is tried again, and skipped again");
		assert.deepEqual(changedFrom(found), [skipped]);
		await window.showTextDocument(document);
		await commands.executeCommand("workbench.action.files.revert");
		await commands.executeCommand(COMMANDS.undo);
		assert.deepEqual(changedFrom(found), []);
		await commands.executeCommand(COMMANDS.undo, runId);
		assert.deepEqual(changedFrom(found), [], "the sidebar's button names its run");
		await commands.executeCommand(COMMANDS.undo);
		assert.deepEqual(
			changedFrom(original),
			[],
			"nothing of the shown run is left, so the last command takes the one before",
		);
	});

	test("a file that was kept is asked about again, and the run before it stands", async () => {
		const { found, changed } = await runTwice();
		const [kept = ""] = changed;
		const document = await typeInto(kept);
		assert.ok(await document.save());
		for (let presses = 0; presses < 2; presses += 1) {
			const state = { over: false };
			const undone = commands.executeCommand(COMMANDS.undo).then(() => {
				state.over = true;
			});
			await until("Keep mine was chosen", () => {
				void commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
				return state.over;
			});
			await undone;
			assert.deepEqual(changedFrom(found), [kept]);
			assert.match(read(kept), /^# mine\n/);
		}
	});

	test("a file that somebody else put back counts as undone", async () => {
		const { found, changed } = await runTwice();
		const [first = "", ...others] = changed;
		writeFileSync(at(first), found.get(first) ?? "");
		await asOnDisk([first]);
		await commands.executeCommand(COMMANDS.undo);
		const { undone } = (await jetbox()).timeline();
		assert.deepEqual([...undone].sort(), [first, ...others].sort());
	});
});

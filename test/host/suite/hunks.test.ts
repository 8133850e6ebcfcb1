/** One change of a run on its own, in a real editor: taken back, kept, refused where its lines were changed since. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import {
	type CodeLens,
	commands,
	Position,
	Selection,
	type TextDocument,
	Uri,
	WorkspaceEdit,
	window,
	workspace,
} from "vscode";
import type { Workspace } from "../../../src/core/ports.ts";
import { lineChanges } from "../../../src/node/line-changes.ts";
import { HunkReview } from "../../../src/vscode/hunk-review.ts";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { RunChanges } from "../../../src/vscode/run-changes.ts";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";
import { asOnDisk, at, jetbox, read, TASK, until } from "./editor.ts";

const FOLDER = "hunk-cases";
const BEFORE = "one\ntwo\nthree\nfour\nfive\n";
const AFTER = "one\nTWO\nthree\nfour\nFIVE\nsix\n";
const { signal } = new AbortController();

suite("A single change of a run", () => {
	let changes: RunChanges;
	let hunks: HunkReview;
	let running = false;
	let count = 0;

	setup(() => {
		running = false;
		changes = new RunChanges();
		changes.begin(at("."), "run-of-this-test");
		hunks = new HunkReview({ changes, compare: lineChanges, isRunning: () => running });
	});

	teardown(() => {
		hunks.dispose();
		changes.dispose();
	});

	suiteTeardown(() => rmSync(at(FOLDER), { recursive: true, force: true }));

	/** A file of the editor that a run changed from BEFORE to AFTER. */
	async function changedFile(): Promise<{ readonly path: string; readonly document: TextDocument }> {
		count += 1;
		const path = `${FOLDER}/case-${count}.txt`;
		mkdirSync(at(FOLDER), { recursive: true });
		writeFileSync(at(path), AFTER);
		await noteChange(
			changes.noting(createMemoryWorkspace({ [path]: BEFORE }), () => 1),
			path,
		);
		const document = await workspace.openTextDocument(Uri.file(at(path)));
		return { path, document };
	}

	async function noteChange(noting: Workspace, path: string): Promise<void> {
		const { hash } = await noting.read(path, signal);
		await noting.apply({ kind: "replace", path, text: AFTER, expectedHash: hash }, signal);
	}

	/** 0-based lines of the changes that are offered. */
	function offered(document: TextDocument): readonly number[] {
		return hunks
			.provideCodeLenses(document)
			.flatMap(({ command, range }) => (command?.command === COMMANDS.undoHunk ? [range.start.line] : []));
	}

	test("is offered above its lines, goes alone and is saved; the last one settles the file", async () => {
		const { path, document } = await changedFile();
		const back: string[] = [];
		changes.onTakenBack((files) => back.push(...files));
		assert.deepEqual(offered(document), [1, 4]);
		await hunks.undo(document.uri, 1);
		assert.equal(read(path), "one\ntwo\nthree\nfour\nFIVE\nsix\n");
		assert.deepEqual(offered(document), [4]);
		assert.deepEqual(changes.openFiles, [path]);
		assert.deepEqual(back, []);
		await hunks.undo(document.uri, 5);
		assert.equal(read(path), BEFORE);
		assert.deepEqual(changes.openFiles, []);
		assert.deepEqual(back, [path]);
	});

	test("is kept alone, too", async () => {
		const { path, document } = await changedFile();
		const back: string[] = [];
		changes.onTakenBack((files) => back.push(...files));
		await hunks.keep(document.uri, 1);
		assert.equal(read(path), AFTER);
		assert.deepEqual(offered(document), [4]);
		await hunks.undo(document.uri, 1);
		assert.equal(read(path), AFTER, "what was kept is not taken back by its line");
		await hunks.keep(document.uri, 4);
		assert.deepEqual(changes.openFiles, []);
		assert.deepEqual(back, [], "what is kept is not put back");
	});

	test("whose lines were changed since is refused; another goes, and unsaved text stays unsaved", async () => {
		const { path, document } = await changedFile();
		const typed = new WorkspaceEdit();
		typed.insert(document.uri, new Position(1, 0), "mine ");
		typed.insert(document.uri, new Position(0, 0), "# mine\n");
		await workspace.applyEdit(typed);
		assert.deepEqual(offered(document), [5]);
		await hunks.undo(document.uri, 2);
		assert.equal(document.getText(), "# mine\none\nmine TWO\nthree\nfour\nFIVE\nsix\n");
		await hunks.undo(document.uri, 5);
		assert.equal(document.getText(), "# mine\none\nmine TWO\nthree\nfour\nfive\n");
		assert.equal(document.isDirty, true);
		assert.equal(read(path), AFTER);
		assert.ok(await document.save());
	});

	test("is not offered, nor taken back, while a run is at work", async () => {
		const { path, document } = await changedFile();
		running = true;
		assert.deepEqual(offered(document), []);
		await hunks.undo(document.uri, 1);
		assert.equal(read(path), AFTER);
	});

	test("of a real run goes at the cursor, without arguments, as from the palette or the diff's menu", async () => {
		await jetbox();
		const files = ["shelf/books.py", "shelf/fines.py", "shelf/ledger.py", "shelf/loans.py"];
		const original = files.map(read);
		await commands.executeCommand(COMMANDS.runTask, TASK);
		await asOnDisk(files);
		const file = files.find((name, index) => read(name) !== original[index]);
		assert.ok(file, "the run changed something");
		const editor = await window.showTextDocument(Uri.file(at(file)));
		await until("its document is in front", () => window.activeTextEditor?.document.uri.fsPath === at(file));
		const lenses = await commands.executeCommand<CodeLens[]>("vscode.executeCodeLensProvider", editor.document.uri, 50);
		const [first] = lenses.filter(({ command }) => command?.command === COMMANDS.undoHunk);
		assert.ok(first, "the change is offered above its lines");
		editor.selection = new Selection(first.range.start, first.range.start);
		const left = read(file);
		await commands.executeCommand(COMMANDS.undoHunk);
		assert.notEqual(read(file), left);
		for (const [index, name] of files.entries()) writeFileSync(at(name), original[index] ?? "");
		await asOnDisk(files);
		await (await jetbox()).idle();
	});
});

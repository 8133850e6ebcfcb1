/** The workspace as runs see it, on documents that are open in a real editor: unsaved text, saves meanwhile, failing saves, formatters. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	ConfigurationTarget,
	commands,
	type Disposable,
	languages,
	Position,
	Range,
	type TextDocument,
	TextEdit,
	Uri,
	WorkspaceEdit,
	window,
	workspace,
} from "vscode";
import type { JournaledWorkspace } from "../../../src/core/machine.ts";
import { type Workspace, WorkspaceError, type WorkspaceErrorCode } from "../../../src/core/ports.ts";
import { openDiskWorkspace } from "../../../src/node/workspace/disk-workspace.ts";
import { createEditorWorkspace, type DocumentWriter } from "../../../src/vscode/editor-workspace.ts";
import { RunChanges } from "../../../src/vscode/run-changes.ts";
import { undo } from "../../fixtures/undo.ts";
import { asOnDisk, at, read } from "./editor.ts";

const FOLDER = "editor-cases";
const MODEL_TEXT = "one\nmodel\nthree\n";
const { signal } = new AbortController();

suite("The workspace in the editor", () => {
	let stateDir: string;
	let disk: JournaledWorkspace;
	let jetbox: Workspace;
	let count = 0;

	setup(async () => {
		stateDir = mkdtempSync(join(tmpdir(), "jetbox-host-state-"));
		disk = await openDiskWorkspace({ root: at("."), runId: randomUUID(), stateDir });
		jetbox = createEditorWorkspace(disk, at("."));
	});

	teardown(() => rmSync(stateDir, { recursive: true, force: true }));

	suiteTeardown(() => rmSync(at(FOLDER), { recursive: true, force: true }));

	/** A new file, opened in the editor. */
	async function opened(text = "one\ntwo\nthree\n"): Promise<{ path: string; document: TextDocument }> {
		count += 1;
		const path = `${FOLDER}/case-${count}.txt`;
		mkdirSync(at(FOLDER), { recursive: true });
		writeFileSync(at(path), text);
		const document = await workspace.openTextDocument(Uri.file(at(path)));
		await window.showTextDocument(document, { preview: false });
		return { path, document };
	}

	async function type(document: TextDocument, text: string): Promise<void> {
		const edit = new WorkspaceEdit();
		edit.insert(document.uri, new Position(0, 0), text);
		assert.ok(await workspace.applyEdit(edit));
	}

	/** As the model does it: over the text that it has read. */
	async function replace(path: string, text = MODEL_TEXT, target = jetbox): Promise<void> {
		const { hash } = await target.read(path, signal);
		await target.apply({ kind: "replace", path, text, expectedHash: hash }, signal);
	}

	async function refusal(work: Promise<void>, code: WorkspaceErrorCode): Promise<WorkspaceError> {
		const error: unknown = await work.then(
			() => null,
			(reason: unknown) => reason,
		);
		assert.ok(error instanceof WorkspaceError, String(error));
		assert.equal(error.code, code);
		return error;
	}

	test("a file that is open and saved changes in its editor, and the editor's undo knows it", async () => {
		const { path, document } = await opened();
		const { version } = document;
		await replace(path);
		assert.equal(read(path), MODEL_TEXT);
		assert.equal(document.getText(), MODEL_TEXT);
		assert.equal(document.isDirty, false);
		assert.ok(document.version > version);
	});

	test("F39: unsaved text is neither overwritten nor deleted, and the disk stays", async () => {
		const { path, document } = await opened();
		await type(document, "mine\n");
		await refusal(replace(path), "unsaved");
		const { hash } = await jetbox.read(path, signal);
		await refusal(jetbox.apply({ kind: "delete", path, expectedHash: hash }, signal), "unsaved");
		assert.equal(document.getText(), "mine\none\ntwo\nthree\n");
		assert.ok(document.isDirty);
		assert.equal(read(path), "one\ntwo\nthree\n");
		assert.ok(await document.save());
	});

	test("F39: unsaved text under the name of a link protects the file that it means", async () => {
		const { path } = await opened();
		const link = `${FOLDER}/link.txt`;
		symlinkSync(at(path), at(link));
		const document = await workspace.openTextDocument(Uri.file(at(link)));
		await type(document, "mine\n");
		await refusal(replace(path), "unsaved");
		assert.ok(document.isDirty);
		assert.equal(read(path), "one\ntwo\nthree\n");
		assert.ok(await document.save());
	});

	test("F39: text typed while the change is being kept is not lost", async () => {
		const { path, document } = await opened();
		const typing: JournaledWorkspace = {
			...disk,
			applyWith: (change, write, ended) =>
				disk.applyWith(
					change,
					async () => {
						await type(document, "mine\n");
						await write();
					},
					ended,
				),
		};
		await refusal(replace(path, MODEL_TEXT, createEditorWorkspace(typing, at("."))), "unsaved");
		assert.equal(document.getText(), "mine\none\ntwo\nthree\n");
		assert.equal(read(path), "one\ntwo\nthree\n");
		assert.ok(await document.save());
	});

	test("F40: a save between the model's read and its write is kept; after a new read the change goes through", async () => {
		const { path, document } = await opened();
		const { hash } = await jetbox.read(path, signal);
		await type(document, "mine\n");
		assert.ok(await document.save());
		await refusal(jetbox.apply({ kind: "replace", path, text: MODEL_TEXT, expectedHash: hash }, signal), "changed");
		assert.equal(read(path), "mine\none\ntwo\nthree\n");
		assert.equal(document.getText(), "mine\none\ntwo\nthree\n");
		await replace(path, `mine\n${MODEL_TEXT}`);
		assert.equal(read(path), `mine\n${MODEL_TEXT}`);
	});

	const editor: DocumentWriter = {
		applyEdit: (edit) => workspace.applyEdit(edit),
		save: (document) => document.save(),
	};
	const fails = async () => false;
	const throws = async () => {
		throw new Error("the editor is at its end");
	};
	const writers: readonly (readonly [string, DocumentWriter])[] = [
		["applyEdit answers false", { ...editor, applyEdit: fails }],
		["applyEdit throws", { ...editor, applyEdit: throws }],
		["save answers false", { ...editor, save: fails }],
		["save throws", { ...editor, save: throws }],
	];
	for (const [name, writer] of writers) {
		test(`F52: ${name}: a failure, and the old file stands`, async () => {
			const { path, document } = await opened();
			const failing = createEditorWorkspace(disk, at("."), writer);
			const { message } = await refusal(replace(path, MODEL_TEXT, failing), "io");
			assert.ok(message.includes(path));
			assert.equal(read(path), "one\ntwo\nthree\n");
			// What the editor holds and could not save is unsaved text like the person's.
			if (document.isDirty) {
				await refusal(replace(path), "unsaved");
				assert.ok(await document.save());
			} else await replace(path);
			assert.equal(read(path), MODEL_TEXT);
		});
	}

	test("F52: a save that the disk refuses is a failure of the editor's own, and undo has nothing to do", async () => {
		const { path, document } = await opened();
		const blocked: JournaledWorkspace = {
			...disk,
			applyWith: (change, write, ended) =>
				disk.applyWith(
					change,
					async () => {
						rmSync(at(path));
						mkdirSync(at(path));
						await write();
					},
					ended,
				),
		};
		await refusal(replace(path, MODEL_TEXT, createEditorWorkspace(blocked, at("."))), "io");
		assert.ok(document.isDirty, "the text is not lost either");
		rmSync(at(path), { recursive: true });
		writeFileSync(at(path), "one\ntwo\nthree\n");
		await window.showTextDocument(document);
		await commands.executeCommand("workbench.action.files.revert");
		await asOnDisk([path]);
		await undo(stateDir, at("."));
		assert.equal(read(path), "one\ntwo\nthree\n");
	});

	test("F53: what a formatter makes of the text on save is what is known, shown and taken back", async () => {
		const { path, document } = await opened();
		const changes = new RunChanges();
		const noted = changes.noting(jetbox, () => 1);
		await withSettings({ "editor.formatOnSave": true }, async () => {
			const formatter = formatAs((text) => text.toUpperCase());
			try {
				await replace(path, MODEL_TEXT, noted);
				assert.equal(read(path), MODEL_TEXT.toUpperCase());
				// The next change goes in at once, over the formatted text: no refusal, no second read.
				await replace(path, "last\n", noted);
			} finally {
				formatter.dispose();
			}
		});
		assert.equal(read(path), "LAST\n");
		assert.equal(document.getText(), "LAST\n");
		assert.deepEqual(changes.changesOf(null), [{ round: 1, path, before: "one\ntwo\nthree\n", after: "LAST\n" }]);
		changes.dispose();
		const undone = await undo(stateDir, at("."));
		assert.deepEqual(undone?.restored, [path]);
		assert.equal(read(path), "one\ntwo\nthree\n");
		await asOnDisk([path]);
	});

	test("F53: auto-save does not come between a change and its save", async () => {
		const { path, document } = await opened();
		await withSettings({ "files.autoSave": "afterDelay", "files.autoSaveDelay": 1 }, async () => {
			for (const text of [MODEL_TEXT, "second\n", "third\n"]) {
				await replace(path, text);
				assert.equal(read(path), text);
				assert.equal(document.isDirty, false);
			}
		});
		const undone = await undo(stateDir, at("."));
		assert.deepEqual(undone?.restored, [path]);
		await asOnDisk([path]);
	});
});

function formatAs(change: (text: string) => string): Disposable {
	return languages.registerDocumentFormattingEditProvider(
		{ pattern: "**/*.txt" },
		{
			provideDocumentFormattingEdits: (document) => {
				const whole = new Range(new Position(0, 0), document.positionAt(document.getText().length));
				return [TextEdit.replace(whole, change(document.getText()))];
			},
		},
	);
}

async function withSettings(values: Readonly<Record<string, unknown>>, work: () => Promise<void>): Promise<void> {
	const configuration = workspace.getConfiguration();
	const set = async (wanted: Readonly<Record<string, unknown>>) => {
		for (const [key, value] of Object.entries(wanted))
			await configuration.update(key, value, ConfigurationTarget.Global);
	};
	const before = Object.keys(values).map((key) => [key, configuration.inspect(key)?.globalValue] as const);
	await set(values);
	try {
		await work();
	} finally {
		await set(Object.fromEntries(before));
	}
}

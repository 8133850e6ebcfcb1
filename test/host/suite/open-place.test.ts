/** Places that the sidebar opens, in a real editor. */
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { commands, window } from "vscode";
import { openPlace } from "../../../src/vscode/open-place.ts";
import { at } from "./editor.ts";

const FOLDER = "place-cases";

suite("A place that the sidebar names", () => {
	setup(() => mkdirSync(at(FOLDER)));

	teardown(async () => {
		await commands.executeCommand("workbench.action.closeAllEditors");
		rmSync(at(FOLDER), { recursive: true, force: true });
	});

	test("is opened at its line", async () => {
		writeFileSync(at(`${FOLDER}/here.txt`), "one\ntwo\n");
		await openPlace(at("."), { file: `${FOLDER}/here.txt`, line: 2, column: 3 });
		const { document, selection } = window.activeTextEditor ?? assert.fail("an editor is open");
		assert.equal(document.uri.fsPath, at(`${FOLDER}/here.txt`));
		assert.deepEqual([selection.active.line, selection.active.character], [1, 2]);
	});

	test("whose file is gone, as after an undo, is no failure", async () => {
		await openPlace(at("."), { file: `${FOLDER}/gone.txt`, line: 1, column: 1 });
		await openPlace(at("."), { file: `${FOLDER}/gone/with-its-folder.txt`, line: 1, column: 1 });
		assert.equal(window.activeTextEditor, undefined);
	});

	test("that cannot be shown for another reason is one", async () => {
		await assert.rejects(openPlace(at("."), { file: FOLDER, line: 1, column: 1 }));
	});
});

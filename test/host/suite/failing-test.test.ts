/** A failing test in a real editor: its row in Problems, the way to the source line, its short traceback, and the probe's status. */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { commands, type Diagnostic, type Hover, languages, MarkdownString, Position, Uri, workspace } from "vscode";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { at, jetbox, until } from "./editor.ts";

const SOURCE = "shelf/pages.py";
const TEST = "tests/test_pages.py";
const TEST_ID = "tests/test_pages.py::test_a_book_has_pages";

suite("A failing test", () => {
	suiteSetup(async () => {
		writeFileSync(at(SOURCE), 'def pages(book):\n    raise KeyError("no [pages](command:x)")\n');
		writeFileSync(
			at(TEST),
			"from shelf.pages import pages\n\n\ndef test_a_book_has_pages():\n    book = {}\n    assert pages(book) == 3\n",
		);
		await jetbox();
		await commands.executeCommand(COMMANDS.probe);
		await until("the test stands in Problems", () => failing().length > 0);
	});

	suiteTeardown(async () => {
		rmSync(at(SOURCE));
		rmSync(at(TEST));
		await commands.executeCommand(COMMANDS.probe);
		await until("the test is gone from Problems", () => failing().length === 0);
		await (await jetbox()).idle();
	});

	function failing(): readonly Diagnostic[] {
		return languages.getDiagnostics(Uri.file(at(TEST))).filter(({ source }) => source === "Jetbox pytest");
	}

	/** @param line 1-based */
	async function hovers(file: string, line: number): Promise<readonly string[]> {
		const uri = Uri.file(at(file));
		await workspace.openTextDocument(uri);
		const found = await commands.executeCommand<Hover[]>("vscode.executeHoverProvider", uri, new Position(line - 1, 5));
		return found
			.flatMap(({ contents }) => contents)
			.map((content) => (content instanceof MarkdownString ? content.value : String(content)))
			.filter((text) => text.includes("pages.py"));
	}

	test("its row begins with what failed; the test's long id stands in the last line, not in the code", () => {
		const [found] = failing();
		assert.ok(found);
		assert.match(found.message, /^KeyError: /);
		assert.equal(found.message.split("\n").at(-1), TEST_ID);
		assert.equal(found.code, "failed");
		assert.equal(found.range.start.line, 5);
	});

	test("its related information leads from the assertion to the source line", () => {
		const [related] = failing()[0]?.relatedInformation ?? [];
		assert.ok(related);
		assert.equal(related.location.uri.fsPath, at(SOURCE));
		assert.equal(related.location.range.start.line, 1);
		assert.match(related.message, /in pages: raise KeyError/);
	});

	for (const [what, file, line] of [
		["the test's def", TEST, 4],
		["its assertion", TEST, 6],
		["the source line", SOURCE, 2],
	] as const) {
		test(`the short traceback stands on ${what}`, async () => {
			const [text = "", ...others] = await hovers(file, line);
			assert.deepEqual(others, []);
			assert.match(text, /test\\?_a\\?_book\\?_has\\?_pages/);
			assert.match(text, /tests\/test_pages\.py:6\n/);
			assert.match(text, /shelf\/pages\.py:2 in pages\n {4}raise KeyError/);
		});
	}

	test("no other line has it", async () => {
		assert.deepEqual(await hovers(TEST, 5), []);
		assert.deepEqual(await hovers(SOURCE, 1), []);
	});
});

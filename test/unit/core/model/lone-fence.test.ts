/** Blocks that name no file: which file each is meant for, what is kept of that file, and when it is refused. */
import { describe, expect, it } from "vitest";
import type { FileInPlay } from "../../../../src/core/model/protocol.ts";
import { decode } from "../../../fixtures/decoded.ts";

const FENCE = "```";

describe("a fence that names no file", () => {
	const LEDGER =
		"from shelf import MOST\n\n\nclass Ledger:\n    def may(self, n):\n        return n <= MOST\n\n    def lend(self):\n        return 1\n";
	const ledger: FileInPlay = { path: "shelf/ledger.py", text: LEDGER };
	const other: FileInPlay = { path: "shelf/books.py", text: "def find(title):\n    return title\n" };
	const inPlay = (code: string, files: readonly FileInPlay[], language = "python") =>
		decode(`Here is the fix:\n\n${FENCE}${language}\n${code}${FENCE}\n`, {}, "text", files);

	it("is the new file where that is the one in play", () => {
		expect(inPlay("x = 1\n", [{ path: "new.py", text: null }])).toMatchObject({
			calls: [{ name: "write_file", arguments: { path: "new.py", content: "x = 1\n" } }],
		});
	});

	it.each([
		["as a method", "    def may(self, n):\n        return n < MOST\n"],
		["as a function", "def may(self, n):\n    return n < MOST\n"],
	])("puts a function in the place of the one with its name, written %s", (_, code) => {
		expect(inPlay(code, [other, ledger])).toMatchObject({
			kind: "calls",
			calls: [
				{
					name: "edit_file",
					arguments: {
						path: "shelf/ledger.py",
						old_text: "    def may(self, n):\n        return n <= MOST",
						new_text: "    def may(self, n):\n        return n < MOST",
					},
				},
			],
		});
	});

	it("may show lines around the function that stand in the file as well", () => {
		const summary = {
			path: "summary.py",
			text: '"""Sums."""\n\nfrom shelf import ALL\n\n\ndef most():\n    return ALL[0]\n\n\ndef mean():\n    return sum(ALL)\n',
		};
		const part = '"""Sums."""\n\nfrom shelf import ALL\n\n\ndef most():\n    return max(ALL)\n';
		expect(inPlay(part, [summary])).toMatchObject({
			kind: "calls",
			calls: [
				{
					name: "edit_file",
					arguments: { old_text: "def most():\n    return ALL[0]", new_text: "def most():\n    return max(ALL)" },
				},
			],
		});
	});

	it("brings the imports that it needs and the file lacks; all else of the file stays", () => {
		const code = "import os\nfrom shelf import MOST\n\ndef may(self, n):\n    return n <= MOST and os.sep\n";
		expect(inPlay(code, [ledger])).toMatchObject({
			kind: "calls",
			calls: [
				{
					name: "write_file",
					arguments: {
						path: "shelf/ledger.py",
						content: `import os\n${LEDGER.replace("n <= MOST", "n <= MOST and os.sep")}`,
					},
				},
			],
		});
	});

	it("is the whole file where it holds all that the file has, and more", () => {
		const whole = LEDGER.replace("<=", "<").replace("import MOST", "import MOST, LEAST");
		expect(inPlay(whole, [other, ledger])).toMatchObject({
			calls: [{ name: "write_file", arguments: { path: "shelf/ledger.py", content: whole } }],
		});
	});

	it.each([
		["a part with a line of its own", "LEAST = 1\n\ndef may(self, n):\n    return n > LEAST\n", [ledger]],
		[
			"a part with an import over lines",
			"from os import (\n    sep,\n)\n\ndef may(self, n):\n    return sep\n",
			[ledger],
		],
		["something that stands nowhere", "def unknown():\n    return 1\n", [ledger, other]],
		["a statement for a file with definitions", "print(1)\n", [ledger]],
	] as const)("F51 is refused in words: %s", (_, code, files) => {
		expect(inPlay(code, files)).toMatchObject({
			kind: "malformed",
			explanation: expect.stringContaining("write_file"),
		});
	});

	describe("with words around it that name a file", () => {
		const errors: FileInPlay = { path: "settings/errors.py", text: '"""Errors of the settings."""\n' };
		const test: FileInPlay = { path: "tests/test_settings.py", text: "def test_one():\n    assert 1\n" };
		const CLASS = "class SettingsError(Exception):\n    pass\n";
		const answer = (words: string, code: string, behind = "") =>
			decode(`${words}\n\n${FENCE}python\n${code}${FENCE}\n${behind}`, {}, "text", [errors, other, test]);
		const written = (content: string) => ({
			kind: "calls",
			calls: [{ name: "write_file", arguments: { path: "settings/errors.py", content } }],
		});

		it.each([
			["by its path", "The file `settings/errors.py` does not define the class.", ""],
			["by its name", "errors.py is wrong:", ""],
			["behind the block", "It should be:", "The file should be at: settings/errors.py"],
			["beside the test that fails", "tests/test_settings.py fails, since settings/errors.py defines nothing.", ""],
		])("is meant for that one: %s", (_, words, behind) => {
			const whole = `"""Errors of the settings."""\n\n\n${CLASS}`;
			expect(answer(words, whole, behind)).toMatchObject(written(whole));
			expect(answer(words, CLASS, behind)).toMatchObject(written(whole));
		});

		it("is meant for the test where it holds tests", () => {
			const code = "def test_two():\n    assert 2\n";
			expect(answer("test_settings.py must also test errors.py:", code)).toMatchObject({
				calls: [{ arguments: { path: "tests/test_settings.py", content: `${test.text}\n\n${code}` } }],
			});
		});

		it.each([
			["two files", "Both settings/errors.py and shelf/books.py are wrong."],
			["another file", "The file other/errors.py is wrong."],
			["a longer name", "The file my_errors.py is wrong."],
			["none", "This is wrong."],
		])("is refused where they name %s", (_, words) => {
			expect(answer(words, CLASS)).toMatchObject({
				kind: "malformed",
				explanation: expect.stringContaining("names no file"),
			});
		});
	});

	it("adds what does not stand in the file, before the line that runs it", () => {
		const program = { path: "run.py", text: "def go():\n    pass\n\n\nif __name__ == '__main__':\n    go()\n" };
		const code = "def go():\n    stop()\n\n\ndef stop():\n    pass\n";
		expect(inPlay(code, [program])).toMatchObject({
			calls: [{ arguments: { path: "run.py", content: `${code}\n\nif __name__ == '__main__':\n    go()\n` } }],
		});
	});

	it("counts once where a part of it is shown again", () => {
		const text = "import os\n\nx = os.sep\n";
		for (const part of ["import os\n", text]) {
			const answer = `${FENCE}python\n${text}${FENCE}\nThis line matters:\n${FENCE}python\n${part}${FENCE}`;
			expect(decode(answer, {}, "text", [{ path: "new.py", text: null }])).toMatchObject({
				calls: [{ name: "write_file", arguments: { content: text } }],
			});
		}
	});

	it("is refused where there are two", () => {
		const two = `${FENCE}python\nx = 1\n${FENCE}\nand\n${FENCE}python\ny = 1\n${FENCE}`;
		expect(decode(two, {}, "text", [{ path: "new.py", text: null }])).toMatchObject({ kind: "malformed" });
	});

	it("asks for nothing where it shows what stands in the file", () => {
		expect(inPlay(LEDGER, [ledger]).kind).toBe("text");
		expect(inPlay("def find(title):\n    return title\n", [other]).kind).toBe("text");
	});

	it("in another language is an example, not a file", () => {
		expect(inPlay("pytest -q\n", [ledger], "bash").kind).toBe("text");
	});
});

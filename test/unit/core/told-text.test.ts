/** The core's English in another language: whole texts, lists, sentences, and what stands in their places. */
import { expect, test } from "vitest";
import { bundle } from "../../../scripts/l10n.mjs";
import { createTeller } from "../../../src/core/told-text.ts";

const german = createTeller(bundle("de"));
const chinese = createTeller(bundle("zh-cn"));

test.each([
	["Stopped by you.", "Von Ihnen angehalten."],
	["All green: 12 passed, lint clean.", "Alles grün: 12 bestanden, Lint sauber."],
	[
		"All green: 1 passed, lint clean. Look at what judges it: tests/test_a.py was changed, but by no edit of this run.",
		"Alles grün: 1 bestanden, Lint sauber. Was darüber urteilt, bitte ansehen: tests/test_a.py wurde geändert, aber durch keine Änderung dieses Laufs.",
	],
	[
		"2 failed, 1 error, 3 passed of the affected tests, 1 lint finding, full run pending",
		"2 fehlgeschlagen, 1 Fehler, 3 bestanden der betroffenen Tests, 1 Lint-Befund, ganzer Lauf steht aus",
	],
	[
		"The limit of 12 rounds is reached: 1 failed, lint clean. Changed in vain: a.py (3 times).",
		"Die Grenze von 12 Runden ist erreicht: 1 fehlgeschlagen, Lint sauber. Vergeblich geändert: a.py (3 times).",
	],
	[
		"No model server answers at http://127.0.0.1:11434: it refuses the connection.",
		"Unter http://127.0.0.1:11434 antwortet kein Modellserver: it refuses the connection.",
	],
	["no tests: there are no test files, lint clean", "keine Tests: es gibt keine Testdateien, Lint sauber"],
])("%s", (english, text) => {
	expect(german(english)).toBe(text);
});

test("what nobody wrote into the dictionary stays as it is", () => {
	for (const text of ["", "Der Test läuft.", "src/shop/passed files.py"]) expect(german(text)).toBe(text);
});

test("a place may move within the sentence", () => {
	expect(chinese("3 of 9 test files are affected")).toBe("9 个测试文件中有 3 个受影响");
});

test("without a dictionary it is English", () => {
	expect(createTeller({})("All green: 12 passed.")).toBe("All green: 12 passed.");
});

test("the words of a model are its own", () => {
	expect(german("The model changed nothing (1 failed). It says: I changed it, and 3 passed. Stopped by you.")).toBe(
		"Das Modell hat nichts geändert (1 fehlgeschlagen). Es sagt: I changed it, and 3 passed. Stopped by you.",
	);
});

test("what is too long for a sentence is left alone", () => {
	const text = "1 failed, ".repeat(1_000);
	expect(german(text)).toBe(text);
});

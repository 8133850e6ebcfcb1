/** Words for a root module that pytest does not find: only where the workspace has it, and once for the model. */
import { expect, test } from "vitest";
import { probeMessage } from "../../../../src/core/model/feedback.ts";
import { withImportHints } from "../../../../src/core/probes/import-hint.ts";
import { verdictOf } from "../../../../src/core/probes/verdict.ts";
import { failingTest, reportOfSketch } from "../../../fakes/reports.ts";

const NO_TEXT = () => null;
const MISSING = "ModuleNotFoundError: No module named 'shop'";

function hintsOf(files: readonly string[], ...messages: readonly string[]) {
	const findings = messages.map((message, index) => failingTest(`tests/test_${index}.py`, message));
	const counts = { passed: 0, failed: 0, skipped: 0, errors: findings.length };
	const told = withImportHints({ status: "findings", findings, counts }, files, NO_TEXT);
	return told.status === "findings" ? told.findings.map(({ hint }) => hint) : [];
}

test.each([
	["src layout", ["src/shop/__init__.py", "tests/test_0.py"], 'pythonpath = ["src"]'],
	["a package beside the tests", ["shop/cart.py", "tests/test_0.py"], 'pythonpath = ["."]'],
	["a module", ["lib/shop.py"], 'pythonpath = ["lib"]'],
	["the nearest to the root", ["vendor/copy/shop/a.py", "src/shop/a.py"], 'pythonpath = ["src"]'],
])("%s", (_what, files, words) => {
	expect(hintsOf(files, MISSING)).toEqual([expect.stringContaining(words)]);
});

test("a project that can be installed is told to be", () => {
	expect(hintsOf(["pyproject.toml", "src/shop/a.py"], MISSING)[0]).toContain("python -m pip install -e .");
	expect(hintsOf(["src/shop/a.py"], MISSING)[0]).not.toContain("pip install");
});

test.each([
	["a module of others", ["src/cart/a.py"], MISSING],
	["data of that name", ["data/shop/prices.csv"], MISSING],
	["another failure", ["src/shop/a.py"], "assert 'shop' == 'cart'"],
])("%s has none", (_what, files, message) => {
	expect(hintsOf(files, message)).toEqual([undefined]);
});

function hintOf(message: string, files: Readonly<Record<string, string>>) {
	const counts = { passed: 0, failed: 0, skipped: 0, errors: 1 };
	const judgement = { status: "findings", findings: [failingTest("tests/test_0.py", message)], counts } as const;
	const told = withImportHints(judgement, Object.keys(files), (file) => files[file] ?? null);
	return told.status === "findings" ? told.findings[0]?.hint : undefined;
}

test("a name that a module does not define: what it defines is told", () => {
	const message = "ImportError: cannot import name 'lookup' from 'shop.stock' (/x/shop/stock.py)";
	const stock = "LEAST = 1\n\n\ndef find_item(items):\n    return items[0]\n";
	const words = "defines find_item, LEAST and no lookup: import what is meant, or define lookup there.";
	expect(hintOf(message, { "shop/stock.py": stock })).toBe(`shop/stock.py ${words}`);
	expect(hintOf(message, { "src/shop/stock.py": stock })).toBe(`src/shop/stock.py ${words}`);
	expect(hintOf(message, { "shop/stock.py": "" })).toBeUndefined();
	expect(hintOf(message, { "shop/stock.py": "def lookup():\n    return 1\n" })).toBeUndefined();
	expect(hintOf(message, { "other/stock.py": stock })).toBeUndefined();
});

test("a module is read once, whatever the number of files that ask it for a name", () => {
	const message = "ImportError: cannot import name 'lookup' from 'shop' (/x/shop.py)";
	const findings = ["a", "b", "c"].map((name) => failingTest(`tests/test_${name}.py`, message));
	const counts = { passed: 0, failed: 0, skipped: 0, errors: 3 };
	const read: string[] = [];
	withImportHints({ status: "findings", findings, counts }, ["shop.py"], (file) => {
		read.push(file);
		return "x = 1\n";
	});
	expect(read).toEqual(["shop.py"]);
});

test("a module that a package does not have: which it has is told", () => {
	const message = "ModuleNotFoundError: No module named 'shop.stocks'";
	const files = { "shop/__init__.py": "", "shop/stock.py": "", "shop/tax/__init__.py": "", "shop/tax/rates.py": "" };
	expect(hintOf(message, files)).toBe("shop has no module stocks; it has stock, tax.");
	expect(hintOf(message, { "src/shop/stock.py": "" })).toBe("shop has no module stocks; it has stock.");
	expect(hintOf(message, { "shop.py": "" })).toBeUndefined();
	expect(hintOf(message, { "stock.py": "" })).toBeUndefined();
});

test("A51 is read in linear time", () => {
	const long = `ModuleNotFoundError: No module named '${"a.".repeat(100_000)}`;
	expect(hintOf(long, { "a.py": "" })).toBeUndefined();
}, 20_000);

const CIRCULAR =
	"ImportError: cannot import name 'Author' from partially initialized module 'library.author' (most likely due to a circular import) (/x/library/author.py)";

test.each([
	["the line that goes round", "from library.author import Author", true],
	["a line that is no import", "author = library.author.Author", false],
])("a circular import, %s", (_what, source, isTold) => {
	const frame = { file: "library/book.py", line: 3, column: 1, functionName: "<module>", source };
	const finding = { ...failingTest("tests/test_a.py", CIRCULAR), frame };
	const counts = { passed: 0, failed: 0, skipped: 0, errors: 1 };
	const told = withImportHints({ status: "findings", findings: [finding], counts }, [], NO_TEXT);
	const hint = told.status === "findings" ? told.findings[0]?.hint : undefined;
	expect(hint).toBe(
		isTold
			? 'library/book.py and library.author import each other: move the line "from library.author import Author" of library/book.py from the top of the file into the function that uses Author.'
			: undefined,
	);
});

test("a circular import of which no line is known has no hint", () => {
	expect(hintsOf([], CIRCULAR)).toEqual([undefined]);
});

test("the model hears it once, whatever the number of files", () => {
	const report = reportOfSketch({ failing: { "tests/test_a.py": MISSING, "tests/test_b.py": MISSING } });
	const { pytest } = report;
	if (pytest.status === "not-run") throw new Error("It ran.");
	const told = { ...report, pytest: { ...pytest, ...withImportHints(pytest, ["src/shop/a.py"], NO_TEXT) } };
	const text = probeMessage(1, verdictOf(report, null), { ...report, pytest: { ...told.pytest, probe: "pytest" } });
	expect(text.match(/hint: shop is the project's own/g)).toHaveLength(1);
	expect(text.match(/FAIL/g)).toHaveLength(2);
});

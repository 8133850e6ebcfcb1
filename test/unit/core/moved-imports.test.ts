/** Imports that name the wrong module: which line is mended, with which module, and which is left to the model. */
import { expect, test } from "vitest";
import { movedImports } from "../../../src/core/moved-imports.ts";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";
import { reportOfSketch } from "../../fakes/reports.ts";
import { FAILING, GREEN, runWith } from "../../fakes/scripted-run.ts";

const FILES = {
	"shop/__init__.py": "",
	"shop/report.py":
		"from shop.stocks import find_item\n\n\ndef runs_out(items, name):\n    return find_item(items, name) is None\n",
	"shop/stock.py": "LIMIT = 3\n\n\ndef find_item(items, name):\n    return None\n",
	"tests/test_shop.py": "from shop.report import runs_out\n",
};
const ABSENT = "ModuleNotFoundError: No module named 'shop.stocks'";
const signal = new AbortController().signal;

async function movedIn(message: string, frame: string, files: Readonly<Record<string, string>> = FILES) {
	const id = "tests/test_shop.py";
	const report = reportOfSketch({ failing: { [id]: message }, frames: { [id]: frame } });
	return Object.fromEntries(await movedImports(report, createMemoryWorkspace(files), signal));
}

test("a module that there is not, and a name that it lacks, have the one module that defines what is imported", async () => {
	const line = "from shop.stocks import find_item";
	const right = "from shop.stock import find_item";
	expect(await movedIn(ABSENT, `shop/report.py:1 ${line}`)).toEqual({ "shop/report.py": { line, right } });
	const lacking = "ImportError: cannot import name 'find_item' from 'shop' (/home/ada/shop/__init__.py)";
	expect(await movedIn(lacking, "shop/report.py:1 from shop import find_item")).toEqual({
		"shop/report.py": { line: "from shop import find_item", right },
	});
	const several = "from shop.stocks import find_item, LIMIT";
	expect(await movedIn(ABSENT, `shop/report.py:1 ${several}`)).toEqual({
		"shop/report.py": { line: several, right: "from shop.stock import find_item, LIMIT" },
	});
});

test.each([
	["no module defines the name", ABSENT, "shop/report.py:1 from shop.stocks import lookup", FILES],
	[
		"two define it",
		ABSENT,
		"shop/report.py:1 from shop.stocks import find_item",
		{ ...FILES, "shop/other.py": "def find_item():\n    return 1\n" },
	],
	["only one of its names is there", ABSENT, "shop/report.py:1 from shop.stocks import find_item, lookup", FILES],
	["it stands in a test", ABSENT, "tests/test_shop.py:1 from shop.stocks import find_item", FILES],
	["it has another name for it", ABSENT, "shop/report.py:1 from shop.stocks import find_item as find", FILES],
	["another line failed", ABSENT, "shop/report.py:1 from shop.shelf import find_item", FILES],
	["it failed by something else", "ValueError: no", "shop/report.py:1 from shop.stocks import find_item", FILES],
	[
		"it goes round",
		"ImportError: cannot import name 'find_item' from partially initialized module 'shop' (most likely due to a circular import)",
		"shop/report.py:1 from shop import find_item",
		FILES,
	],
])("a line is left alone where %s", async (_, message, frame, files) => {
	expect(await movedIn(message, frame, files)).toEqual({});
});

const id = "tests/test_shop.py";
const WRONG = { failing: { [id]: ABSENT }, frames: { [id]: "shop/report.py:1 from shop.stocks import find_item" } };

test("the run mends it before it asks the model", async () => {
	const workspace = createMemoryWorkspace(FILES);
	const { outcome, model, recorder } = await runWith({ reports: [WRONG, GREEN], workspace });
	expect(outcome.kind).toBe("green");
	expect(model.requests).toEqual([]);
	expect(workspace.files.get("shop/report.py")).toContain("from shop.stock import find_item\n");
	expect(recorder.of("lint-fixed")).toMatchObject([
		{ files: ["shop/report.py"], takenBack: false, reason: "an import that named the wrong module cost no model call" },
	]);
});

test("what fails all the same, or makes another test fail, is taken back", async () => {
	const still = { failing: WRONG.failing, frames: { [id]: "shop/report.py:1 from shop.stock import find_item" } };
	for (const after of [still, { ...FAILING, failing: { "tests/test_other.py::test_x": "assert 0" } }]) {
		const workspace = createMemoryWorkspace(FILES);
		const { recorder } = await runWith({ reports: [WRONG, after, WRONG], answers: ["I cannot."], workspace });
		expect(recorder.of("lint-fixed")).toMatchObject([{ takenBack: true }]);
		expect(workspace.files.get("shop/report.py")).toBe(FILES["shop/report.py"]);
	}
});

test("it can be switched off, with the imports that are missing", async () => {
	const workspace = createMemoryWorkspace(FILES);
	const options = { loop: { missingImports: false } };
	await runWith({ reports: [WRONG], answers: ["I cannot."], workspace, options });
	expect(workspace.files.get("shop/report.py")).toBe(FILES["shop/report.py"]);
});

/** After whatever change, the affected tests alone show every failure that the whole suite shows. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { Probes } from "../../../../src/core/ports.ts";
import { openEngine } from "../../../fixtures/probe-engine.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const PROJECT = {
	"pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["src"]\ntestpaths = ["tests"]\n',
	"src/shop/__init__.py": "from shop.prices import price\n",
	"src/shop/base.py": "RATE = 2\n\n\ndef double(value):\n    return value * RATE\n",
	"src/shop/prices.py": "from shop.base import double\n\n\ndef price(name):\n    return double(len(name))\n",
	"src/shop/stock.py":
		"import json\nfrom pathlib import Path\n\nDATA = Path(__file__).parent / 'stock.json'\n\n\ndef stock(name):\n    return json.loads(DATA.read_text())[name]\n",
	"src/shop/stock.json": '{"tea": 3, "milk": 1}\n',
	"src/shop/plugins/__init__.py": "",
	"src/shop/plugins/red.py": "NAME = 'red'\n",
	"src/shop/plugins/blue.py": "NAME = 'blue'\n",
	"src/shop/loader.py":
		"import importlib\n\n\ndef load(name):\n    return importlib.import_module('shop.plugins.' + name).NAME\n",
	"src/shop/late.py": "def late():\n    from shop.base import double\n\n    return double(5)\n",
	"src/shop/named.py":
		"import importlib\n\nbase = importlib.import_module('shop.base')\n\n\ndef named():\n    return base.double(3)\n",
	"src/shop/alone.py": "def alone():\n    return 1\n",
	"tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef basket():\n    return ['tea']\n",
	"tests/data/words.txt": "one\ntwo\n",
	"tests/test_base.py": "from shop.base import double\n\n\ndef test_double():\n    assert double(2) == 4\n",
	"tests/test_prices.py": "import shop\n\n\ndef test_price():\n    assert shop.price('tea') == 6\n",
	"tests/test_stock.py": "from shop.stock import stock\n\n\ndef test_stock():\n    assert stock('tea') == 3\n",
	"tests/test_plugins.py":
		"import pytest\nfrom shop.loader import load\n\n\n@pytest.mark.parametrize('name', ['red', 'blue'])\ndef test_load(name):\n    assert load(name) == name\n",
	"tests/test_late.py": "from shop.late import late\n\n\ndef test_late():\n    assert late() == 10\n",
	"tests/test_alone.py": "from shop.alone import alone\n\n\ndef test_alone():\n    assert alone() == 1\n",
	"tests/test_named.py": "from shop.named import named\n\n\ndef test_named():\n    assert named() == 6\n",
	"tests/test_basket.py": "def test_basket(basket):\n    assert basket == ['tea']\n",
	"tests/test_words.py":
		"from pathlib import Path\n\n\ndef test_words():\n    words = (Path(__file__).parent / 'data' / 'words.txt').read_text().split()\n    assert len(words) == 2\n",
	"tests/test_listing.py":
		"from pathlib import Path\n\n\ndef test_listing():\n    assert len(list((Path(__file__).parent / 'data').iterdir())) == 1\n",
	"tests/test_script.py":
		"import subprocess\nimport sys\n\n\ndef test_script():\n    code = 'import sys; sys.path.insert(0, \"src\"); from shop.alone import alone; print(alone())'\n    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)\n    assert done.stdout.strip() == '1'\n",
	"tests/test_unit.py":
		"import unittest\n\nfrom shop.plugins import red\n\n\nclass TestRed(unittest.TestCase):\n    def test_name(self):\n        self.assertEqual(red.NAME, 'red')\n",
};

type Change = (root: string) => void;

test("what a plugin of the workspace imports lies beneath every test", async () => {
	const root = temporaryWorkspace({
		"conftest.py": 'pytest_plugins = ["own" "plugin"]\n',
		"ownplugin.py": "import pytest\nimport rates\n\n\n@pytest.fixture\ndef rate():\n    return rates.RATE\n",
		"rates.py": "RATE = 1\n",
		"test_rate.py": "def test_rate(rate):\n    assert rate == 1\n",
		...Object.fromEntries(["b", "c", "d"].map((name) => [`test_${name}.py`, `def test_${name}():\n    pass\n`])),
	});
	const engine = openEngine(root, { sandbox: "off" });
	expect(await failing(engine, "full")).toEqual([]);
	writeFileSync(join(root, "rates.py"), "RATE = 2\n");
	expect(await failing(engine, "affected")).toEqual(["test_rate.py::test_rate"]);
});

test("tests that read nothing are chosen from, too", async () => {
	const files = Object.fromEntries(
		["a", "b", "c", "d"].flatMap((name) => [
			[`${name}.py`, "X = 1\n"],
			[`test_${name}.py`, `import ${name}\n\n\ndef test_${name}():\n    assert ${name}.X == 1\n`],
		]),
	);
	const root = temporaryWorkspace(files);
	const engine = openEngine(root, { sandbox: "off" });
	expect(await failing(engine, "full")).toEqual([]);
	writeFileSync(join(root, "b.py"), "X = 2\n");
	const { pytest } = await reportOf(engine, "affected");
	expect(pytest).toMatchObject({ scope: "affected", counts: { passed: 3, failed: 1 } });
	expect(pytest.why).toContain("1 test file affected");
});

test("a Python file that comes or goes is seen by tests that list its folder, one above it, or the root", async () => {
	const counting = (expression: string) =>
		`from pathlib import Path\n\nROOT = Path(__file__).parent.parent\n\n\ndef test_count():\n    assert len(list(${expression})) == 1\n`;
	const root = temporaryWorkspace({
		"pytest.ini": "[pytest]\npythonpath = .\n",
		"alone.py": "X = 1\n",
		"pkg/one.py": "X = 1\n",
		"tests/test_top.py": counting("ROOT.glob('*.py')"),
		"tests/test_deep.py": counting("(ROOT / 'pkg').rglob('*.py')"),
		...Object.fromEntries(
			["a", "b", "c", "d"].map((name) => [`tests/test_${name}.py`, `def test_${name}():\n    pass\n`]),
		),
	});
	const engine = openEngine(root, { sandbox: "off" });
	expect(await failing(engine, "full")).toEqual([]);
	const steps: readonly (readonly [change: Change, failing: readonly string[]])[] = [
		[write("new.py", "X = 1\n"), ["tests/test_top.py::test_count"]],
		[remove("new.py"), []],
		[write("pkg/new/mod.py", "X = 1\n"), ["tests/test_deep.py::test_count"]],
		[remove("pkg/new/mod.py"), []],
		[remove("alone.py"), ["tests/test_top.py::test_count"]],
	];
	for (const [change, expected] of steps) {
		change(root);
		const report = await reportOf(engine, "affected");
		// What was there before is answered by the whole run of then.
		expect(report.pytest.scope === "affected" || report.pytest.cache === "hit").toBe(true);
		expect(failuresOf(report)).toEqual(expected);
	}
});

test("what is loaded by a name that stands in the text is followed; a computed name is not", async () => {
	const loading = (argument: string) => `import importlib\n\nX = importlib.import_module(${argument}).X\n`;
	const root = temporaryWorkspace({
		"pkg/__init__.py": "",
		"pkg/far.py": "X = 1\n",
		"pkg/named.py": loading("'pkg.far'"),
		"pkg/made.py": loading("'pkg' + '.far'"),
		...Object.fromEntries(
			["named", "made", "far"].map((name) => [
				`test_${name}.py`,
				`from pkg import ${name}\n\n\ndef test_${name}():\n    assert ${name}.X == 1\n`,
			]),
		),
		"alone.py": "X = 1\n",
		...Object.fromEntries(
			["a", "b"].map((name) => [`test_${name}.py`, `import alone\n\n\ndef test_${name}():\n    assert alone.X == 1\n`]),
		),
	});
	const engine = openEngine(root, { sandbox: "off" });
	expect(await failing(engine, "full")).toEqual([]);
	writeFileSync(join(root, "pkg/far.py"), "X = 2\n");
	expect(await failing(engine, "affected")).toEqual([
		"test_far.py::test_far",
		"test_made.py::test_made",
		"test_named.py::test_named",
	]);
	writeFileSync(join(root, "pkg/far.py"), "X = 1\n");
	expect(await failing(engine, "full")).toEqual([]);
	writeFileSync(join(root, "test_b.py"), "def test_b():\n    assert False\n");
	const { pytest } = await reportOf(engine, "affected");
	expect(pytest.why).toContain("2 test files affected");
	expect(failuresOf(await reportOf(engine, "affected"))).toEqual(["test_b.py::test_b"]);
});

test("a module that may load by a computed name is no less unknown where the other was loaded before", async () => {
	const loading = {
		plain: "def load():\n    return __import__('pkg.' + 'far', fromlist=['X'])\n",
		gotten: "import builtins\n\n\ndef load():\n    return getattr(builtins, '__import__')('pkg.' + 'far').far\n",
		resolved: "import pkgutil\n\n\ndef load():\n    return pkgutil.resolve_name('pkg.' + 'far')\n",
		called: "import importlib\n\n\ndef load():\n    return importlib.import_module('pkg.' + 'far')\n",
		asked: "import library\n\n\ndef load():\n    return library.load('pkg' + '.rare')\n",
		literal: "def load():\n    return __import__('pkg.far').far\n",
		system: "def load():\n    return __import__('math')\n",
	};
	const root = temporaryWorkspace({
		"pytest.ini": "[pytest]\npythonpath = . site-packages\n",
		"site-packages/library.py": "import importlib\n\n\ndef load(name):\n    return importlib.import_module(name)\n",
		"pkg/__init__.py": "",
		"pkg/far.py": "X = 1\n",
		"pkg/rare.py": "X = 1\n",
		"test_a.py": "from pkg import far\n\n\ndef test_a():\n    assert far.X == 1\n",
		...Object.fromEntries(Object.entries(loading).map(([name, text]) => [`pkg/${name}.py`, text])),
		...Object.fromEntries(
			Object.keys(loading).map((name) => [
				`test_${name}.py`,
				`from pkg import ${name}\n\n\ndef test_${name}():\n    assert getattr(${name}.load(), "X", 1) == 1\n`,
			]),
		),
		...Object.fromEntries(
			Array.from({ length: 12 }, (_, index) => [`test_more_${index}.py`, `def test_${index}():\n    pass\n`]),
		),
	});
	const engine = openEngine(root, { sandbox: "off" });
	expect(await failing(engine, "full")).toEqual([]);
	for (const name of ["far", "rare"]) writeFileSync(join(root, `pkg/${name}.py`), "X = 2\n");
	const report = await reportOf(engine, "affected");
	expect(report.pytest).toMatchObject({ scope: "affected" });
	const names = ["a", "asked", "called", "gotten", "literal", "plain", "resolved"];
	expect(failuresOf(report)).toEqual(names.map((name) => `test_${name}.py::test_${name}`));
	// The first of them, which imports what changed, ran in the wave before.
	expect(report.pytest.why).toContain(`${names.length - 1} test files affected`);
});

const write =
	(path: string, text: string): Change =>
	(root) => {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	};
const swap =
	(path: string, from: string, to: string): Change =>
	(root) =>
		writeFileSync(join(root, path), readFileSync(join(root, path), "utf8").replace(from, to));
const remove =
	(path: string): Change =>
	(root) =>
		rmSync(join(root, path));
const rename =
	(from: string, to: string): Change =>
	(root) =>
		renameSync(join(root, from), join(root, to));

const CHANGES: readonly (readonly [what: string, change: Change])[] = [
	["a module that all others import", swap("src/shop/base.py", "RATE = 2", "RATE = 3")],
	["the same size, back again", swap("src/shop/base.py", "RATE = 3", "RATE = 2")],
	["a data file that a module reads", swap("src/shop/stock.json", '"tea": 3', '"tea": 4')],
	["that file again", swap("src/shop/stock.json", '"tea": 4', '"tea": 3')],
	["a module loaded by a computed name", swap("src/shop/plugins/blue.py", "'blue'", "'teal'")],
	["a module loaded both ways", swap("src/shop/plugins/red.py", "'red'", "'pink'")],
	[
		"both back",
		(root) => {
			swap("src/shop/plugins/blue.py", "'teal'", "'blue'")(root);
			swap("src/shop/plugins/red.py", "'pink'", "'red'")(root);
		},
	],
	["a package's __init__", swap("src/shop/__init__.py", "import price", "import double as price")],
	["a syntax error in it", write("src/shop/__init__.py", "from shop.prices import (\n")],
	["it mended", write("src/shop/__init__.py", "from shop.prices import price\n")],
	["a fixture in conftest.py", swap("tests/conftest.py", "['tea']", "['milk']")],
	["that fixture back", swap("tests/conftest.py", "['milk']", "['tea']")],
	["a file that a test reads", write("tests/data/words.txt", "one\n")],
	["that file back", write("tests/data/words.txt", "one\ntwo\n")],
	["a new file in a folder that a test lists", write("tests/data/more.txt", "three\n")],
	["that file gone", remove("tests/data/more.txt")],
	["a module that only a subprocess loads besides", swap("src/shop/alone.py", "return 1", "return 2")],
	["a new test that fails", write("tests/test_new.py", "def test_new():\n    assert False\n")],
	["that test renamed", rename("tests/test_new.py", "tests/test_other.py")],
	["that test gone", remove("tests/test_other.py")],
	["a module that is deleted", remove("src/shop/late.py")],
	["a module that shadows the standard library", write("src/statistics.py", "raise ImportError('mine')\n")],
	[
		"an import within a function",
		write("src/shop/late.py", "def late():\n    from shop.base import double\n\n    return double(6)\n"),
	],
	[
		"the configuration",
		swap("pyproject.toml", 'testpaths = ["tests"]', 'testpaths = ["tests"]\naddopts = "-k not_there"'),
	],
];

test("no failing test is missed by the affected ones, in twenty-four changes of every kind", async () => {
	const root = temporaryWorkspace(PROJECT);
	const [chosen, whole] = [
		openEngine(root, { sandbox: "off" }),
		openEngine(root, { sandbox: "off", affectedTests: false }),
	];
	expect(await failing(chosen, "full")).toEqual([]);
	let partial = 0;
	for (const [what, change] of CHANGES) {
		change(root);
		const report = await reportOf(chosen, "affected");
		const truth = await failing(whole, "full");
		// An error of collection ends a run of the whole before its other tests; those that were asked may tell more.
		const shown = failuresOf(report);
		expect(
			truth.filter((id) => !shown.includes(id)),
			`${what}: ${shown.join(", ")}`,
		).toEqual([]);
		if (truth.every((id) => id.includes("::"))) expect(shown, what).toEqual(truth);
		expect(
			shown.filter((id) => !existsSync(join(root, id.split("::", 1)[0] ?? "")) && !id.startsWith("not run")),
			what,
		).toEqual([]);
		if (report.pytest.scope === "affected") partial += 1;
	}
	// It does choose: some of these changes are no reason to run everything.
	expect(partial).toBeGreaterThanOrEqual(6);
}, 180_000);

function reportOf(engine: Pick<Probes, "probe">, scope: "affected" | "full") {
	return engine.probe({ scope, fresh: scope === "full" }, () => undefined, new AbortController().signal);
}

async function failing(engine: Pick<Probes, "probe">, scope: "affected" | "full"): Promise<readonly string[]> {
	return failuresOf(await reportOf(engine, scope));
}

function failuresOf({ pytest }: Awaited<ReturnType<typeof reportOf>>): readonly string[] {
	return pytest.status === "not-run"
		? [`not run: ${pytest.reason}`]
		: pytest.findings.map(({ testId }) => testId).sort();
}

/** Files that come beside a process that stands ready: what it has loaded holds no longer, or provably does. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { ProbeSettings } from "../../../../src/core/probes/engine-messages.ts";
import type { WorkspaceReport } from "../../../../src/core/probes/report.ts";
import { openEngine } from "../../../fixtures/probe-engine.ts";
import { plainOutcomes } from "../../../fixtures/test-runner.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const never = new AbortController().signal;
const PASS = "def test_a():\n    pass\n";
const MODELS = "def X():\n    return 1\n";
const USES_MODELS = "from app.models import X\n\n\ndef test_x():\n    assert X() == 1\n";
const APP = {
	"pytest.ini": "[pytest]\npythonpath = .\n",
	"app/models.py": MODELS,
	"conftest.py": "from app.models import X\n",
	"tests/test_x.py": USES_MODELS,
};

/** An engine whose processes stand ready, as after a first run. */
async function openReady(files: Readonly<Record<string, string>>, settings: Partial<ProbeSettings> = {}) {
	const root = temporaryWorkspace(files);
	const engine = openEngine(root, { sandbox: "off", ruffEnabled: false, affectedTests: false, ...settings });
	const probe = () => engine.probe({ scope: "full", fresh: false }, () => undefined, never);
	await probe();
	await engine.describe(never);
	return {
		root,
		engine,
		probe,
		write(path: string, text: string) {
			mkdirSync(dirname(join(root, path)), { recursive: true });
			writeFileSync(join(root, path), text);
		},
	};
}

/** Ids of what fails; what was not run is no success. */
function failing({ pytest }: WorkspaceReport): readonly string[] {
	return pytest.status === "not-run"
		? [`not run: ${pytest.reason}`]
		: pytest.findings.map(({ testId }) => testId).sort();
}

test.each<readonly [what: string, files: Readonly<Record<string, string>>, path: string, text: string, fails: string]>([
	["the __init__.py of a package that had none", APP, "app/__init__.py", "raise RuntimeError\n", "conftest.py"],
	[
		"an __init__.py beside a conftest.py, by which another folder leads sys.path",
		{
			"tests/conftest.py": "",
			"tests/helpers.py": "",
			"tests/test_h.py": "def test_h():\n    import helpers\n",
		},
		"tests/__init__.py",
		"",
		"tests/test_h.py::test_h",
	],
	[
		"a module of the same name as an installed one that a conftest.py loaded",
		{
			"conftest.py": "import wave\n",
			"test_w.py": "import wave\n\n\ndef test_w():\n    assert wave.open\n",
		},
		"wave.py",
		"",
		"test_w.py::test_w",
	],
	[
		"a module of the same name as one of the standard library that stands loaded for the next run",
		{ "tests/test_w.py": "import wave\n\n\ndef test_w():\n    assert wave.open\n" },
		"tests/wave.py",
		"",
		"tests/test_w.py::test_w",
	],
	[
		"a module that a conftest.py did without",
		{
			"conftest.py":
				"import pytest\n\ntry:\n    import extra\nexcept ImportError:\n    extra = None\n\n\n@pytest.fixture\ndef more():\n    return extra\n",
			"test_e.py": "def test_e(more):\n    assert more is None\n",
		},
		"extra.py",
		"",
		"test_e.py::test_e",
	],
	[
		"a file that a conftest.py would have listed",
		{
			"conftest.py":
				"import pathlib\n\nCASES = sorted(path.name for path in pathlib.Path(__file__).parent.glob('cases/*.txt'))\n\n\ndef pytest_generate_tests(metafunc):\n    metafunc.parametrize('case', CASES)\n",
			"cases/a.txt": "",
			"test_c.py": "def test_c(case):\n    assert case == 'a.txt'\n",
		},
		"cases/b.txt",
		"",
		"test_c.py::test_c[b.txt]",
	],
	[
		"a test file that a conftest.py would have listed",
		{
			"conftest.py":
				"import os\n\nSEEN = [name for name in os.listdir(os.path.dirname(__file__)) if name.startswith('test_')]\n",
			"test_a.py": "from conftest import SEEN\n\n\ndef test_a():\n    assert SEEN == ['test_a.py']\n",
		},
		"test_b.py",
		PASS,
		"test_a.py::test_a",
	],
	[
		"a test file that a conftest.py asks for",
		{
			"conftest.py": "try:\n    import test_b\nexcept ImportError:\n    test_b = None\n",
			"test_a.py": "from conftest import test_b\n\n\ndef test_a():\n    assert test_b is None\n",
		},
		"test_b.py",
		PASS,
		"test_a.py::test_a",
	],
])("%s comes: the verdict is that of plain pytest", async (_what, files, path, text, fails) => {
	const { root, probe, write } = await openReady(files);
	write(path, text);
	expect(failing(await probe())).toEqual([fails]);
	if (fails !== "conftest.py") expect(plainOutcomes(root)[fails]).toBe("failed");
	rmSync(join(root, path));
	expect(failing(await probe())).toEqual([]);
});

test.each<readonly [what: string, files: Readonly<Record<string, string>>, path: string, text: string]>([
	["a test file beside a conftest.py that loads a package", APP, "tests/test_new.py", PASS],
	["a test file in a new folder", APP, "tests/more/test_new.py", PASS],
	["a module where nothing of the workspace stands loaded", { "test_a.py": PASS }, "app/core.py", "X = 1\n"],
])("%s comes: what stands ready goes on", async (_what, files, path, text) => {
	const { probe, write } = await openReady(files);
	write(path, text);
	expect((await probe()).pytest).toMatchObject({ status: "clean", form: "forked" });
});

test("a module that came between two sessions is no more loaded ahead from the environment", async () => {
	const keep = { folder: temporaryWorkspace(), version: "1" };
	const root = temporaryWorkspace({ "test_w.py": "import wave\n\n\ndef test_w():\n    assert wave.open\n" });
	const open = () => openEngine(root, { sandbox: "off", ruffEnabled: false, affectedTests: false }, process.env, keep);
	const before = open();
	expect(failing(await before.probe({ scope: "full", fresh: false }, () => undefined, never))).toEqual([]);
	before.dispose();
	writeFileSync(join(root, "wave.py"), "");
	const engine = open();
	for (let run = 0; run < 2; run++) {
		expect(failing(await engine.probe({ scope: "full", fresh: true }, () => undefined, never))).toEqual([
			"test_w.py::test_w",
		]);
		await engine.describe(never);
	}
});

/** Projects and machines that are not as one would wish: each answer is data with words and a fix, and nothing is left behind. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openEngine } from "../../../fixtures/probe-engine.ts";
import { processesNaming } from "../../../fixtures/processes.ts";
import { venvPython } from "../../../fixtures/venv.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const FULL = { scope: "full", fresh: false } as const;
const never = new AbortController().signal;
const quiet = () => undefined;
const GOOD_TEST = "def test_good():\n    assert True\n";

async function pytestOf(files: Record<string, string>, settings: Parameters<typeof openEngine>[1] = {}) {
	const root = temporaryWorkspace(files);
	const report = await openEngine(root, { ruffEnabled: false, ...settings }).probe(FULL, quiet, never);
	return { root, pytest: report.pytest };
}

test("F69: no Python", async () => {
	const root = temporaryWorkspace({ "test_a.py": GOOD_TEST });
	const engine = openEngine(root, { pythonPath: null, sandbox: "off" }, { PATH: join(root, "bin") });
	const report = await engine.probe(FULL, quiet, never);
	expect(report.pytest).toMatchObject({ status: "not-run", reason: "no-python" });
	expect(report.ruff).toMatchObject({ status: "not-run", reason: "tool-missing" });
	expect(await engine.describe(never)).toMatchObject([
		{ tool: "python", state: "missing" },
		{ tool: "ruff", state: "missing", fix: "Run `python -m pip install ruff` in the project's environment." },
		{ tool: "pytest", state: "missing" },
		{ tool: "sandbox" },
	]);
	expect(await engine.checkSyntax("a.py", "def", never)).toBeNull();
});

test("F69: an interpreter without pytest and ruff", async () => {
	const root = temporaryWorkspace({ "test_a.py": GOOD_TEST });
	execFileSync(venvPython, ["-m", "venv", "--without-pip", join(root, ".venv")]);
	const report = await openEngine(root, { pythonPath: null, sandbox: "off" }, { PATH: "" }).probe(FULL, quiet, never);
	const fix = (name: string) => `Run \`python -m pip install ${name}\` in the project's environment.`;
	expect(report.pytest).toMatchObject({ status: "not-run", reason: "tool-missing", fix: fix("pytest") });
	expect(report.ruff).toMatchObject({ status: "not-run", reason: "tool-missing", fix: fix("ruff") });
});

test("A22: a ruff or python that lies in the workspace is not run", async () => {
	const evil = '#!/bin/sh\ntouch "$(dirname "$0")/../ran"\n';
	const root = temporaryWorkspace({ "bin/python3": evil, "bin/ruff": evil, "a.py": "x = 1\n" });
	for (const name of ["python3", "ruff"]) chmodSync(join(root, "bin", name), 0o755);
	await openEngine(root, { pythonPath: null, sandbox: "off" }, { PATH: `${join(root, "bin")}:bin:.` }).probe(
		FULL,
		quiet,
		never,
	);
	expect(existsSync(join(root, "ran"))).toBe(false);
});

test("no tests is a state", async () => {
	expect((await pytestOf({ "a.py": "x = 1\n" })).pytest).toMatchObject({ status: "not-run", reason: "no-tests" });
	expect((await pytestOf({ "test_a.py": "x = 1\n" })).pytest).toMatchObject({ status: "not-run", reason: "no-tests" });
});

test("errors of collection are findings, with the place where they struck", async () => {
	const { pytest } = await pytestOf({
		"lib.py": "def broken(:\n",
		"test_a.py": "import lib\n",
		"test_b.py": "import nowhere\n",
	});
	expect(pytest).toMatchObject({
		status: "findings",
		findings: [
			{ testId: "test_a.py", code: "error", line: 1, frame: { file: "lib.py", line: 1 } },
			{ testId: "test_b.py", code: "error", message: "ModuleNotFoundError: No module named 'nowhere'" },
		],
	});
});

test("code that stands in no file is no place: what the interpreter itself runs, and texts that are run", async () => {
	const collected = await pytestOf({ "lib.py": "x = 1\n", "test_a.py": "from lib import gone\n" });
	expect(collected.pytest).toMatchObject({ findings: [{ testId: "test_a.py", line: 1, frame: null }] });
	const { pytest } = await pytestOf({
		"test_b.py": "import ast\n\n\ndef test_text():\n    ast.literal_eval('a b')\n",
		"test_c.py": "def test_run():\n    exec('1 / 0')\n",
	});
	expect(pytest).toMatchObject({
		status: "findings",
		findings: [
			{ testId: "test_b.py::test_text", line: 5, frame: null },
			{ testId: "test_c.py::test_run", line: 2, frame: null },
		],
	});
});

test("a conftest.py that cannot be imported is a finding", async () => {
	const { pytest } = await pytestOf({ "conftest.py": "import lib\n", "lib.py": "x = (\n", "test_a.py": GOOD_TEST });
	expect(pytest).toMatchObject({
		status: "findings",
		findings: [{ testId: "conftest.py", code: "error", frame: { file: "lib.py" } }],
	});
});

test("F70: a pytest that crashes, and a configuration it does not take", async () => {
	const hook = "def pytest_collection_modifyitems():\n    raise RuntimeError('boom')\n";
	const crashed = await pytestOf({ "conftest.py": hook, "test_a.py": GOOD_TEST });
	expect(crashed.pytest).toMatchObject({ status: "not-run", reason: "crashed" });
	const config = await pytestOf({ "pytest.ini": "[pytest]\naddopts = --no-such-option\n", "test_a.py": GOOD_TEST });
	expect(config.pytest).toMatchObject({ status: "not-run", reason: "bad-config" });
});

test("A34: os._exit(0), collect-only and deselecting all are not passes", async () => {
	const fake = "import os\n\ndef test_a():\n    print('5 passed')\n    os._exit(0)\n";
	expect((await pytestOf({ "test_a.py": fake })).pytest).toMatchObject({ status: "not-run", reason: "crashed" });
	const collect = { "pytest.ini": "[pytest]\naddopts = --co\n", "test_a.py": GOOD_TEST };
	expect((await pytestOf(collect)).pytest).toMatchObject({ status: "not-run", reason: "bad-config" });
	const none = { "pytest.ini": "[pytest]\naddopts = -k nothing\n", "test_a.py": GOOD_TEST };
	expect((await pytestOf(none)).pytest).toMatchObject({ status: "not-run", reason: "no-tests" });
});

test.each(["off", "auto"] as const)(
	"F61 F62 F63: a test that hangs is ended with its children (sandbox %s)",
	async (sandbox) => {
		const hang = `import signal, subprocess, sys, time
def test_hang():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", ${JSON.stringify("MARK")}], start_new_session=True, cwd=".")
    time.sleep(600)
`;
		const mark = `hang-${process.pid}-${sandbox}`;
		const { pytest, root } = await pytestOf(
			{ "test_a.py": hang.replace("MARK", mark) },
			{ sandbox, pytestTimeoutMs: 1_500 },
		);
		expect(pytest).toMatchObject({ status: "not-run", reason: "timed-out" });
		// They were killed before the answer came; the kernel takes its time to remove them.
		await expect.poll(() => [...processesNaming(root), ...processesNaming(mark)], { timeout: 10_000 }).toEqual([]);
	},
);

test.each(["off", "auto"] as const)("F62: cancel ends everything (sandbox %s)", async (sandbox) => {
	const root = temporaryWorkspace({
		"test_a.py": "import time\n\ndef test_a():\n    open('ran', 'a').close()\n    time.sleep(600)\n",
	});
	const controller = new AbortController();
	const probing = openEngine(root, { sandbox, ruffEnabled: false }).probe(FULL, quiet, controller.signal);
	await expect.poll(() => existsSync(join(root, "ran")), { timeout: 20_000 }).toBe(true);
	controller.abort();
	await expect(probing).rejects.toMatchObject({ name: "AbortError" });
	await expect.poll(() => processesNaming(root), { timeout: 10_000 }).toEqual([]);
});

test("A37 F66: a flood of output is bounded and the tests still judged", async () => {
	const flood =
		"import os\n\ndef test_a(capfd):\n    with capfd.disabled():\n        for _ in range(300):\n            os.write(1, b'x' * 1_000_000)\n";
	const { pytest } = await pytestOf({ "test_a.py": flood }, { maxOutputBytes: 100_000 });
	expect(pytest).toMatchObject({ status: "clean", counts: { passed: 1 } });
});

test("F68: too many findings are cut, and that is said", async () => {
	const root = temporaryWorkspace({ "a.py": "import os\n".repeat(3_000) });
	const { ruff } = await openEngine(root).probe(FULL, quiet, never);
	expect(ruff).toMatchObject({ status: "findings", why: expect.stringContaining("too many findings") });
	if (ruff.status === "findings") expect(ruff.findings.length).toBe(2_000);
});

test("A21: files named like the tools do not take their place", async () => {
	const evil = "open('ran', 'w').close()\nraise SystemExit(0)\n";
	const names = ["pytest.py", "json.py", "ruff.py", "jetbox_reporter.py", "jetbox_worker.py", "ruff/__main__.py"];
	const files = Object.fromEntries(names.map((name) => [name, evil]));
	const { pytest, root } = await pytestOf({ ...files, "tests/test_a.py": GOOD_TEST }, { ruffEnabled: true });
	expect(pytest).toMatchObject({ status: "clean", counts: { passed: 1 } });
	expect(existsSync(join(root, "ran"))).toBe(false);
});

test("tests find nothing of what runs them among the loaded modules, nor where they import from", async () => {
	const look = `import importlib.util
import sys


def test_modules():
    assert [name for name in sys.modules if name.startswith("jetbox_")] == []
    assert importlib.util.find_spec("jetbox_recorder") is None
`;
	const { pytest } = await pytestOf({ "test_look.py": look }, { sandbox: "off" });
	expect(pytest).toMatchObject({ status: "clean", counts: { passed: 1 } });
});

test("A33: addopts cannot make pytest empty a folder", async () => {
	const outside = temporaryWorkspace({ "important.txt": "x" });
	await pytestOf({
		"pytest.ini": `[pytest]\naddopts = --basetemp=${outside}\n`,
		"test_a.py": "def test_a(tmp_path):\n    pass\n",
	});
	expect(existsSync(join(outside, "important.txt"))).toBe(true);
});

test("A29: configuration above the workspace has no say", async () => {
	const parent = temporaryWorkspace({
		"pytest.ini": "[pytest]\naddopts = --co\n",
		"ruff.toml": "lint.select = []\n",
		"conftest.py": "raise RuntimeError\n",
		"ws/test_a.py": `import os\n\n${GOOD_TEST}`,
	});
	const report = await openEngine(join(parent, "ws"), { sandbox: "off" }).probe(FULL, quiet, never);
	expect(report.pytest).toMatchObject({ status: "clean" });
	expect(report.ruff).toMatchObject({ status: "findings" });
});

test("A40: tests see an allowlisted environment only", async () => {
	const secret = {
		...process.env,
		GITHUB_TOKEN: "s3cret",
		SSH_AUTH_SOCK: "/x",
		PYTEST_ADDOPTS: "--co",
		PYTHONPATH: "/x",
	};
	const root = temporaryWorkspace({
		"test_a.py":
			"import os\n\ndef test_a():\n    assert not {'GITHUB_TOKEN', 'SSH_AUTH_SOCK', 'PYTHONPATH', 'PYTEST_ADDOPTS'} & set(os.environ)\n",
	});
	const report = await openEngine(root, {}, secret).probe(FULL, quiet, never);
	expect(report.pytest).toMatchObject({ status: "clean" });
});

test("a broken ruff configuration is said, never a pass", async () => {
	const root = temporaryWorkspace({ "a.py": "x = 1\n", "ruff.toml": "no-such-key = [" });
	expect((await openEngine(root).probe(FULL, quiet, never)).ruff).toMatchObject({
		status: "not-run",
		reason: "bad-config",
	});
});

test("syntax is checked without a file, columns in UTF-16", async () => {
	const engine = openEngine(temporaryWorkspace());
	expect(await engine.checkSyntax("a.py", "x = 1\n", never)).toBeNull();
	expect(await engine.checkSyntax("a.py", "x = 1\ndef f(:\n    pass\n", never)).toMatchObject({ line: 2, column: 7 });
	expect(await engine.checkSyntax("a.py", "s = '😀'; 1 1\n", never)).toMatchObject({ line: 1 });
	expect(await engine.checkSyntax("a.txt", "def", never)).toBeNull();
	expect(await engine.checkSyntax("a.py", "x = 1\0", never)).not.toBeNull();
});

test("what ruff calls unsafe is done where it is asked, and lines are formatted by the project's own rules", async () => {
	const root = temporaryWorkspace({ "pyproject.toml": "[tool.ruff]\nline-length = 40\nlint.select = ['E']\n" });
	const engine = openEngine(root);
	const fix = (text: string, formatted: readonly number[] = []) =>
		engine.fixLint({ file: "a.py", text, unsafe: true, formatted }, never);
	expect(await fix("def f(x):\n    return x == None\n")).toBe("def f(x):\n    return x is None\n");
	expect(await fix("def f():\n    g( ); h( )\n    g( )\n    if f: g()\n", [2, 4])).toBe(
		"def f():\n    g()\n    h()\n    g( )\n    if f:\n        g()\n",
	);
	expect(await fix("words = f('a long text', 'another long text')\n", [1])).toBe(
		'words = f(\n    "a long text", "another long text"\n)\n',
	);
	expect(await fix("x = 1\n", [7])).toBeNull();
	expect(await fix("def f(:\n    g(); h()\n", [2])).toBeNull();
	const off = openEngine(root, { unsafeFixes: false });
	expect(await off.fixLint({ file: "a.py", text: "f(x == None)\n", unsafe: true, formatted: [] }, never)).toBeNull();
});

test("safe fixes go by the project's own rules and place; what ruff is not to read, or cannot parse, stays", async () => {
	const root = temporaryWorkspace({
		"pyproject.toml":
			'[tool.ruff]\nexclude = ["old"]\nunsafe-fixes = true\n[tool.ruff.lint]\nselect = ["F401", "F841"]\n',
		"strict/ruff.toml": 'lint.select = ["I001"]\n',
	});
	const engine = openEngine(root);
	const asked = (file: string, text: string) => ({ file, text, unsafe: false, formatted: [] });
	const fix = (file: string, text: string) => engine.fixLint(asked(file, text), never);
	expect(await fix("a.py", "import os\r\nx = 'é'\r\n")).toBe("x = 'é'\r\n");
	// Removing a variable is a fix that ruff itself calls unsafe.
	expect(await fix("a.py", "def f():\n    x = 1\n")).toBeNull();
	expect(await fix("strict/a.py", "import sys\nimport os\n\nos.x = sys\n")).toBe(
		"import os\nimport sys\n\nos.x = sys\n",
	);
	expect(await fix("strict/a.py", "import os\n")).toBeNull();
	expect(await fix("old/a.py", "import os\n")).toBeNull();
	expect(await fix("a.py", "import os\ndef f(:\n")).toBeNull();
	expect(await fix("a.txt", "import os\n")).toBeNull();
	expect(await openEngine(root, { safeFixes: false }).fixLint(asked("a.py", "import os\n"), never)).toBeNull();
});

/** Every form of a run, held to the outcomes of plain pytest, and to leaving nothing behind. */
import { execFileSync } from "node:child_process";
import {
	appendFileSync,
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ProbeSettings } from "../../../../../src/core/probes/engine-messages.ts";
import type { WorkerForm } from "../../../../../src/core/probes/test-run.ts";
import type { TestRunRequest } from "../../../../../src/node/probes/tests/test-runner.ts";
import { processesNaming } from "../../../../fixtures/processes.ts";
import { openTestRunner, plainOutcomes } from "../../../../fixtures/test-runner.ts";
import { venvPython } from "../../../../fixtures/venv.ts";
import { projectWorkspace, temporaryWorkspace } from "../../../../fixtures/workspace.ts";

const never = new AbortController().signal;
const LIMIT = 60_000;

test.each<readonly [Partial<ProbeSettings>, readonly WorkerForm[]]>([
	[{ workers: "auto" }, ["spawned", "forked", "forked"]],
	[{ workers: "auto", sandbox: "on" }, ["spawned", "forked", "forked"]],
	[{ workers: "parked" }, ["spawned", "parked"]],
	[{ workers: "preloaded" }, ["spawned", "preloaded"]],
	[{ workers: "off" }, ["spawned"]],
])("%o: the outcomes of plain pytest, run after run", async (settings, forms) => {
	const root = projectWorkspace("tricky");
	const plain = plainOutcomes(root);
	expect(Object.keys(plain).length).toBeGreaterThan(50);
	const { tests, python } = await openTestRunner(root, settings);
	for (const form of forms) {
		const run = await tests.run({ python, files: null, timeoutMs: LIMIT }, never);
		expect(Object.fromEntries(run.outcomes)).toEqual(plain);
		expect(run).toMatchObject({ form, judgement: { status: "findings" } });
		await tests.settled();
		await tests.describe(python, never);
	}
});

const PASS = "def test_a():\n    pass\n";

/** A runner whose processes stand ready, as after a first run. */
async function openReady(files: Readonly<Record<string, string>>, settings: Partial<ProbeSettings> = {}) {
	const root = temporaryWorkspace(files);
	const { tests, python } = await openTestRunner(root, settings);
	const run = (more: Partial<TestRunRequest> = {}) =>
		tests.run({ python, files: null, timeoutMs: LIMIT, ...more }, never);
	await run();
	const state = await tests.describe(python, never);
	return { root, tests, python, run, detail: state.detail };
}

test("only chosen files run, and of them only what plain pytest would collect", async () => {
	const files = { "tests/test_a.py": PASS, "tests/test_b.py": PASS, "tests/helper.py": PASS, "build/test_c.py": PASS };
	const { run } = await openReady(files);
	const chosen = ["tests/test_b.py", "tests/helper.py", "build/test_c.py"];
	const { outcomes, form, complete } = await run({ files: chosen });
	expect([[...outcomes.keys()], form, complete]).toEqual([["tests/test_b.py::test_a"], "forked", true]);
});

const INI = (lines: string) => ({ "pytest.ini": `[pytest]\n${lines}\n` });
const SUITE = Object.fromEntries(
	[
		"test_top.py",
		"tests/test_a.py",
		"tests/unit/test_b.py",
		"tests/unit/test_c.py",
		"other/test_d.py",
		"other/deep/test_e.py",
	].map((file) => [file, PASS]),
);

test.each<{ how: string; files: Readonly<Record<string, string>>; link?: string }>([
	{ how: "as it comes", files: {} },
	{ how: "folders named", files: INI("testpaths = tests other") },
	{ how: "folders above and below each other", files: INI("addopts = tests/unit tests other/deep") },
	{ how: "files named", files: INI("testpaths = tests/unit/test_c.py test_top.py tests/test_a.py") },
	{ how: "packages", files: { "tests/__init__.py": "", "tests/unit/__init__.py": "", "other/__init__.py": "" } },
	{
		how: "a conftest.py that leaves some out",
		files: { "tests/conftest.py": "collect_ignore = ['unit/test_b.py']\n" },
	},
	{
		how: "a conftest.py whose hook looks at each",
		files: { "conftest.py": "def pytest_ignore_collect():\n    return None\n" },
	},
	{ how: "a folder that is a link", files: INI("testpaths = linked tests"), link: "linked" },
	{ how: "--keep-duplicates", files: INI("addopts = --keep-duplicates tests tests/unit") },
])("chosen files among others, $how: those run that plain pytest runs of them", async ({ files, link }) => {
	const { root, run } = await openReady({ ...SUITE, ...files });
	if (link !== undefined) symlinkSync("tests", join(root, link));
	const plain = plainOutcomes(root);
	const all = [...new Set(Object.keys(plain).map((id) => id.split("::", 1)[0] ?? id))];
	expect(all.length).toBeGreaterThan(2);
	for (const chosen of [...all.map((file) => [file]), all.slice(1), all, ["tests/test_a.py", "other/deep/test_e.py"]]) {
		const { outcomes } = await run({ files: chosen });
		const expected = Object.entries(plain).filter(([id]) => chosen.includes(id.split("::", 1)[0] ?? id));
		expect(Object.fromEntries(outcomes), chosen.join(" ")).toEqual(Object.fromEntries(expected));
	}
});

test("where pytest itself loads the workspace, each run gets a new interpreter", async () => {
	const root = temporaryWorkspace({
		"test_a.py": "import iniconfig\n\n\ndef test_a():\n    assert not hasattr(iniconfig, 'BROKEN')\n",
	});
	const python = environmentLoading(join(root, "src"));
	const packages = packagesOf(venvPython);
	cpSync(join(packages, "iniconfig"), join(root, "src/iniconfig"), { recursive: true });
	const { tests, python: info } = await openTestRunner(root, { pythonPath: python });
	const run = () => tests.run({ python: info, files: null, timeoutMs: LIMIT }, never);
	expect(await run()).toMatchObject({ form: "spawned", judgement: { status: "clean" } });
	await tests.settled();
	await tests.describe(info, never);
	appendFileSync(join(root, "src/iniconfig/__init__.py"), "\nBROKEN = True\n");
	tests.changed([{ path: "src/iniconfig/__init__.py", kind: "modified" }]);
	const { judgement, form, why } = await run();
	expect([judgement.status, form]).toEqual(["findings", "spawned"]);
	expect(why).toContain("pytest itself loads src/iniconfig/");
});

/** Of a virtual environment that finds a folder's modules first, then the packages of the tests' interpreter. */
function environmentLoading(folder: string): string {
	const environment = temporaryWorkspace({});
	execFileSync(venvPython, ["-m", "venv", "--without-pip", environment]);
	const python = join(environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
	const packages = packagesOf(python);
	writeFileSync(join(packages, "workspace.pth"), [folder, packagesOf(venvPython), ""].join("\n"));
	return python;
}

function packagesOf(python: string): string {
	const code = "import sysconfig; print(sysconfig.get_path('purelib'))";
	return execFileSync(python, ["-c", code], { encoding: "utf8" }).trim();
}

test("12 same-size edits at once: each is judged by its own text", async () => {
	const { root, tests, run } = await openReady({
		"v.py": "V = 0\n",
		"test_v.py": "from v import V\n\ndef test_v():\n    assert V == 1\n",
	});
	const seen: string[] = [];
	for (let edit = 0; edit < 12; edit++) {
		writeFileSync(join(root, "v.py"), `V = ${edit % 2}\n`);
		tests.changed([{ path: "v.py", kind: "modified" }]);
		seen.push((await run()).judgement.status);
	}
	expect(seen).toEqual(Array.from({ length: 6 }, () => ["findings", "clean"]).flat());
});

test.each([true, false])("a conftest.py that changes is never run in its old text (told: %s)", async (told) => {
	const { root, tests, run } = await openReady({
		"conftest.py": "import lib\nimport pytest\n\n@pytest.fixture\ndef value():\n    return lib.VALUE\n",
		"lib.py": "VALUE = 1\n",
		"test_a.py": "def test_a(value):\n    assert value == 1\n",
	});
	expect(await run()).toMatchObject({ form: "forked", judgement: { status: "clean" } });
	writeFileSync(join(root, "lib.py"), "VALUE = 2\n");
	if (told) tests.changed([{ path: "lib.py", kind: "modified" }]);
	const { judgement, form, why } = await run();
	expect(judgement.status).toBe("findings");
	expect([form === "forked", why === ""]).toEqual([false, false]);
	await tests.settled();
	await expect.poll(async () => (await run()).form, { timeout: 20_000 }).toBe("forked");
});

test.each([
	[
		"pytest_configure of a conftest.py",
		{ "conftest.py": "def pytest_configure(config):\n    config.seen = 1\n" },
		"parked-early",
	],
	["a conftest.py that writes", { "conftest.py": "open('made', 'w').close()\n" }, "preloaded"],
	[
		"a conftest.py that starts a process",
		{ "conftest.py": "import subprocess\nsubprocess.run(['true'])\n" },
		"preloaded",
	],
	[
		"a conftest.py that starts a thread",
		{ "conftest.py": "import threading, time\nthreading.Thread(target=time.sleep, args=(99,), daemon=True).start()\n" },
		"parked",
	],
	["a conftest.py with an exit handler", { "conftest.py": "import atexit\natexit.register(print)\n" }, "parked"],
	["a conftest.py with a temporary folder", { "conftest.py": "import tempfile\ntempfile.mkdtemp()\n" }, "parked"],
	["the debugger in addopts", { "pytest.ini": "[pytest]\naddopts = --pdb\n" }, "spawned"],
] as const)("the form follows the project: %s", async (_, files, form) => {
	const { run, detail } = await openReady({ "test_a.py": PASS, ...files });
	const again = await run();
	expect(again).toMatchObject({ form, judgement: { status: "clean" } });
	expect(again.why).not.toBe("");
	expect(detail).toContain(again.why);
});

test("a test that ends its process is judged by a new interpreter, and the ready one keeps its standing", async () => {
	const { run, tests } = await openReady({ "test_a.py": "import os\n\ndef test_a():\n    os._exit(0)\n" });
	for (let time = 0; time < 3; time++) {
		expect(await run()).toMatchObject({ form: "spawned", judgement: { status: "not-run", reason: "crashed" } });
		await tests.settled();
	}
	expect((await run()).why).toContain("ended before its verdict");
});

test("F61: a hang costs one run; the next one is checked in a new interpreter, and nothing is left", async () => {
	const hang =
		"import re, os\n\ndef test_a():\n    if os.path.exists('hang'):\n        re.match('(a+)+$', 'a' * 40 + 'b')\n";
	const { root, run, tests } = await openReady({ "test_a.py": hang });
	writeFileSync(join(root, "hang"), "");
	expect(await run({ timeoutMs: 1_000 })).toMatchObject({ form: "forked", judgement: { reason: "timed-out" } });
	rmSync(join(root, "hang"));
	expect(await run()).toMatchObject({ form: "spawned", judgement: { status: "clean" } });
	await tests.settled();
	expect(await run()).toMatchObject({ form: "forked", judgement: { status: "clean" } });
});

test("F14 F62: cancel ends a copy and its children, however they moved, and leaves the ready process", async () => {
	const mark = `cancel-${process.pid}`;
	const { root, tests, python, run } = await openReady({ "test_a.py": PASS });
	writeFileSync(
		join(root, "test_a.py"),
		`import signal, subprocess, sys, time\n\ndef test_a():\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "${mark}"], start_new_session=True)\n    open("ran", "w").close()\n    time.sleep(600)\n`,
	);
	tests.changed([{ path: "test_a.py", kind: "modified" }]);
	const controller = new AbortController();
	const running = tests.run({ python, files: null, timeoutMs: LIMIT }, controller.signal);
	await expect.poll(() => existsSync(join(root, "ran")), { timeout: 20_000 }).toBe(true);
	controller.abort();
	await expect(running).rejects.toMatchObject({ name: "AbortError" });
	await tests.settled();
	expect(processesNaming(mark)).toEqual([]);
	writeFileSync(join(root, "test_a.py"), PASS);
	tests.changed([{ path: "test_a.py", kind: "modified" }]);
	expect(await run()).toMatchObject({ form: "forked", judgement: { status: "clean" } });
});

test("memory has a limit, and that is said", async () => {
	const eats = "def test_a():\n    assert bytearray(900 * 1024 * 1024)\n";
	const { run } = await openReady({ "test_a.py": eats }, { memoryLimitMb: 600 });
	const { judgement } = await run();
	expect(judgement).toMatchObject({
		status: "findings",
		findings: [{ message: "MemoryError (the tests may use 600 MB: jetbox.probe.memoryLimit)" }],
	});
});

test("what the last run loaded from the environment stands loaded in what is ready for the next", async () => {
	const modules = ["asyncio", "http.server", "sqlite3", "unittest.mock", "xml.dom.minidom"];
	const { root, tests, python, run } = await openReady({
		"test_a.py": `import ${modules.join(", ")}\n\ndef test_a():\n    assert sqlite3.sqlite_version\n`,
	});
	await tests.settled();
	await tests.describe(python, never);
	// An extension module shows in a process's memory map.
	const ready = readdirSync("/proc").filter(
		(pid) => /^\d+$/.test(pid) && isAt(pid, root) && hasMapped(pid, "_sqlite3"),
	);
	expect(ready.length).toBeGreaterThan(0);
	expect(await run()).toMatchObject({ form: "forked", judgement: { status: "clean" } });
});

function isAt(pid: string, folder: string): boolean {
	try {
		return readlinkSync(`/proc/${pid}/cwd`) === folder;
	} catch {
		return false;
	}
}

function hasMapped(pid: string, library: string): boolean {
	try {
		return readFileSync(`/proc/${pid}/maps`, "utf8").includes(library);
	} catch {
		return false;
	}
}

test("what tests read and start is seen, under every file that had a hand in it", async () => {
	const { run } = await openReady({
		"data/rates.json": "{}",
		"lib.py":
			"from pathlib import Path\n\ndef rates():\n    return Path('data/rates.json').read_text()\n\nCOUNT = len(list(Path('data').iterdir()))\n",
		"late.py": "X = 1\n",
		"test_reads.py": "import lib\n\ndef test_a():\n    lib.rates()\n",
		"test_starts.py":
			"import importlib, os, socket, subprocess, sys\n\ndef test_starts():\n    subprocess.run([sys.executable, '-c', ''])\n\ndef test_env():\n    os.environ.get('HOME')\n\ndef test_exec():\n    exec('1')\n\ndef test_import():\n    importlib.import_module('late')\n\ndef test_net():\n    try:\n        socket.create_connection(('127.0.0.1', 9))\n    except OSError:\n        pass\n",
		"test_writes.py":
			"import os, sqlite3\n\ndef test_writes():\n    open('data/new.txt', 'w').close()\n    os.replace('data/new.txt', 'data/moved.txt')\n    os.rename('data/moved.txt', 'data/gone.txt')\n    os.remove('data/gone.txt')\n    sqlite3.connect('data/seen.db').close()\n",
		"test_plain.py": PASS,
	});
	const { observed, form } = await run();
	expect(form).toBe("forked");
	expect(observed?.get("lib.py")?.reads).toEqual(["data/", "data/rates.json"]);
	expect(observed?.get("test_reads.py")).toEqual({ reads: ["data/", "data/rates.json"], unfollowed: [], writes: [] });
	expect(observed?.get("test_starts.py")).toEqual({
		reads: ["late.py"],
		unfollowed: ["subprocess", "exec", "environment", "network", "named-import"],
		writes: [],
	});
	expect(observed?.get("test_writes.py")?.writes).toEqual([
		"data/gone.txt",
		"data/moved.txt",
		"data/new.txt",
		"data/seen.db",
	]);
	expect(observed?.has("test_plain.py")).toBe(false);
});

test("a folder for temporary files that is none any more costs no verdict, and is said where a run needs it", async () => {
	const temporary = temporaryWorkspace();
	const root = temporaryWorkspace({
		"test_a.py": `import os\nimport shutil\n\n\ndef test_a():\n    if os.path.exists("removes"):\n        shutil.rmtree("${temporary}")\n        open("${temporary}", "w").close()\n`,
		removes: "",
	});
	const before = process.env["TMPDIR"];
	onTestFinished(() => {
		if (before === undefined) delete process.env["TMPDIR"];
		else process.env["TMPDIR"] = before;
	});
	process.env["TMPDIR"] = temporary;
	const { tests, python } = await openTestRunner(root);
	const run = () => tests.run({ python, files: null, timeoutMs: LIMIT }, never);
	expect(await run()).toMatchObject({ judgement: { status: "clean" } });
	await tests.settled();
	const problem = `no temporary folder could be made in ${temporary} (ENOTDIR: not a directory)`;
	expect((await tests.describe(python, never)).detail).toContain(problem);
	tests.changed([{ path: "notes.txt", kind: "created" }]);
	expect(await run()).toMatchObject({
		judgement: {
			status: "not-run",
			reason: "tool-missing",
			message: problem,
			fix: "Make room there, or set TMPDIR to a folder that can be written.",
		},
	});
	// Another one starts there all the same.
	await openTestRunner(root);
	rmSync(temporary);
	mkdirSync(temporary);
	rmSync(join(root, "removes"));
	tests.changed([{ path: "removes", kind: "deleted" }]);
	await expect.poll(async () => (await run()).form, { timeout: 20_000 }).toBe("forked");
	expect(await run()).toMatchObject({ judgement: { status: "clean" } });
});

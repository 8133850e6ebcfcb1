/** What happens to a workspace and its interpreter between two probes: the next verdict is that of plain pytest, or says why there is none. */
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ProbeScope, WorkspaceReport } from "../../../../src/core/probes/report.ts";
import { openEngine } from "../../../fixtures/probe-engine.ts";
import { processesIn } from "../../../fixtures/processes.ts";
import { plainOutcomes } from "../../../fixtures/test-runner.ts";
import { venvPython } from "../../../fixtures/venv.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const SHOP = {
	"shop.py": "RATE = 2\n\n\ndef price(value):\n    return value * RATE\n",
	"tests/test_shop.py": "from shop import price\n\n\ndef test_price():\n    assert price(2) == 4\n",
	"tests/test_other.py": "def test_other():\n    assert True\n",
	"tests/test_third.py": "def test_third():\n    assert True\n",
	"conftest.py": "",
};

function opened(files: Readonly<Record<string, string>>, python = venvPython) {
	const root = temporaryWorkspace(files);
	const engine = openEngine(root, { sandbox: "off", pythonPath: python.startsWith("/") ? python : join(root, python) });
	return {
		root,
		at: (path: string) => join(root, path),
		probe: (scope: ProbeScope = "affected"): Promise<WorkspaceReport> =>
			engine.probe({ scope, fresh: false }, () => undefined, new AbortController().signal),
		/** Ends the engine; nothing of it may be left. */
		async end() {
			engine.dispose();
			await expect.poll(() => processesIn(root), { timeout: 10_000 }).toEqual([]);
		},
	};
}

/** As plain pytest would be told of it: which tests fail. */
function failing({ pytest }: WorkspaceReport): readonly string[] {
	return pytest.status === "not-run" ? [`not run: ${pytest.reason}`] : pytest.findings.map(({ testId }) => testId);
}

function failingPlainly(root: string): readonly string[] {
	return Object.entries(plainOutcomes(root))
		.filter(([, outcome]) => outcome === "failed" || outcome === "error")
		.map(([id]) => id);
}

test("the whole tests folder deleted: no tests, which is no green; and back again", async () => {
	const { at, probe, end } = opened(SHOP);
	expect(failing(await probe("full"))).toEqual([]);
	renameSync(at("tests"), `${at("tests")}-away`);
	const moved = await probe();
	expect(moved.changedFiles).toContain("tests/test_shop.py");
	expect(moved.pytest).toMatchObject({ status: "clean", counts: { passed: 3 } });
	expect(moved.pytest.why).toContain("gone: tests/test_");
	rmSync(at("tests-away"), { recursive: true });
	for (const scope of ["affected", "full"] as const) {
		expect((await probe(scope)).pytest, scope).toMatchObject({ status: "not-run", reason: "no-tests" });
	}
	mkdirSync(at("tests"));
	writeFileSync(at("tests/test_shop.py"), SHOP["tests/test_shop.py"].replace("== 4", "== 5"));
	expect(failing(await probe())).toEqual(["tests/test_shop.py::test_price"]);
	await end();
});

test("an edit of the same size whose time is put back", async () => {
	const { at, probe, end } = opened(SHOP);
	const longAgo = 1_600_000_000;
	utimesSync(at("shop.py"), longAgo, longAgo);
	expect(failing(await probe("full"))).toEqual([]);
	writeFileSync(at("shop.py"), SHOP["shop.py"].replace("RATE = 2", "RATE = 3"));
	utimesSync(at("shop.py"), longAgo, longAgo);
	expect(lstatSync(at("shop.py")).mtimeMs).toBe(longAgo * 1_000);
	for (const scope of ["affected", "full"] as const) {
		expect(failing(await probe(scope)), scope).toEqual(["tests/test_shop.py::test_price"]);
	}
	await end();
});

test("a checkout of another branch that changes 500 files at once, and back", async () => {
	const count = 500;
	const texts = (value: number) =>
		Object.fromEntries(
			Array.from({ length: count }, (_, index) => [`parts/p${index}.py`, `X = ${index % 50 === 0 ? value : 1}\n`]),
		);
	const tests = Array.from({ length: count / 50 }, (_, index) => [
		`tests/test_${index}.py`,
		`from parts import p${index * 50}, p${index * 50 + 1}\n\n\ndef test_x():\n    assert p${index * 50}.X + p${index * 50 + 1}.X == 2\n`,
	]);
	const { root, at, probe, end } = opened({ ...texts(1), ...Object.fromEntries(tests), "conftest.py": "" });
	const git = (...args: readonly string[]) =>
		execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.invalid", ...args], { cwd: root });
	git("init", "-q", "-b", "one");
	git("add", ".");
	git("commit", "-qm", "one");
	git("checkout", "-qb", "two");
	for (const [path, text] of Object.entries(texts(2))) writeFileSync(at(path), `${text}# two\n`);
	git("commit", "-qam", "two");
	git("checkout", "-q", "one");
	expect(failing(await probe("full"))).toEqual([]);
	git("checkout", "-q", "two");
	const switched = await probe();
	expect(switched.changedFiles).toHaveLength(count);
	expect([...failing(switched)].sort()).toEqual([...failingPlainly(root)].sort());
	expect(failing(switched)).toHaveLength(tests.length);
	git("checkout", "-q", "one");
	expect(await probe("full")).toMatchObject({ pytest: { status: "clean", cache: "hit" }, ruff: { cache: "hit" } });
	await end();
});

test("names that differ in case only: a module, a package and a test file", async () => {
	const { root, at, probe, end } = opened({
		...SHOP,
		"pack/__init__.py": "",
		"pack/part.py": "X = 1\n",
		"tests/test_pack.py": "from pack.part import X\n\n\ndef test_pack():\n    assert X == 1\n",
	});
	expect(failing(await probe("full"))).toEqual([]);
	for (const [from, to] of [
		["shop.py", "Shop.py"],
		["pack", "Pack"],
		["tests/test_other.py", "tests/Test_other.py"],
	] as const) {
		renameSync(at(from), at(to));
		expect([...failing(await probe())].sort(), to).toEqual([...failingPlainly(root)].sort());
		renameSync(at(to), at(from));
		expect(failing(await probe()), from).toEqual([]);
	}
	await end();
});

test("a configuration that stops at the first failure: the affected tests show it all the same", async () => {
	const { at, probe, end } = opened({
		...SHOP,
		"pytest.ini": "[pytest]\naddopts = -x\n",
		"tests/test_shop.py": `${SHOP["tests/test_shop.py"]}\n\ndef test_more():\n    assert True\n`,
	});
	expect(failing(await probe("full"))).toEqual([]);
	writeFileSync(at("shop.py"), SHOP["shop.py"].replace("RATE = 2", "RATE = 3"));
	expect(failing(await probe())).toEqual(["tests/test_shop.py::test_price"]);
	await end();
});

/** A virtual environment of the workspace's own, which finds pytest and ruff in the prepared one. */
function makeEnvironment(root: string): string {
	execFileSync(venvPython, ["-m", "venv", "--without-pip", join(root, ".venv")]);
	const site = siteOf(join(root, ".venv"));
	writeFileSync(join(site, "prepared.pth"), `${siteOf(join(venvPython, "../.."))}\n`);
	return site;
}

function siteOf(environment: string): string {
	const lib = join(environment, "lib");
	const [version] = readdirSync(lib);
	if (version === undefined) throw new Error(`${lib} is empty.`);
	return join(lib, version, "site-packages");
}

/** A wheel of one module, as an index would hand it out. */
function wheelOf(root: string, version: string): string {
	const wheel = join(root, `thing-${version}-py3-none-any.whl`);
	const script = `
import sys, zipfile
path, version = sys.argv[1:]
info = f"thing-{version}.dist-info"
files = {
    "thing.py": f"VERSION = {version!r}\\n",
    f"{info}/METADATA": f"Metadata-Version: 2.1\\nName: thing\\nVersion: {version}\\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
}
record = f"{info}/RECORD"
files[record] = "".join(f"{name},,\\n" for name in [*files, record])
with zipfile.ZipFile(path, "w") as archive:
    for name, text in files.items():
        archive.writestr(name, text)
`;
	execFileSync(venvPython, ["-c", script, wheel, version]);
	return wheel;
}

const THING_TEST = {
	"test_thing.py": "import thing\n\n\ndef test_version():\n    assert thing.VERSION == '1.0'\n",
	"test_a.py": "def test_a():\n    assert True\n",
	"test_b.py": "def test_b():\n    assert True\n",
};

test("a package of the environment upgraded, downgraded and removed by pip", async () => {
	const { root, at, probe, end } = opened(THING_TEST, ".venv/bin/python");
	makeEnvironment(root);
	const wheels = temporaryWorkspace();
	const pip = (...args: readonly string[]) =>
		execFileSync(
			venvPython,
			["-m", "pip", "--python", at(".venv/bin/python"), "--disable-pip-version-check", "-q", ...args],
			{ env: { ...process.env, PIP_ROOT_USER_ACTION: "ignore" } },
		);
	const install = (version: string) => pip("install", "--no-index", "--no-deps", "-U", wheelOf(wheels, version));
	const broken = ["test_thing.py::test_version"];
	install("1.0");
	expect(failing(await probe("full"))).toEqual([]);
	install("2.0");
	const upgraded = await probe();
	expect(failing(upgraded)).toEqual(broken);
	expect(upgraded.pytest.why).toContain("packages changed");
	pip("install", "--no-index", "--no-deps", wheelOf(wheels, "1.0"));
	expect(failing(await probe())).toEqual([]);
	pip("uninstall", "-y", "thing");
	expect(failing(await probe())).toEqual(["test_thing.py"]);
	await end();
}, 120_000);

test("an environment that is removed, and one that comes back, while the engine stands ready", async () => {
	const { root, at, probe, end } = opened(THING_TEST, ".venv/bin/python");
	writeFileSync(join(makeEnvironment(root), "thing.py"), "VERSION = '1.0'\n");
	expect(failing(await probe("full"))).toEqual([]);
	rmSync(at(".venv"), { recursive: true });
	for (const scope of ["affected", "full"] as const) {
		const { pytest } = await probe(scope);
		expect(pytest, scope).toMatchObject({ status: "not-run", reason: "no-python" });
		expect(pytest.status === "not-run" && pytest.fix).not.toBe("");
	}
	expect(existsSync(at(".venv"))).toBe(false);
	writeFileSync(join(makeEnvironment(root), "thing.py"), "VERSION = '2.0'\n");
	expect(failing(await probe())).toEqual(["test_thing.py::test_version"]);
	await end();
}, 60_000);

test.each(["sys.exit(1)", "raise KeyboardInterrupt"])(
	"%s as a module is imported is no empty suite: mended, all tests run",
	async (ends) => {
		const { at, probe, end } = opened({
			"main.py": `import sys\n\n\ndef main():\n    return 1\n\n\n${ends}\n`,
			"test_main.py": "from main import main\n\n\ndef test_main():\n    assert main() == 1\n",
		});
		expect((await probe("full")).pytest).toMatchObject({ status: "not-run", reason: "crashed" });
		writeFileSync(at("main.py"), "def main():\n    return 1\n");
		expect((await probe()).pytest).toMatchObject({ status: "clean", scope: "full", counts: { passed: 1 } });
		writeFileSync(at("main.py"), `import sys\n\n\ndef main():\n    return 1\n\n\n${ends}\n`);
		expect((await probe()).pytest).toMatchObject({ status: "not-run", reason: "crashed" });
		writeFileSync(at("main.py"), "def main():\n    return 2\n");
		expect(failing(await probe())).toEqual(["test_main.py::test_main"]);
		await end();
	},
);

/** Waves A and B: what the first one cannot judge, the second one does not hide. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ProbeProgress } from "../../../../src/core/ports.ts";
import { openEngine } from "../../../fixtures/probe-engine.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const never = new AbortController().signal;
const AFFECTED = { scope: "affected", fresh: false } as const;
const quiet = () => undefined;

/** One test file imports `base` itself, three do by way of `middle`, six do not. */
const PROJECT = {
	"base.py": "SLEEP = 0\n",
	"middle.py": "import base\n\nX = base.SLEEP\n",
	"other.py": "X = 1\n",
	"test_direct.py": "import time\n\nimport base\n\n\ndef test_direct():\n    time.sleep(base.SLEEP)\n",
	...Object.fromEntries(
		["a", "b", "c"].map((name) => [`test_${name}.py`, `import middle\n\n\ndef test_${name}():\n    assert middle\n`]),
	),
	...Object.fromEntries(
		["d", "e", "f", "g", "h", "i"].map((name) => [
			`test_${name}.py`,
			`import other\n\n\ndef test_${name}():\n    assert other.X == 1\n`,
		]),
	),
};

test("tests that hang in wave A are not run, whatever wave B says", async () => {
	const root = temporaryWorkspace(PROJECT);
	const engine = openEngine(root, { sandbox: "off", ruffEnabled: false, pytestTimeoutMs: 5_000 });
	const edit = (seconds: number) => writeFileSync(join(root, "base.py"), `SLEEP = ${seconds}\n`);
	expect((await engine.probe({ ...AFFECTED, scope: "full" }, quiet, never)).pytest).toMatchObject({ status: "clean" });
	edit(600);
	expect((await engine.probe(AFFECTED, quiet, never)).pytest).toMatchObject({
		status: "not-run",
		reason: "timed-out",
		wave: "A",
	});
	edit(0.01);
	expect((await engine.probe(AFFECTED, quiet, never)).pytest).toMatchObject({ status: "clean", wave: "B" });
});

test("the first test that fails is told while the others still run", async () => {
	const heard = join(temporaryWorkspace({}), "heard.txt");
	const root = temporaryWorkspace({
		"base.py": "X = 1\n",
		"test_base.py": [
			"import pathlib, time",
			`import base\nHEARD = ${JSON.stringify(heard)}`,
			"def test_first():\n    assert base.X == 1",
			"def test_second():\n    assert base.X == 1",
			// Waits for whoever hears of the first.
			"def test_third():",
			"    limit = time.monotonic() + 30",
			"    while base.X != 1 and not pathlib.Path(HEARD).exists():",
			"        assert time.monotonic() < limit, 'nobody has heard'",
			"        time.sleep(0.01)",
			"",
		].join("\n"),
	});
	const engine = openEngine(root, { sandbox: "off", ruffEnabled: false });
	await engine.probe({ ...AFFECTED, scope: "full" }, quiet, never);
	writeFileSync(join(root, "base.py"), "X = 2\n");
	const told: ProbeProgress[] = [];
	const { pytest } = await engine.probe(
		AFFECTED,
		(progress) => {
			told.push(progress);
			if (progress.kind === "failing") writeFileSync(heard, "");
		},
		never,
	);
	expect(pytest).toMatchObject({ status: "findings", counts: { passed: 1, failed: 2 } });
	expect(told.filter(({ kind }) => kind === "failing")).toMatchObject([
		{ finding: { testId: "test_base.py::test_first", line: 5, message: expect.stringContaining("assert 2 == 1") } },
	]);
});

test("of tests beside the model no single failure is told: they may be starved", async () => {
	const root = temporaryWorkspace({ "test_a.py": "def test_a():\n    assert False\n" });
	const engine = openEngine(root, { sandbox: "off", ruffEnabled: false });
	const kinds = new Set<string>();
	const request = { scope: "full", fresh: true, background: true } as const;
	const { pytest } = await engine.probe(request, ({ kind }) => void kinds.add(kind), never);
	expect(pytest).toMatchObject({ status: "findings" });
	expect([...kinds].sort()).toEqual(["finished", "started"]);
});

test.each([
	["an expected failure", "@pytest.mark.xfail\ndef test_a():\n    assert False\n", ""],
	[
		"unittest's skip",
		"import unittest\n\nclass Skip(unittest.SkipTest):\n    pass\n\ndef test_a():\n    raise Skip('no')\n",
		"",
	],
	["a skip", "def test_a():\n    pytest.skip('no')\n", ""],
	[
		"a failure of which a plugin makes a pass",
		"def test_a():\n    assert False\n",
		"import pytest\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport():\n    outcome = yield\n    outcome.get_result().outcome = 'passed'\n",
	],
])("%s is not told as a test that fails", async (_, text, conftest) => {
	const root = temporaryWorkspace({ "test_a.py": `import pytest\n\n${text}`, "conftest.py": conftest });
	const engine = openEngine(root, { sandbox: "off", ruffEnabled: false });
	const kinds = new Set<string>();
	const { pytest } = await engine.probe({ ...AFFECTED, scope: "full" }, ({ kind }) => void kinds.add(kind), never);
	expect(pytest).toMatchObject({ status: "clean" });
	expect([...kinds].sort()).toEqual(["finished", "started"]);
});

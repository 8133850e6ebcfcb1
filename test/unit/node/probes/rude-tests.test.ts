/** Tests that do to their process what no test should: the others are judged all the same, in time, and nothing stays. */
import { expect, test } from "vitest";
import type { ProbeSettings } from "../../../../src/core/probes/engine-messages.ts";
import { openEngine } from "../../../fixtures/probe-engine.ts";
import { processesIn } from "../../../fixtures/processes.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const never = new AbortController().signal;
const AFTER = "\n\ndef test_after():\n    assert True\n\n\ndef test_after_failing():\n    assert 1 == 2\n";

async function probed(text: string, settings: Partial<ProbeSettings> = {}) {
	const root = temporaryWorkspace({ "test_rude.py": `${text}${AFTER}` });
	const engine = openEngine(root, { sandbox: "off", ruffEnabled: false, ...settings });
	const probe = async () => (await engine.probe({ scope: "full", fresh: true }, () => undefined, never)).pytest;
	return { root, engine, probe };
}

test.each([
	["closes the standard output and error", "import os\n\n\ndef test_rude():\n    os.close(1)\n    os.close(2)\n"],
	["leaves another working folder behind", "import os\n\n\ndef test_rude(tmp_path):\n    os.chdir(tmp_path)\n"],
	[
		"leaves a thread behind",
		"import threading\nimport time\n\n\ndef test_rude():\n    threading.Thread(target=time.sleep, args=(60,)).start()\n",
	],
	[
		"forks, and the child goes on as pytest",
		"import os\n\n\ndef test_rude():\n    child = os.fork()\n    if child:\n        os.waitpid(child, 0)\n",
	],
	[
		"removes its working folder from under itself",
		"import os\nimport shutil\n\n\ndef test_rude(tmp_path):\n    os.chdir(tmp_path)\n    shutil.rmtree(tmp_path)\n",
	],
])("a test that %s", async (_what, text) => {
	const { root, engine, probe } = await probed(text);
	// The first run has a new interpreter, the second one that stood ready.
	for (const run of ["first", "second"]) {
		expect(await probe(), run).toMatchObject({
			status: "findings",
			counts: { passed: 2, failed: 1, errors: 0 },
			findings: [{ testId: "test_rude.py::test_after_failing" }],
		});
	}
	engine.dispose();
	await expect.poll(() => processesIn(root), { timeout: 10_000 }).toEqual([]);
});

test("a test that hangs in C, with the interpreter's lock held, is ended in time", async () => {
	const text = "import ctypes\n\n\ndef test_rude():\n    ctypes.PyDLL(None).sleep(600)\n";
	const { root, engine, probe } = await probed(text, { pytestTimeoutMs: 3_000 });
	expect(await probe()).toMatchObject({ status: "not-run", reason: "timed-out" });
	engine.dispose();
	await expect.poll(() => processesIn(root), { timeout: 10_000 }).toEqual([]);
});

test("a test that takes away or replaces what the watching needs is judged, with its place", async () => {
	const text = `import builtins
import json
import os
import sys

import probed


def test_rude(monkeypatch):
    monkeypatch.delattr(sys, "_getframe")
    os.environ.get("HOME")
    monkeypatch.setattr(os.path, "exists", lambda path: True)
    monkeypatch.setattr(os, "write", lambda *args: None)
    monkeypatch.setattr(os, "getpid", lambda: 1)
    monkeypatch.setattr(json, "dumps", lambda *args, **options: "{}")
    monkeypatch.setattr(builtins, "open", lambda *args, **options: None)
    probed.fail()
`;
	const root = temporaryWorkspace({
		"test_rude.py": `${text}${AFTER}`,
		"probed.py": "def fail():\n    raise KeyError('gone')\n",
	});
	const engine = openEngine(root, { sandbox: "off", ruffEnabled: false });
	for (const run of ["first", "second"]) {
		expect((await engine.probe({ scope: "full", fresh: true }, () => undefined, never)).pytest, run).toMatchObject({
			status: "findings",
			counts: { passed: 1, failed: 2, errors: 0 },
			findings: [
				{ testId: "test_rude.py::test_rude", line: 17, frame: { file: "probed.py", line: 2, functionName: "fail" } },
				{ testId: "test_rude.py::test_after_failing" },
			],
		});
	}
});

test("where a test ends its process, it is told how far the tests came, also of such as ended at once", async () => {
	const text =
		"import os\n\n\ndef test_a():\n    pass\n\n\ndef test_b():\n    pass\n\n\ndef test_rude():\n    os._exit(0)\n";
	const { probe } = await probed(text);
	for (const run of ["first", "second"]) {
		expect(await probe(), run).toMatchObject({
			status: "not-run",
			reason: "crashed",
			message: expect.stringContaining("(2 of 5 tests)"),
		});
	}
});

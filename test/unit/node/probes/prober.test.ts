import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ProbeProgress } from "../../../../src/core/ports.ts";
import { openEngine } from "../../../fixtures/probe-engine.ts";
import { projectWorkspace, removeBusy, temporaryWorkspace } from "../../../fixtures/workspace.ts";

const FULL = { scope: "full", fresh: false } as const;
const AFFECTED = { scope: "affected", fresh: false } as const;
const never = new AbortController().signal;
const quiet = () => undefined;

test.each(["off", "auto"] as const)("judges a real project (sandbox %s)", async (sandbox) => {
	const progress: ProbeProgress[] = [];
	const report = await openEngine(projectWorkspace("calc"), { sandbox }).probe(FULL, (p) => progress.push(p), never);
	expect(report.pytest).toMatchObject({
		status: "findings",
		cache: "miss",
		why: "first probe; no process stands ready yet",
		scope: "full",
		counts: { passed: 2, failed: 2, skipped: 2, errors: 0 },
		findings: [
			{ testId: "tests/test_calc.py::test_divide", file: "tests/test_calc.py", line: 7, column: 5, frame: null },
			{ testId: "tests/test_calc.py::test_mean", line: 11 },
		],
	});
	expect(report.ruff).toMatchObject({ status: "findings", findings: [{ file: "calc.py", line: 1, code: "F401" }] });
	expect(progress.map((p) => p.kind).sort()).toEqual(["failing", "finished", "finished", "started", "started"]);
});

test("unchanged content is a hit, an edit is a miss, and undoing it a hit again", async () => {
	const root = projectWorkspace("calc");
	const engine = openEngine(root);
	const first = await engine.probe(FULL, quiet, never);
	const again = await engine.probe(FULL, quiet, never);
	expect([again.ruff.cache, again.pytest.cache, again.pytest.why]).toEqual(["hit", "hit", "unchanged"]);
	expect(again.pytest).toMatchObject({ status: first.pytest.status });
	writeFileSync(
		join(root, "calc.py"),
		"def divide(a, b):\n    return a / b\n\n\ndef mean(v):\n    return sum(v) / len(v)\n",
	);
	const mended = await engine.probe(FULL, quiet, never);
	expect(mended).toMatchObject({
		changedFiles: ["calc.py"],
		pytest: { status: "clean", cache: "miss" },
		ruff: { status: "clean" },
	});
	expect((await engine.probe({ ...FULL, fresh: true }, quiet, never)).pytest.cache).toBe("miss");
});

test("two same-size edits within a second are judged by their text, not by old bytecode", async () => {
	const root = temporaryWorkspace({
		"v.py": "V = 1\n",
		"test_v.py": "from v import V\n\ndef test_v():\n    assert V == 1\n",
	});
	const engine = openEngine(root, { ruffEnabled: false });
	for (const [value, status] of [
		["1", "clean"],
		["2", "findings"],
		["1", "clean"],
		["3", "findings"],
	] as const) {
		writeFileSync(join(root, "v.py"), `V = ${value}\n`);
		expect((await engine.probe({ ...FULL, fresh: true }, quiet, never)).pytest.status).toBe(status);
	}
});

test("an affected probe lints changed files only and keeps what is known of the others", async () => {
	const root = temporaryWorkspace({ "a.py": "import os\n", "b.py": "import sys\n" });
	const engine = openEngine(root);
	await engine.probe(FULL, quiet, never);
	writeFileSync(join(root, "a.py"), "x = 1\n");
	const after = await engine.probe(AFFECTED, quiet, never);
	expect(after.ruff).toMatchObject({ scope: "affected", findings: [{ file: "b.py" }] });
	expect((await engine.probe(FULL, quiet, never)).ruff).toMatchObject({ scope: "full", cache: "miss" });
	// A file that went can change what ruff says of its neighbours.
	rmSync(join(root, "b.py"));
	expect((await engine.probe(AFFECTED, quiet, never)).ruff).toMatchObject({ status: "clean", scope: "full" });
});

test("F71: an edit during the tests is judged, not the state before it", async () => {
	const root = temporaryWorkspace({
		"v.py": "V = 1\n",
		"test_v.py":
			"import time\nfrom v import V\n\ndef test_v():\n    open('ran', 'a').close()\n    time.sleep(1)\n    assert V == 1\n",
	});
	const probing = openEngine(root, { ruffEnabled: false, sandbox: "off" }).probe(FULL, quiet, never);
	await expect
		.poll(() => import("node:fs").then((fs) => fs.existsSync(join(root, "ran"))), { timeout: 20_000 })
		.toBe(true);
	writeFileSync(join(root, "v.py"), "V = 2\n");
	expect((await probing).pytest.status).toBe("findings");
});

test("a deleted folder is said", async () => {
	const root = temporaryWorkspace({ "a.py": "x = 1\n" });
	const engine = openEngine(root);
	await engine.probe(FULL, quiet, never);
	await removeBusy(root);
	await expect(engine.probe(FULL, quiet, never)).rejects.toMatchObject({ kind: "workspace-gone" });
});

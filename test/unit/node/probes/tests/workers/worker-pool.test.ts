/** What keeps processes from standing ready, and that they come back when it is mended. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { unconfined } from "../../../../../../src/node/probes/processes/confine.ts";
import { createWorkerPool } from "../../../../../../src/node/probes/tests/workers/worker-pool.ts";
import { probeEnvironment } from "../../../../../../src/node/probes/tools/environment.ts";
import { workerPath } from "../../../../../fixtures/probe-engine.ts";
import { processesIn } from "../../../../../fixtures/processes.ts";
import { openTestRunner } from "../../../../../fixtures/test-runner.ts";
import { temporaryWorkspace } from "../../../../../fixtures/workspace.ts";

const PASS = "def test_a():\n    pass\n";
const LONG_MS = 600_000;

async function openPool(files: Readonly<Record<string, string>>, parkingLimitMs: number) {
	const root = temporaryWorkspace(files);
	const { python } = await openTestRunner(root);
	const pool = createWorkerPool({
		...{ root, workerPath, parkingLimitMs },
		setting: "auto",
		memoryBytes: null,
		probeEnv: probeEnvironment(process.env),
		modules: [],
	});
	onTestFinished(() => pool.dispose());
	pool.aim({ python, config: null, confine: () => unconfined });
	return { root, pool };
}

test("one that hangs as it is made ready is given up with a reason, and the next one after a change is not", async () => {
	const { root, pool } = await openPool(
		{ "conftest.py": "import os\n\nwhile not os.path.exists('go'):\n    pass\n", "test_a.py": PASS },
		6_000,
	);
	pool.arm();
	await pool.armed();
	expect(pool.outlook()).toEqual({
		form: "preloaded",
		why: "pytest could not be made ready: it took longer than 6 s",
	});
	writeFileSync(join(root, "go"), "");
	pool.changed([{ path: "go", kind: "created" }]);
	await expect.poll(() => pool.outlook().form, { timeout: 20_000 }).toBe("forked");
});

test("one that hangs in a file is given up as soon as the file changes", async () => {
	const { root, pool } = await openPool(
		{ "conftest.py": "from app.core import X\n", "app/core.py": "X = 1\n", "pytest.ini": "[pytest]\npythonpath = .\n" },
		LONG_MS,
	);
	const write = (text: string) => {
		writeFileSync(join(root, "app/core.py"), text);
		pool.changed([{ path: "app/core.py", kind: "modified" }]);
	};
	write("open('hangs', 'x')\nwhile True:\n    pass\n");
	await expect.poll(() => existsSync(join(root, "hangs")), { timeout: 20_000 }).toBe(true);
	write("X = 2\n");
	await expect.poll(() => pool.outlook().form, { timeout: 20_000 }).toBe("forked");
	await pool.armed();
	pool.dispose();
	await expect.poll(() => processesIn(root), { timeout: 10_000 }).toEqual([]);
});

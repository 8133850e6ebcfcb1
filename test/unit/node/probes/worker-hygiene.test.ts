/** The engine's own sudden end: what stood ready and what ran leave by themselves, with what they had started. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { DEFAULT_PROBE_SETTINGS } from "../../../../src/core/probes/engine-messages.ts";
import { createEngineProbes } from "../../../../src/node/engine-client.ts";
import { findTagged } from "../../../../src/node/probes/processes/tagged-processes.ts";
import { type BuiltCli, buildCli } from "../../../fixtures/built-cli.ts";
import { processesNaming } from "../../../fixtures/processes.ts";
import { venvPython } from "../../../fixtures/venv.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const built: BuiltCli = await buildCli();
afterAll(() => built.remove());
const never = new AbortController().signal;
const quiet = () => undefined;

test.each(["off", "auto"] as const)("F64: SIGKILL of the engine (sandbox %s)", async (sandbox) => {
	const mark = `engine-killed-${process.pid}-${sandbox}`;
	const root = temporaryWorkspace({
		"test_a.py": `import subprocess, sys, time\n\ndef test_a():\n    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "${mark}"], start_new_session=True)\n    open("ran", "w").close()\n    time.sleep(600)\n`,
	});
	process.env["JETBOX_TEST_ENGINE"] = mark;
	const probes = createEngineProbes({
		enginePath: join(built.folder, "engine.js"),
		root,
		settings: { ...DEFAULT_PROBE_SETTINGS, pythonPath: venvPython, sandbox, ruffEnabled: false },
		logger: { info: quiet, warn: quiet, error: quiet },
	});
	// Makes processes stand ready.
	await probes.describe(never);
	const stop = new AbortController();
	const probing = probes.probe({ scope: "full", fresh: false }, quiet, stop.signal).catch(quiet);
	await expect.poll(() => existsSync(join(root, "ran")), { timeout: 20_000 }).toBe(true);
	stop.abort();
	for (const pid of findTagged("JETBOX_TEST_ENGINE", mark)) process.kill(pid, "SIGKILL");
	await probing;
	const left = () => [...processesNaming(join(built.folder, "python")), ...processesNaming(mark)];
	await expect.poll(left, { timeout: 3_000 }).toEqual([]);
	await probes.dispose();
});

/** Waves A and B: what the first one cannot judge, the second one does not hide. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
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

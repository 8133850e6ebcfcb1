/** A full run in the background, by real processes: at low priority, beside answers that are known, ended by what changes its content. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ProbeProgress } from "../../../../src/core/ports.ts";
import { removeFolder } from "../../../../src/node/probes/workers/private-folders.ts";
import { openEngine } from "../../../fixtures/probe-engine.ts";
import { processesIn } from "../../../fixtures/processes.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const FULL = { scope: "full", fresh: false } as const;
const AFFECTED = { scope: "affected", fresh: false } as const;
const BESIDE = { ...FULL, background: true } as const;
const never = new AbortController().signal;
const quiet = () => undefined;

/** A test that notes its priority outside of the workspace, and that waits where it finds a `hold` there. */
const SLOW = (outside: string) => `
import os
import time


def test_slow():
    with open(${JSON.stringify(`${outside}/priority`)}, "w") as notes:
        notes.write(str(os.nice(0)))
    while os.path.exists(${JSON.stringify(`${outside}/hold`)}):
        time.sleep(0.01)
`;

async function opened() {
	const outside = mkdtempSync(join(tmpdir(), "jetbox-outside-"));
	onTestFinished(() => removeFolder(outside));
	const root = temporaryWorkspace({
		"a.py": "A = 1\n",
		"b.py": "B = 1\n",
		"test_a.py": "from a import A\n\n\ndef test_a():\n    assert A > 0\n",
		"test_b.py": "from b import B\n\n\ndef test_b():\n    assert B > 0\n",
		"test_c.py": "def test_c():\n    assert True\n",
		"test_slow.py": SLOW(outside),
	});
	const engine = openEngine(root, { sandbox: "off", ruffEnabled: true });
	const priority = () => (existsSync(join(outside, "priority")) ? readFileSync(join(outside, "priority"), "utf8") : "");
	const report = await engine.probe(FULL, quiet, never);
	expect(report.pytest).toMatchObject({ status: "clean", counts: { passed: 4 } });
	expect(Number(priority())).toBe(getPriority());
	writeFileSync(join(outside, "hold"), "");
	return {
		engine,
		root,
		priority,
		/** Lets the slow test end. */
		release: () => removeFolder(join(outside, "hold")),
		edit: (file: string, text: string) => writeFileSync(join(root, file), text),
	};
}

test("it has the lowest priority, leaves known answers alone, and is the whole's word when it ends", async () => {
	const { engine, priority, release, edit, root } = await opened();
	edit("a.py", "A = 2\n");
	const affected = await engine.probe(AFFECTED, quiet, never);
	expect(affected.pytest).toMatchObject({ scope: "affected", wave: "A", status: "clean" });
	const progress: ProbeProgress[] = [];
	let isOver = false;
	const beside = engine
		.probe(BESIDE, (heard) => progress.push(heard), never)
		.finally(() => {
			isOver = true;
		});
	await expect.poll(priority, { timeout: 20_000 }).toBe("19");
	expect((await engine.probe(AFFECTED, quiet, never)).pytest).toMatchObject({ scope: "affected", cache: "hit" });
	expect(isOver).toBe(false);
	const whole = engine.probe(FULL, quiet, never);
	release();
	expect((await beside).pytest).toMatchObject({ scope: "full", wave: "C", status: "clean", counts: { passed: 4 } });
	expect((await whole).pytest).toMatchObject({ scope: "full", cache: "hit", status: "clean" });
	expect(progress.find((heard) => heard.kind === "started" && heard.probe === "pytest")).toMatchObject({ wave: "C" });
	engine.dispose();
	await expect.poll(() => processesIn(root), { timeout: 10_000 }).toEqual([]);
});

test("a change ends it; the next answer is about the content after the change, and nothing is told of the one before", async () => {
	const { engine, priority, release, edit } = await opened();
	edit("a.py", "A = 2\n");
	await engine.probe(AFFECTED, quiet, never);
	const beside = engine.probe(BESIDE, quiet, never);
	const ended = beside.catch((error: Error) => error.name);
	await expect.poll(priority, { timeout: 20_000 }).toBe("19");
	edit("b.py", "B = 0\n");
	const after = await engine.probe(AFFECTED, quiet, never);
	expect(after.pytest).toMatchObject({
		status: "findings",
		scope: "affected",
		findings: [{ testId: "test_b.py::test_b" }],
	});
	expect(await ended).toBe("AbortError");
	release();
	edit("b.py", "B = 1\n");
	expect((await engine.probe(FULL, quiet, never)).pytest).toMatchObject({ status: "clean", counts: { passed: 4 } });
});

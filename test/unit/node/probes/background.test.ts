/** A full run in the background, by real processes: at low priority, beside answers that are known, ended by what changes its content. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ProbeProgress } from "../../../../src/core/ports.ts";
import type { ProbeSettings } from "../../../../src/core/probes/engine-messages.ts";
import { removeFolder } from "../../../../src/node/probes/tests/workers/private-folders.ts";
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

test("Check Setup does not wait for it, and says that it runs", async () => {
	const { engine, priority, release, edit } = await opened();
	edit("a.py", "A = 2\n");
	const beside = engine.probe(BESIDE, quiet, never);
	await expect.poll(priority, { timeout: 20_000 }).toBe("19");
	const workers = (await engine.describe(never)).find(({ tool }) => tool === "workers");
	expect(workers).toMatchObject({ state: "ok", detail: expect.stringContaining("a run is under way") });
	release();
	expect((await beside).pytest).toMatchObject({ status: "clean" });
	const after = (await engine.describe(never)).find(({ tool }) => tool === "workers");
	expect(after?.detail).not.toContain("under way");
});

/** Tests that fail, or hang, at the lowest priority only, and one that is broken: which of them, the text of a.py says. */
const STARVED = (outside: string) => `
import os
import time

from a import A

AT_LOWEST = os.nice(0) == 19


def noted(name):
    with open(${JSON.stringify(`${outside}/`)} + name, "a") as notes:
        notes.write("lowest\\n" if AT_LOWEST else "ordinary\\n")


def test_in_a_hurry():
    noted("hurry")
    assert not (AT_LOWEST and A == 2)


def test_broken():
    assert A != 3


def test_slow():
    noted("slow")
    while AT_LOWEST and A == 4:
        time.sleep(0.01)
`;

async function openedStarved(settings: Partial<ProbeSettings> = {}) {
	const outside = mkdtempSync(join(tmpdir(), "jetbox-outside-"));
	onTestFinished(() => removeFolder(outside));
	const root = temporaryWorkspace({
		"a.py": "A = 1\n",
		"test_starved.py": STARVED(outside),
		...Object.fromEntries(["b", "c", "d"].map((name) => [`test_${name}.py`, `def test_${name}():\n    pass\n`])),
	});
	const engine = openEngine(root, { sandbox: "off", ruffEnabled: false, ...settings });
	expect((await engine.probe(FULL, quiet, never)).pytest).toMatchObject({ status: "clean", counts: { passed: 6 } });
	const notes = (name: string) => readFileSync(join(outside, name), "utf8").trim().split("\n").slice(1);
	return { engine, notes, edit: (text: string) => writeFileSync(join(root, "a.py"), text) };
}

test("what fails at the lowest priority alone is neither failing nor green, and an ordinary run has the word", async () => {
	const { engine, notes, edit } = await openedStarved();
	edit("A = 2\n");
	const { pytest } = await engine.probe(BESIDE, quiet, never);
	expect(pytest).toMatchObject({ status: "not-run", reason: "unconfirmed", scope: "full", wave: "C" });
	expect(pytest.why).toContain("1 test file that failed ran again at ordinary priority");
	expect(notes("hurry")).toEqual(["lowest", "ordinary"]);
	expect((await engine.probe(FULL, quiet, never)).pytest).toMatchObject({ status: "clean", cache: "miss" });
});

test("what fails in an ordinary run as well is its word, without what failed at the lowest priority alone", async () => {
	const { engine, edit } = await openedStarved();
	edit("A = 3\n");
	expect((await engine.probe(BESIDE, quiet, never)).pytest).toMatchObject({
		status: "findings",
		findings: [{ testId: "test_starved.py::test_broken" }],
		counts: { passed: 5, failed: 1 },
	});
	expect((await engine.probe(FULL, quiet, never)).pytest).toMatchObject({ status: "findings", cache: "hit" });
});

test("what an ordinary run saw fail on this content is not run twice", async () => {
	const { engine, notes, edit } = await openedStarved();
	edit("A = 3\n");
	expect((await engine.probe(AFFECTED, quiet, never)).pytest).toMatchObject({ status: "findings", scope: "affected" });
	expect((await engine.probe(BESIDE, quiet, never)).pytest).toMatchObject({ status: "findings", scope: "full" });
	expect(notes("hurry")).toEqual(["ordinary", "lowest"]);
});

test("a time-out at the lowest priority is no verdict, and leaves what is known of the tests as it was", async () => {
	const { engine, edit } = await openedStarved({ pytestTimeoutMs: 8_000 });
	edit("A = 4\n");
	expect((await engine.probe(AFFECTED, quiet, never)).pytest).toMatchObject({ status: "clean", scope: "affected" });
	expect((await engine.probe(BESIDE, quiet, never)).pytest).toMatchObject({ status: "not-run", reason: "timed-out" });
	expect((await engine.probe(AFFECTED, quiet, never)).pytest).toMatchObject({ status: "clean", scope: "affected" });
	expect((await engine.probe(FULL, quiet, never)).pytest).toMatchObject({ status: "clean", scope: "full" });
});

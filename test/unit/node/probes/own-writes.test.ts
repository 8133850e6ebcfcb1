/** Data that changes while tests run: what they write themselves is taken as theirs, what somebody else writes is not. */
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Probes } from "../../../../src/core/ports.ts";
import { openEngine } from "../../../fixtures/probe-engine.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const OPTIONS = { ruffEnabled: true, sandbox: "off" } as const;

function probe(engine: Pick<Probes, "probe">, scope: "full" | "affected" = "full") {
	return engine.probe({ scope, fresh: false }, () => undefined, new AbortController().signal);
}

const IDLE = Object.fromEntries(
	["a", "b", "c", "d"].map((name) => [`test_${name}.py`, `def test_${name}():\n    pass\n`]),
);

test("a file that somebody else writes on and on is never taken for the tests'", async () => {
	const root = temporaryWorkspace({
		"feed.txt": "0\n",
		"test_feed.py": "import time\n\n\ndef test_feed():\n    time.sleep(0.1)\n    assert open('feed.txt').read()\n",
	});
	const feed = setInterval(() => appendFileSync(join(root, "feed.txt"), "1\n"), 40);
	onTestFinished(() => clearInterval(feed));
	const { pytest } = await probe(openEngine(root, OPTIONS));
	expect(pytest).toMatchObject({ status: "not-run", message: expect.stringContaining("feed.txt") });
	expect(pytest.why).not.toContain("the tests write");
});

test.each([
	["themselves", "open('out.txt', 'a').write('x')"],
	["by a move", "open('new.tmp', 'w').write(str(time.time())); os.replace('new.tmp', 'out.txt')"],
	["by a process of theirs", "subprocess.run([sys.executable, '-c', \"open('out.txt', 'a').write('x')\"])"],
])("a file that the tests write %s is theirs; an edit of it by somebody else is judged", async (_, writing) => {
	const imports =
		"import os\nimport subprocess\nimport sys\nimport time\nfrom pathlib import Path\n\nOUT = Path('out.txt')\n";
	const root = temporaryWorkspace({
		"out.txt": "",
		"test_out.py": `${imports}\n\ndef test_out():\n    assert 'bad' not in OUT.read_text()\n    ${writing}\n`,
		...IDLE,
	});
	const folder = temporaryWorkspace();
	const open = () => openEngine(root, OPTIONS, process.env, { folder, version: "1" });
	const engine = open();
	expect((await probe(engine)).pytest).toMatchObject({
		status: "clean",
		why: expect.stringContaining("the tests write"),
	});
	writeFileSync(join(root, "test_a.py"), "def test_a():\n    assert True\n");
	const after = await probe(engine, "affected");
	expect(after.pytest).toMatchObject({ status: "clean", scope: "affected" });
	writeFileSync(join(root, "out.txt"), "bad");
	expect((await probe(engine, "affected")).pytest).toMatchObject({
		status: "findings",
		findings: [{ testId: "test_out.py::test_out" }],
	});
	writeFileSync(join(root, "out.txt"), "good");
	expect((await probe(engine)).pytest.status).toBe("clean");
	engine.dispose();

	const later = open();
	writeFileSync(join(root, "test_a.py"), "def test_a():\n    assert 1\n");
	expect((await probe(later, "affected")).pytest).toMatchObject({ status: "clean", scope: "affected" });
	writeFileSync(join(root, "out.txt"), "bad");
	expect((await probe(later, "affected")).pytest.status).toBe("findings");
});

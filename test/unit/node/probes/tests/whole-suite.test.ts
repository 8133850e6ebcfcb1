/** Whole runs by real processes: shared by two, and no longer than what is known of the suite allows. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openEngine } from "../../../../fixtures/probe-engine.ts";
import { plainOutcomes } from "../../../../fixtures/test-runner.ts";
import { temporaryWorkspace } from "../../../../fixtures/workspace.ts";

const FULL = { scope: "full", fresh: true } as const;
const never = new AbortController().signal;
const quiet = () => undefined;

const suite = Object.fromEntries(
	["a", "b", "c", "d", "e"].map((name, index) => [
		`tests/test_${name}.py`,
		`import os\n\nimport pytest\n\n\n@pytest.mark.parametrize("n", range(${index + 1}))\ndef test_${name}(n, pytestconfig):\n    assert n >= 0 and os.getpid() > 0\n`,
	]),
);

test("two processes share the files, also where one came and one went, and tell what plain pytest tells", async () => {
	const root = temporaryWorkspace({ ...suite, "tests/test_e.py": "def test_e():\n    assert 1 == 2\n" });
	const engine = openEngine(root, { sandbox: "off", ruffEnabled: false, twoWorkers: true });
	const alone = await engine.probe(FULL, quiet, never);
	expect(alone.pytest.why).not.toContain("share");
	const both = await engine.probe(FULL, quiet, never);
	expect(both.pytest.why).toContain("two processes share the files");
	expect(both.pytest).toMatchObject({ status: "findings", counts: { passed: 10, failed: 1 } });
	writeFileSync(join(root, "tests/test_new.py"), "def test_new():\n    assert 1 == 2\n");
	writeFileSync(join(root, "tests/test_a.py"), "");
	const later = await engine.probe(FULL, quiet, never);
	expect(later.pytest.why).toContain("two processes share the files");
	const failing = later.pytest.status === "findings" ? later.pytest.findings.map(({ testId }) => testId).sort() : [];
	expect(failing).toEqual(["tests/test_e.py::test_e", "tests/test_new.py::test_new"]);
	expect(later.pytest).toMatchObject({ counts: { passed: 9, failed: 2 } });
	expect(Object.keys(plainOutcomes(root))).toHaveLength(11);
});

test("a suite whose parts are not its whole is run by one process", async () => {
	const whole = `import pytest\n\n\ndef pytest_collection_modifyitems(session, items):\n    if len(items) < 15:\n        raise pytest.UsageError("not the whole")\n`;
	const root = temporaryWorkspace({ ...suite, "conftest.py": whole });
	const engine = openEngine(root, { sandbox: "off", ruffEnabled: false, twoWorkers: true });
	await engine.probe(FULL, quiet, never);
	for (let time = 0; time < 2; time++) {
		const { pytest } = await engine.probe(FULL, quiet, never);
		expect(pytest).toMatchObject({ status: "clean", counts: { passed: 15 } });
		if (time === 0) expect(pytest.why).toContain("one process, since two parts of this suite do not make its whole");
	}
});

/** A repository that appears beside the tests: whose it is, and what becomes of it (threats A19). */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openEngine } from "../../../../fixtures/probe-engine.ts";
import { temporaryWorkspace } from "../../../../fixtures/workspace.ts";

const never = new AbortController().signal;
const quiet = () => undefined;
// All at once: a process that is ended between the folder and its settings leaves nothing that git would run.
const MAKING = `import os


def make():
    os.makedirs("making.git")
    with open("making.git/config", "w") as file:
        file.write("[core]\\n\\tfsmonitor = touch owned\\n")
    os.rename("making.git", ".git")
`;
const PASSING = "def test_a():\n    assert True\n";

function opened(files: Readonly<Record<string, string>>) {
	const root = temporaryWorkspace({ "making.py": MAKING, "pytest.ini": "[pytest]\npythonpath = .\n", ...files });
	const engine = openEngine(root, { sandbox: "on", ruffEnabled: false });
	const probe = async () => (await engine.probe({ scope: "full", fresh: true }, quiet, never)).pytest;
	const setAside = () => readdirSync(root).filter((name) => name.startsWith(".git-"));
	return { root, probe, setAside };
}

test("one that a test makes as its process ends, after the verdict, is renamed and told by the next probe", async () => {
	const { root, probe, setAside } = opened({
		"test_a.py": `import atexit\nimport time\n\nimport making\n\n\n@atexit.register\ndef late():\n    time.sleep(0.2)\n    making.make()\n\n\n${PASSING}`,
	});
	await probe();
	await expect.poll(setAside, { timeout: 10_000 }).not.toEqual([]);
	expect(existsSync(join(root, ".git"))).toBe(false);
	expect(JSON.stringify(await probe())).toContain("the tests made a repository");
});

test("one that a process makes which stands ready is renamed, and the process is ended", async () => {
	const { root, probe, setAside } = opened({
		"conftest.py":
			"import os\nimport signal\n\nimport making\n\n\nsignal.signal(signal.SIGALRM, lambda *_: os.path.exists('now') and making.make())\nsignal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)\n",
		"test_a.py": PASSING,
	});
	await probe();
	writeFileSync(join(root, "now"), "");
	await expect.poll(setAside, { timeout: 20_000 }).not.toEqual([]);
	expect(existsSync(join(root, ".git"))).toBe(false);
	expect(JSON.stringify(await probe())).toContain("the tests made a repository");
});

test("one that the person makes between two probes stays, and tests may only read it from then on", async () => {
	const { root, probe, setAside } = opened({ "test_a.py": PASSING });
	expect(await probe()).toMatchObject({ status: "clean" });
	// What a run left has a second to end.
	await new Promise((resolve) => setTimeout(resolve, 4_000));
	// As git does it, but for the pause: the folder first, its settings later.
	mkdirSync(join(root, ".git"));
	await new Promise((resolve) => setTimeout(resolve, 500));
	expect(spawnSync("git", ["init", "--quiet"], { cwd: root }).status).toBe(0);
	const config = readFileSync(join(root, ".git/config"), "utf8");
	writeFileSync(join(root, "test_a.py"), "def test_a():\n    open('.git/config', 'w')\n");
	expect(JSON.stringify(await probe())).toContain("Read-only file system");
	expect(readFileSync(join(root, ".git/config"), "utf8")).toBe(config);
	expect(setAside()).toEqual([]);
});

/** Probes behind bubblewrap: what they cannot reach, and that real environments still run in it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { findTagged } from "../../../../../src/node/probes/processes/tagged-processes.ts";
import { openEngine } from "../../../../fixtures/probe-engine.ts";
import { venvPython } from "../../../../fixtures/venv.ts";
import { temporaryWorkspace } from "../../../../fixtures/workspace.ts";

const FULL = { scope: "full", fresh: false } as const;
const never = new AbortController().signal;
const quiet = () => undefined;

function bwrapWorks(): boolean {
	try {
		execFileSync("/usr/bin/bwrap", ["--unshare-all", "--ro-bind", "/", "/", "/usr/bin/true"], { stdio: "ignore" });
		return true;
	} catch {
		return false;
	}
}

/** On a machine of a person's the tests of the sandbox may be left out; in CI they fail where bubblewrap does not work. */
const required = process.platform === "linux" && (process.env["CI"] !== undefined || bwrapWorks());

test.each(["on", "auto"] as const)(
	"%s where no sandbox can hold the folder means not run, with the cause",
	async (sandbox) => {
		const root = temporaryWorkspace({ "test_a.py": "def test_a():\n    pass\n" });
		// The home folder as the workspace: what the tests could read would be all of it.
		vi.stubEnv("HOME", root);
		onTestFinished(() => void vi.unstubAllEnvs());
		const engine = openEngine(root, { sandbox });
		const report = await engine.probe(FULL, quiet, never);
		for (const probe of [report.pytest, report.ruff])
			expect(probe).toMatchObject({ status: "not-run", message: expect.stringContaining("home folder") });
		expect((await engine.describe(never)).at(-1)).toMatchObject({ tool: "sandbox", state: "missing" });
	},
);

describe.runIf(required)("with bubblewrap", () => {
	let port = 0;
	const server = createServer((_, response) => response.end("secret"));
	beforeAll(async () => {
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const isAddress = (value: unknown): value is AddressInfo =>
			typeof value === "object" && value !== null && "port" in value;
		const address = server.address();
		port = isAddress(address) ? address.port : 0;
	});
	afterAll(() => server.close());

	test("A28 A40: a hostile conftest reaches neither network, nor home, nor files outside, nor .git", async () => {
		const outside = temporaryWorkspace({ "secret.txt": "s3cret" });
		const root = temporaryWorkspace({
			"conftest.py": `
import json, os, pathlib, subprocess, urllib.request
def attempt(action):
    try:
        return str(action())
    except Exception as error:
        return "refused " + type(error).__name__
pathlib.Path("tried.json").write_text(json.dumps({
    "network": attempt(lambda: urllib.request.urlopen("http://127.0.0.1:${port}", timeout=3).read()),
    "read": attempt(lambda: open(${JSON.stringify(join(outside, "secret.txt"))}).read()),
    "write": attempt(lambda: open(${JSON.stringify(join(outside, "new.txt"))}, "w")),
    "git": attempt(lambda: open(".git/config", "w")),
    "system": attempt(lambda: open("/usr/evil", "w")),
    "home": os.listdir(os.path.expanduser("~")),
    "user": os.path.expanduser("~"),
    "tokens": [name for name in os.environ if "TOKEN" in name or "SSH" in name],
    "capabilities": [line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff")],
    "unmount": subprocess.run(["umount", os.path.abspath(".git")], capture_output=True).returncode != 0,
    "editor": attempt(lambda: open(".vscode/settings.json", "w")),
    "processes": sum(name.isdigit() for name in os.listdir("/proc")),
}))
`,
			"test_a.py": "def test_a(tmp_path):\n    (tmp_path / 'x').write_text('x')\n",
		});
		mkdirSync(join(root, ".git"));
		writeFileSync(join(root, ".git/config"), "[core]\n");
		const env = { ...process.env, GITHUB_TOKEN: "s3cret", SSH_AUTH_SOCK: "/run/agent" };
		const report = await openEngine(root, { sandbox: "on", ruffEnabled: false, workers: "off" }, env).probe(
			FULL,
			quiet,
			never,
		);
		expect(report.pytest).toMatchObject({ status: "clean", counts: { passed: 1 } });
		const tried: unknown = JSON.parse(readFileSync(join(root, "tried.json"), "utf8"));
		expect(tried).toMatchObject({
			network: expect.stringContaining("refused"),
			read: expect.stringContaining("refused"),
			write: expect.stringContaining("refused"),
			git: expect.stringContaining("refused"),
			system: expect.stringContaining("refused"),
			home: [],
			user: "/tmp/home",
			capabilities: ["0000000000000000"],
			unmount: true,
			editor: expect.stringContaining("refused"),
			tokens: [],
		});
		expect(tried).toHaveProperty("processes", 2);
		expect(existsSync(join(outside, "new.txt"))).toBe(false);
		expect(readFileSync(join(root, ".git/config"), "utf8")).toBe("[core]\n");
	});

	test("A39: a daemon without our mark, in a session of its own, does not outlive the tests", async () => {
		const mark = `JETBOX_DAEMON_${process.pid}`;
		const root = temporaryWorkspace({
			"test_a.py": `import subprocess, sys
def test_a():
    subprocess.Popen(["/usr/bin/env", "-i", "${mark}=1", sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
`,
		});
		const report = await openEngine(root, { sandbox: "on", ruffEnabled: false }).probe(FULL, quiet, never);
		expect(report.pytest).toMatchObject({ status: "clean" });
		await expect.poll(() => findTagged(mark, "1")).toEqual([]);
	});

	test("a virtual environment inside the workspace runs in it", async () => {
		const root = temporaryWorkspace({ "test_a.py": "import sys\n\ndef test_a():\n    assert '.venv' in sys.prefix\n" });
		execFileSync(venvPython, ["-m", "venv", "--without-pip", join(root, ".venv")]);
		const query = "import sysconfig; print(sysconfig.get_path('purelib'))";
		const ask = (python: string) => execFileSync(python, ["-c", query], { encoding: "utf8" }).trim();
		const inner = ask(join(root, ".venv/bin/python"));
		execFileSync("cp", ["-r", `${ask(venvPython)}/.`, inner]);
		const engine = openEngine(
			root,
			{ sandbox: "on", pythonPath: null, ruffEnabled: false },
			{ ...process.env, VIRTUAL_ENV: "" },
		);
		expect((await engine.probe(FULL, quiet, never)).pytest).toMatchObject({ status: "clean" });
	});

	test("ruff runs in it, and so the state is said", async () => {
		const root = temporaryWorkspace({ "a.py": "import os\n" });
		const engine = openEngine(root, { sandbox: "on" });
		expect((await engine.probe(FULL, quiet, never)).ruff).toMatchObject({
			status: "findings",
			findings: [{ file: "a.py" }],
		});
		expect((await engine.describe(never)).at(-1)).toMatchObject({ tool: "sandbox", state: "ok" });
		onTestFinished(() => engine.dispose());
	});
});

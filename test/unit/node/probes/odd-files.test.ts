/** Files that are large, in no UTF-8, or in folders that are closed to writing: judged as plain pytest and ruff judge them. */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { ProbeScope } from "../../../../src/core/probes/report.ts";
import { type BuiltCli, buildCli } from "../../../fixtures/built-cli.ts";
import { openEngine } from "../../../fixtures/probe-engine.ts";
import { processesIn, processesNaming } from "../../../fixtures/processes.ts";
import { venvPython } from "../../../fixtures/venv.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const MEGABYTE = 1024 * 1024;

let cli: BuiltCli;
beforeAll(async () => {
	cli = await buildCli();
});
afterAll(() => cli.remove());

function opened(files: Readonly<Record<string, string>>) {
	const root = temporaryWorkspace(files);
	const engine = openEngine(root, { sandbox: "off" });
	return {
		at: (path: string) => join(root, path),
		probe: (scope: ProbeScope) => engine.probe({ scope, fresh: false }, () => undefined, new AbortController().signal),
		/** Ends the engine; nothing of it may be left. */
		async end() {
			engine.dispose();
			await expect.poll(() => processesIn(root), { timeout: 10_000 }).toEqual([]);
		},
	};
}

test("a source of 20 MB: imported, linted to its last line, and an edit at its end is seen", async () => {
	const line = `${"a".repeat(99)}\n`;
	const text = `TEXT = """\n${line.repeat((20 * MEGABYTE) / line.length)}"""\n`;
	const { at, probe, end } = opened({
		"big.py": `${text}LAST = 1\n`,
		"test_big.py": "import big\n\n\ndef test_last():\n    assert big.LAST == 1\n",
		"test_a.py": "def test_a():\n    assert True\n",
		"test_b.py": "def test_b():\n    assert True\n",
	});
	expect(await probe("full")).toMatchObject({ pytest: { status: "clean" }, ruff: { status: "clean" } });
	writeFileSync(at("big.py"), `${text}LAST = 2\nimport os\n`);
	for (const scope of ["affected", "full"] as const) {
		expect(await probe(scope), scope).toMatchObject({
			pytest: { status: "findings", findings: [{ testId: "test_big.py::test_last" }] },
			ruff: { status: "findings", findings: [{ code: "E402" }, { code: "F401" }] },
		});
	}
	await end();
}, 120_000);

test("sources in other encodings: run where they say so, an error with its place where they do not", async () => {
	const { at, probe, end } = opened({
		"test_word.py": "from word import WORD\n\n\ndef test_word():\n    assert WORD == 'caf\\xe9'\n",
		"test_a.py": "def test_a():\n    assert True\n",
		"test_b.py": "def test_b():\n    assert True\n",
	});
	const declared = Buffer.from("# -*- coding: latin-1 -*-\nWORD = 'caf\xe9'\n", "latin1");
	writeFileSync(at("word.py"), declared);
	const first = await probe("full");
	expect(first.pytest).toMatchObject({ status: "clean", counts: { passed: 3 } });
	// ruff reads nothing but UTF-8.
	expect(first.ruff).toMatchObject({ status: "findings", findings: [{ file: "word.py", code: "E902" }] });
	writeFileSync(at("word.py"), Buffer.from("WORD = 'caf\xe9'\n", "latin1"));
	for (const scope of ["affected", "full"] as const) {
		const { pytest, ruff } = await probe(scope);
		expect(pytest, scope).toMatchObject({
			status: "findings",
			findings: [{ testId: "test_word.py", code: "error", message: expect.stringContaining("word.py") }],
		});
		expect(ruff, scope).toMatchObject({ status: "findings", findings: [{ file: "word.py", code: "E902" }] });
	}
	writeFileSync(at("word.py"), "WORD = 'café'\n");
	expect(await probe("affected")).toMatchObject({
		pytest: { status: "clean", counts: { passed: 3 } },
		ruff: { status: "clean" },
	});
	await end();
});

/** Closes a folder and all folders in it to writing. */
function close(folder: string): void {
	for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
		if (entry.isDirectory()) closeOne(join(entry.parentPath, entry.name));
	}
	closeOne(folder);
}

function closeOne(folder: string): void {
	chmodSync(folder, 0o555);
	onTestFinished(() => chmodSync(folder, 0o755));
}

/** `jetbox probe`, started by another program where one is given. */
async function probed(root: string, sandbox: "auto" | "off", by: readonly string[] = []): Promise<string> {
	const program = [process.execPath, join(cli.folder, "cli.js"), "probe", "--workspace", root, "--sandbox", sandbox];
	const [command = "", ...args] = [...by, ...program];
	const env = { ...process.env, VIRTUAL_ENV: dirname(dirname(venvPython)), XDG_STATE_HOME: join(cli.folder, "state") };
	const ended = await promisify(execFile)(command, args, { env }).catch(
		(error: { stdout: string; stderr: string }) => error,
	);
	return ended.stdout + ended.stderr;
}

/** Root is bound by the modes of files only without the capabilities to pass them by. */
function boundByModes(): readonly string[] {
	const passing = "-dac_override,-dac_read_search,-fowner";
	return process.getuid?.() === 0 ? ["setpriv", "--bounding-set", passing, "--inh-caps", passing] : [];
}

test.each(["off", "auto"] as const)("a workspace that is closed to writing (sandbox %s)", async (sandbox) => {
	const root = temporaryWorkspace({
		"conftest.py": "",
		"pack/__init__.py": "",
		"pack/part.py": "X = 1\n",
		"tests/test_part.py": "from pack.part import X\n\n\ndef test_part(tmp_path):\n    assert X == 1\n",
	});
	close(root);
	expect(await probed(root, sandbox, boundByModes())).toMatch(/^green: 1 passed, lint clean/m);
	writeFileSync(join(root, "pack/part.py"), "X = 2\n");
	expect(await probed(root, sandbox, boundByModes())).toMatch(
		/^tests\/test_part.py:5:\d+ .*\n(.*\n)*failing: 1 failed/m,
	);
	// bubblewrap's mount point is made with rights that its removal lacks.
	expect(readdirSync(root).filter((name) => name !== ".vscode")).toEqual(["conftest.py", "pack", "tests"]);
	await expect.poll(() => [...processesNaming(root), ...processesIn(root)], { timeout: 10_000 }).toEqual([]);
});

test.each(["off", "auto"] as const)(
	"a __pycache__ that is closed to writing, with bytecode in it (sandbox %s)",
	async (sandbox) => {
		const root = temporaryWorkspace({
			"part.py": "X = 1\n",
			"test_part.py": "from part import X\n\n\ndef test_part():\n    assert X == 1\n",
		});
		const folder = join(root, "__pycache__");
		mkdirSync(folder);
		writeFileSync(join(folder, "part.cpython-311.pyc"), "no bytecode");
		closeOne(folder);
		expect(await probed(root, sandbox, boundByModes())).toMatch(/^green: 1 passed, lint clean/m);
		writeFileSync(join(root, "part.py"), "X = 3\n");
		expect(await probed(root, sandbox, boundByModes())).toMatch(/^failing: 1 failed/m);
		expect(existsSync(join(folder, "part.cpython-311.pyc"))).toBe(true);
		await expect.poll(() => [...processesNaming(root), ...processesIn(root)], { timeout: 10_000 }).toEqual([]);
	},
);

test.each(["off", "auto"] as const)("a workspace that is mounted read-only (sandbox %s)", async (sandbox) => {
	const root = temporaryWorkspace({
		"part.py": "X = 1\n",
		"test_part.py": "from part import X\n\n\ndef test_part():\n    assert X == 1\n",
	});
	const readOnly = ["bwrap", "--dev-bind", "/", "/", "--ro-bind", root, root];
	expect(await probed(root, sandbox, readOnly)).toMatch(/^green: 1 passed, lint clean/m);
	writeFileSync(join(root, "part.py"), "X = 2\n");
	expect(await probed(root, sandbox, readOnly)).toMatch(/^failing: 1 failed/m);
	expect(readdirSync(root).sort()).toEqual(["part.py", "test_part.py"]);
	await expect.poll(() => [...processesNaming(root), ...processesIn(root)], { timeout: 10_000 }).toEqual([]);
});

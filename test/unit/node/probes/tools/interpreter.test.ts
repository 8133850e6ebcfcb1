/** Which Python and ruff are found: a moment's failure decides nothing, and what is passed over is said. */
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { DEFAULT_PROBE_SETTINGS, type ProbeSettings } from "../../../../../src/core/probes/engine-messages.ts";
import type { ProcessEnd } from "../../../../../src/node/probes/processes/child-end.ts";
import { createProcessRunner, type ProcessRunner } from "../../../../../src/node/probes/processes/process-runner.ts";
import { createSandbox } from "../../../../../src/node/probes/sandbox/sandbox.ts";
import { createToolchainFinder } from "../../../../../src/node/probes/tools/interpreter.ts";
import { workerPath } from "../../../../fixtures/probe-engine.ts";
import { venvPython, venvRuff } from "../../../../fixtures/venv.ts";
import { temporaryWorkspace } from "../../../../fixtures/workspace.ts";

const never = new AbortController().signal;

/** A runner of which these ends, and no processes, come first; then it is a real one. @returns what it was asked to start */
function failingRunner(ends: readonly ProcessEnd[]): { readonly runner: ProcessRunner; readonly started: string[][] } {
	const real = createProcessRunner();
	const left = [...ends];
	const started: string[][] = [];
	return {
		started,
		runner: {
			...real,
			run(request, signal) {
				started.push([request.command, ...request.args]);
				const end = left.shift();
				if (end === undefined) return real.run(request, signal);
				return Promise.resolve({ end, stdout: "", stderr: "", truncated: false, durationMs: 0 });
			},
		},
	};
}

function finder(root: string, ends: readonly ProcessEnd[] = [], changes: Partial<ProbeSettings> = {}, home = root) {
	const settings = { ...DEFAULT_PROBE_SETTINGS, sandbox: "off", ruffPath: venvRuff, ...changes } as const;
	const { runner, started } = failingRunner(ends);
	const env = { PATH: dirname(venvPython), HOME: home };
	const sandbox = createSandbox({ settings, root, workerPath, runner, probeEnv: env });
	const found = createToolchainFinder({ root, settings, runner, sandbox, env, probeEnv: env });
	return { find: () => found.find(never), started, sandbox };
}

/** A workspace with an environment whose interpreter is this script. */
function withEnvironment(script: string): { readonly root: string; readonly python: string } {
	const root = temporaryWorkspace({ ".venv/pyvenv.cfg": "", ".venv/bin/python": `#!/bin/sh\n${script}\n` });
	const python = join(root, ".venv/bin/python");
	chmodSync(python, 0o755);
	return { root, python };
}

const REAL = `exec ${venvPython} "$@"`;
const LATE = { kind: "timed-out" } as const;

test.each([
	["is late", LATE, "did not answer within 20 s"],
	["is ended by the system", { kind: "signalled", signal: "SIGKILL" }, "was ended by SIGKILL"],
	[
		"finds no room for a process",
		{ kind: "not-started", code: "EAGAIN", message: "busy" },
		"could not be started: busy",
	],
] as const)(
	"an environment's interpreter that %s once: no other takes its place, and the next probe asks again",
	async (_, end, why) => {
		const { root, python } = withEnvironment(REAL);
		const { find } = finder(root, [end]);
		expect(await find()).toMatchObject({ python: null, passedOver: [`${python} ${why}`] });
		const after = await find();
		expect(after).toMatchObject({ python: { version: expect.any(String) }, passedOver: [] });
		expect(await find()).toBe(after);
	},
);

test("one that is late again is passed over for good, and that is said", async () => {
	const { root, python } = withEnvironment(REAL);
	const { find } = finder(root, [LATE, { kind: "exited", code: 1 }, LATE]);
	await find();
	const found = await find();
	expect(found).toMatchObject({
		python: { path: `${venvPython}3` },
		passedOver: [`${python} did not answer within 20 s`],
	});
	expect(await find()).toBe(found);
});

test.each([
	["exit 3", "ended with exit code 3"],
	["echo hello", "gave no answer that can be read"],
])("an environment whose interpreter does %j is passed over, and that is said", async (script, why) => {
	const { root, python } = withEnvironment(script);
	const { find } = finder(root);
	const found = await find();
	expect(found).toMatchObject({ python: { path: `${venvPython}3` }, passedOver: [`${python} ${why}`] });
	expect(await find()).toBe(found);
});

test("an environment whose interpreter is gone is passed over, and that is said", async () => {
	const root = temporaryWorkspace({ ".venv/pyvenv.cfg": "" });
	mkdirSync(join(root, ".venv/bin"));
	symlinkSync("/not/there/python3.9", join(root, ".venv/bin/python"));
	expect((await finder(root).find()).passedOver).toEqual([
		`${join(root, ".venv/bin/python")} is no program that can be run`,
	]);
});

test("what a .pth file or a sitecustomize prints is no part of the answer", async () => {
	const { root } = withEnvironment(`echo 'welcome {'; ${venvPython} "$@"; echo bye`);
	expect(await finder(root).find()).toMatchObject({ python: { version: expect.any(String) }, passedOver: [] });
});

test("a ruff that is late once is asked again", async () => {
	const root = temporaryWorkspace();
	const { find } = finder(root, [LATE], { pythonPath: join(root, "none") });
	expect((await find()).ruff).toBeNull();
	expect((await find()).ruff).toMatchObject({ command: venvRuff });
});

test("modules of the workspace have no part in the asking", async () => {
	const root = temporaryWorkspace({ "json.py": "raise SystemExit(3)\n", "site.py": "raise SystemExit(3)\n" });
	expect(await finder(root).find()).toMatchObject({ python: { path: `${venvPython}3` } });
});

test.runIf(process.platform === "linux")("a sandbox whose trial is late once is as tight the next time", async () => {
	const { sandbox, started } = finder(temporaryWorkspace(), [LATE, { kind: "exited", code: 0 }], { sandbox: "on" });
	expect(await sandbox.confinement(null, never)).toMatchObject({
		kind: "refused",
		message: expect.stringContaining("did not answer within 5 s"),
	});
	expect(started).toHaveLength(1);
	expect(await sandbox.confinement(null, never)).toMatchObject({ kind: "ready" });
	expect(started.at(-1)).toContain("--disable-userns");
});

/** A way to change packages that the environment's own folders do not show. */
const ELSEWHERE: readonly (readonly [
	what: string,
	script: (folder: string) => string,
	change: (folder: string) => void,
])[] = [
	[
		"a folder of packages that the environment shares",
		(folder) => `PYTHONPATH=${folder}/site-packages exec ${venvPython} "$@"`,
		(folder) => mkdirSync(join(folder, "site-packages/new")),
	],
	[
		"a module in a folder of sources",
		(folder) => `PYTHONPATH=${folder}/src exec ${venvPython} "$@"`,
		(folder) => writeFileSync(join(folder, "src/pkg/mod.py"), "X = 2.0\n"),
	],
	[
		"a project that is installed in place",
		(folder) => `PYTHONPATH=${folder}/metadata/site-packages exec ${venvPython} "$@"`,
		(folder) => writeFileSync(join(folder, "src/pkg/mod.py"), "X = 2.0\n"),
	],
];

test.each(ELSEWHERE)("%s: its change is another fingerprint", async (_, script, change) => {
	const folder = temporaryWorkspace({ "src/pkg/mod.py": "X = 1\n", "site-packages/old/mod.py": "" });
	const info = join(folder, "metadata/site-packages/mine-1.dist-info");
	mkdirSync(info, { recursive: true });
	writeFileSync(join(info, "METADATA"), "Name: mine\nVersion: 1\n");
	writeFileSync(join(info, "direct_url.json"), `{"dir_info": {"editable": true}, "url": "file://${folder}/src"}`);
	for (const path of ["site-packages", "src/pkg/mod.py"]) utimesSync(join(folder, path), 1e9, 1e9);
	const { find } = finder(withEnvironment(script(folder)).root);
	const before = await find();
	expect(await find()).toBe(before);
	change(folder);
	const { python } = await find();
	expect(python?.fingerprint).not.toBe(before.python?.fingerprint);
});

test.each([
	["off", true],
	["auto", false],
] as const)("packages in the home folder count where the tests see them: sandbox %s, %s", async (sandbox, isSeen) => {
	const home = temporaryWorkspace();
	const { find } = finder(temporaryWorkspace(), [], { sandbox, pythonPath: "/usr/bin/python3" }, home);
	const { python } = await find();
	if (python === null) return;
	const version = python.version.split(".").slice(0, 2).join(".");
	mkdirSync(join(home, `.local/lib/python${version}/site-packages/new`), { recursive: true });
	expect((await find()).python?.fingerprint !== python.fingerprint).toBe(isSeen);
});

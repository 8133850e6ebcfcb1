/** The engine as its own process: the real bundle, the real channel. */
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import type { EngineProbes } from "../../../src/core/machine.ts";
import type { ProbeProgress } from "../../../src/core/ports.ts";
import { DEFAULT_PROBE_SETTINGS } from "../../../src/core/probes/engine-messages.ts";
import { createEngineProbes } from "../../../src/node/engine-client.ts";
import { findTagged } from "../../../src/node/probes/processes/tagged-processes.ts";
import { pythonDir } from "../../fixtures/probe-engine.ts";
import { processesNaming } from "../../fixtures/processes.ts";
import { venvPython } from "../../fixtures/venv.ts";
import { projectWorkspace, temporaryWorkspace } from "../../fixtures/workspace.ts";

const FULL = { scope: "full", fresh: false } as const;
const never = new AbortController().signal;
const quiet = () => undefined;
const outdir = join(import.meta.dirname, "../../../.cache/engine-test");
const enginePath = join(outdir, "engine.mjs");

beforeAll(async () => {
	const entry = join(import.meta.dirname, "../../../src/engine.ts");
	await build({
		entryPoints: [entry],
		outfile: enginePath,
		bundle: true,
		platform: "node",
		format: "esm",
		target: "node20",
	});
	cpSync(pythonDir, join(outdir, "python"), { recursive: true });
});

interface Opened {
	readonly probes: EngineProbes;
	readonly exits: string[];
	/** Marks the engine and, until it is replaced, whatever it starts. */
	readonly mark: string;
}

let opened = 0;

function open(root: string, settings: Partial<typeof DEFAULT_PROBE_SETTINGS> = {}): Opened {
	const exits: string[] = [];
	const mark = `${process.pid}-${opened++}`;
	process.env["JETBOX_TEST_ENGINE"] = mark;
	const probes = createEngineProbes({
		enginePath,
		root,
		settings: { ...DEFAULT_PROBE_SETTINGS, pythonPath: venvPython, ...settings },
		logger: { info: quiet, warn: quiet, error: quiet },
		onExit: (words) => exits.push(words),
	});
	onTestFinished(() => probes.dispose());
	return { probes, exits, mark };
}

const slow = "import time\n\ndef test_a():\n    open('ran', 'a').close()\n    time.sleep(600)\n";

test("probes, checks syntax and describes over the channel", async () => {
	const { probes } = open(projectWorkspace("calc"));
	const progress: ProbeProgress[] = [];
	const report = await probes.probe(FULL, (p) => progress.push(p), never);
	expect(report.pytest).toMatchObject({ status: "findings", counts: { failed: 2 } });
	expect(progress.map(({ kind }) => kind).sort()).toEqual(["failing", "finished", "finished", "started", "started"]);
	expect(await probes.checkSyntax("a.py", "def", never)).toMatchObject({ line: 1 });
	const tools = await probes.describe(never);
	expect(tools.map(({ tool }) => tool)).toEqual(["python", "ruff", "pytest", "workers", "sandbox"]);
	expect(tools.slice(0, 3).every(({ state, fix }) => state === "ok" && fix === "")).toBe(true);
});

test("F62: a cancel crosses the channel, and the engine answers on", async () => {
	const root = temporaryWorkspace({ "test_a.py": slow });
	const { probes } = open(root);
	const controller = new AbortController();
	const probing = probes.probe(FULL, quiet, controller.signal);
	await expect.poll(() => existsSync(join(root, "ran")), { timeout: 20_000 }).toBe(true);
	controller.abort();
	await expect(probing).rejects.toBe(controller.signal.reason);
	expect(await probes.checkSyntax("a.py", "x = 1", never)).toBeNull();
});

test("F14: who cancels does not wait for an engine that is stuck; it is ended, and the next probe has another", async () => {
	const root = temporaryWorkspace({ "test_a.py": slow });
	const { probes, mark } = open(root, { sandbox: "off", pytestTimeoutMs: 8_000 });
	const controller = new AbortController();
	const probing = probes.probe(FULL, quiet, controller.signal);
	await expect.poll(() => existsSync(join(root, "ran")), { timeout: 20_000 }).toBe(true);
	const [stuck] = findTagged("JETBOX_TEST_ENGINE", mark);
	if (stuck === undefined) throw new Error("The engine is not to be found.");
	process.kill(stuck, "SIGSTOP");
	controller.abort();
	await expect(probing).rejects.toBe(controller.signal.reason);
	expect(findTagged("JETBOX_TEST_ENGINE", mark)).toContain(stuck);
	expect(await probes.checkSyntax("a.py", "x = 1", never)).toBeNull();
	expect(findTagged("JETBOX_TEST_ENGINE", mark)).not.toContain(stuck);
	await expect.poll(() => processesNaming(root), { timeout: 10_000 }).toEqual([]);
});

test("a killed engine comes back once, with every started probe finished", async () => {
	const root = temporaryWorkspace({ "test_a.py": slow });
	const { probes, exits, mark } = open(root, { sandbox: "on", pytestTimeoutMs: 8_000 });
	const progress: string[] = [];
	const probing = probes.probe(FULL, (p) => progress.push(p.kind), never);
	await expect.poll(() => existsSync(join(root, "ran")), { timeout: 20_000 }).toBe(true);
	const [engine] = findTagged("JETBOX_TEST_ENGINE", mark);
	if (engine === undefined) throw new Error("The engine is not to be found.");
	process.kill(engine, "SIGKILL");
	expect((await probing).pytest).toMatchObject({ status: "not-run", reason: "timed-out" });
	expect(exits).toHaveLength(1);
	expect(progress.filter((kind) => kind === "started")).toHaveLength(4);
	expect(progress.filter((kind) => kind === "finished")).toHaveLength(4);
});

test("an engine that cannot start is said", async () => {
	const broken = createEngineProbes({
		enginePath: join(outdir, "missing.mjs"),
		root: temporaryWorkspace(),
		settings: DEFAULT_PROBE_SETTINGS,
		logger: { info: quiet, warn: quiet, error: quiet },
	});
	await expect(broken.probe(FULL, quiet, never)).rejects.toMatchObject({ kind: "engine-crashed" });
	await broken.dispose();
});

test.each(["off", "auto"] as const)("F64: dispose ends the engine and its children (sandbox %s)", async (sandbox) => {
	const root = temporaryWorkspace({ "test_a.py": slow });
	const { probes, exits, mark } = open(root, { sandbox });
	const probing = probes.probe(FULL, quiet, never).catch((error: unknown) => error);
	await expect.poll(() => existsSync(join(root, "ran")), { timeout: 20_000 }).toBe(true);
	await probes.dispose();
	expect(await probing).toMatchObject({ kind: "engine-crashed" });
	// They are killed before dispose returns; the kernel takes its time, most of all with a sandbox's namespaces.
	await expect.poll(() => findTagged("JETBOX_TEST_ENGINE", mark), { timeout: 10_000 }).toEqual([]);
	await expect.poll(() => processesNaming(root), { timeout: 10_000 }).toEqual([]);
	expect(exits).toEqual([]);
});

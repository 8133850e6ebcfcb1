/** The commands that install ruff and pytest: what is shown is what runs, and nothing of the workspace chooses them. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ProcessEnd } from "../../../src/node/probes/processes/child-end.ts";
import type { ProcessRequest } from "../../../src/node/probes/processes/process-runner.ts";
import { planTools } from "../../../src/node/tool-setup.ts";

let scratch: string;
let root: string;
let python: string;
const never = new AbortController().signal;

beforeEach(() => {
	scratch = mkdtempSync(join(tmpdir(), "jetbox-tool-setup-"));
	root = join(scratch, "project");
	python = join(scratch, "bin/python3");
	for (const folder of [root, join(scratch, "bin")]) mkdirSync(folder);
	for (const program of [python, join(root, "python3")]) writeFileSync(program, "", { mode: 0o755 });
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

function plan(end: ProcessEnd, given: { readonly pythonPath?: string; readonly active?: string } = {}) {
	const requests: ProcessRequest[] = [];
	const logger = { debug() {}, info() {}, warn() {}, error() {} };
	const runner = {
		async run(request: ProcessRequest) {
			requests.push(request);
			if (request.args.includes("venv")) makeEnvironment();
			return { end, stdout: "", stderr: "no network", truncated: false, durationMs: 1 };
		},
		killAll() {},
	};
	const env = {
		PATH: `${root}:${join(scratch, "bin")}`,
		VIRTUAL_ENV: given.active,
		PIP_INDEX_URL: "https://own.example",
	};
	const plans = planTools({ root, pythonPath: given.pythonPath ?? null, runner, env, logger });
	const [first] = plans;
	if (first === undefined) throw new Error("no plan");
	return { plans, plan: first, requests };
}

function makeEnvironment(): void {
	mkdirSync(join(root, ".venv"), { recursive: true });
	writeFileSync(join(root, ".venv/pyvenv.cfg"), "");
	mkdirSync(join(root, ".venv/bin"), { recursive: true });
	writeFileSync(join(root, ".venv/bin/python"), "", { mode: 0o755 });
}

test("without .venv it is created by an interpreter outside the workspace, isolated from the workspace's modules", async () => {
	const { plan: planned, requests } = plan({ kind: "exited", code: 0 });
	const shown: (readonly string[])[] = [];
	await planned.run((command) => shown.push(command), never);
	expect(planned.commands[0]).toEqual([python, "-I", "-m", "venv", join(root, ".venv")]);
	expect(planned.commands[1]?.slice(1, 5)).toEqual(["-I", "-m", "pip", "install"]);
	expect(shown).toEqual(planned.commands);
	expect(requests.map(({ command, args }) => [command, ...args])).toEqual(planned.commands);
	expect(requests[1]?.env["PIP_INDEX_URL"]).toBe("https://own.example");
});

test("an environment that exists is kept, and only pip runs", () => {
	makeEnvironment();
	expect(plan({ kind: "exited", code: 0 }).plan.commands.map((command) => command[3])).toEqual(["pip"]);
});

test("a failed creation leaves no half environment, and says why", async () => {
	const { plan: planned, requests } = plan({ kind: "exited", code: 1 });
	await expect(planned.run(() => undefined, never)).rejects.toThrow(/venv.* failed: no network/);
	expect(requests).toHaveLength(1);
	expect(existsSync(join(root, ".venv"))).toBe(false);
});

test("a failed installation leaves the environment that was there", async () => {
	makeEnvironment();
	await expect(plan({ kind: "exited", code: 1 }).plan.run(() => undefined, never)).rejects.toThrow(
		/pip install.* failed/,
	);
	expect(existsSync(join(root, ".venv/pyvenv.cfg"))).toBe(true);
});

test("the environment that probes use comes first where there is one, and no other is offered beside it", () => {
	const active = join(scratch, "active");
	mkdirSync(join(active, "bin"), { recursive: true });
	writeFileSync(join(active, "pyvenv.cfg"), "");
	const own = join(active, "bin/python");
	writeFileSync(own, "", { mode: 0o755 });
	for (const given of [{ active }, { pythonPath: own }]) {
		const { plans } = plan({ kind: "aborted" }, given);
		expect(plans.map(({ target, commands }) => [target, commands[0]?.[0]])).toEqual([
			[{ kind: "environment", path: own }, own],
		]);
	}
});

test("the machine's own Python can be chosen in place of a new .venv, which is not offered where something stands there", () => {
	const { plans } = plan({ kind: "aborted" });
	expect(plans.map(({ target }) => target)).toEqual([
		{ kind: "new-environment", path: join(root, ".venv") },
		{ kind: "environment", path: python },
	]);
	mkdirSync(join(root, ".venv"));
	expect(plan({ kind: "aborted" }).plans.map(({ target }) => target.kind)).toEqual(["environment"]);
});

test("a chosen interpreter that is not there is said", () => {
	expect(() => plan({ kind: "aborted" }, { pythonPath: "/opt/python" })).toThrow(/jetbox\.pythonPath|no program/);
});

/** A run that is killed, and what the command line offers after it: going on, taking back, beginning anew. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BuiltCli, buildCli, HANG_MS } from "../../fixtures/built-cli.ts";
import { processesNaming } from "../../fixtures/processes.ts";
import { temporaryWorkspace } from "../../fixtures/workspace.ts";

const PRACTICE = ["--model", "practice", "--approve", "edits", "--sandbox", "off"];
const TASK = "Make the failing tests pass";
/** Two faults in two files, so that a run takes two rounds that change something. */
const PROJECT = {
	"prices.py": "def total(prices):\n    return sum(price)\n",
	"names.py": "def greet(name):\n    return 'hello ' + nam\n",
	"test_names.py": "from names import greet\n\n\ndef test_greet():\n    assert greet('a') == 'hello a'\n",
	"test_prices.py": "from prices import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n",
};
const FILES = ["prices.py", "names.py"] as const;

let cli: BuiltCli;
beforeAll(async () => {
	cli = await buildCli();
});
afterAll(() => cli.remove());

/** Kills a run as soon as it has changed a file, within the round or after it; its id. */
async function killedRun(root: string, when: "within" | "after"): Promise<string> {
	const started = cli.start(["run", TASK, "--workspace", root, "--json", ...PRACTICE]);
	const changed = /"type":"tool-finished"[^\n]*"files":\["/;
	const ended = /"type":"tool-finished"[^\n]*"files":\["[\s\S]*"type":"round-finished"/;
	const deadline = Date.now() + HANG_MS;
	while (!(when === "within" ? changed : ended).test(started.out()) && Date.now() < deadline) await sleep(2);
	started.kill();
	const { out, code } = await started.ended;
	expect(code).toBeNull();
	expect(out).not.toContain("run-finished");
	while (processesNaming(cli.folder).length > 0 && Date.now() < deadline) await sleep(20);
	return /"runId":"([^"]+)"/.exec(out)?.[1] ?? "";
}

function texts(root: string): readonly string[] {
	return FILES.map((file) => readFileSync(join(root, file), "utf8"));
}

test("F56: a killed run is told of, goes on with its rounds and its model, and is undone as one", async () => {
	const root = temporaryWorkspace(PROJECT);
	const runId = await killedRun(root, "after");
	const resumed = await cli.run(
		"run",
		"--resume",
		"--workspace",
		root,
		"--json",
		"--approve",
		"edits",
		"--sandbox",
		"off",
	);
	expect(resumed.code).toBe(0);
	expect(resumed.out).toContain(`"runId":"${runId}"`);
	const [started] = resumed.out.split("\n");
	expect(started).toMatch(/"roundsBefore":[1-9]/);
	const rounds = Number(/"roundsBefore":(\d+)/.exec(started ?? "")?.[1]);
	expect(resumed.out).toContain(`"type":"round-started","round":${rounds + 1},`);
	expect(resumed.out).not.toContain(`"type":"round-started","round":${rounds},`);
	expect(texts(root)).not.toEqual(FILES.map((file) => PROJECT[file]));

	const undone = await cli.run("undo", "--workspace", root);
	expect(undone.code).toBe(0);
	expect(texts(root)).toEqual(FILES.map((file) => PROJECT[file]));
	const again = await cli.run("run", "--resume", "--workspace", root);
	expect(again.code).toBe(2);
	expect(again.err).toContain("no run that was cut off");
});

test("F56 F38: a new run says that the last was cut off; its stale lock holds nobody up; undo takes it back", async () => {
	const root = temporaryWorkspace(PROJECT);
	const runId = await killedRun(root, "within");
	const next = await cli.run("run", TASK, "--workspace", root, "--max-rounds", "1", ...PRACTICE);
	expect(next.err).toContain(`The run "${TASK}" was cut off after`);
	expect(next.err).toContain("jetbox run --resume");
	expect(next.err).toContain(`jetbox undo --run ${runId}`);
	// Newest first, as the files were changed.
	for (const _run of ["new", "killed"]) await cli.run("undo", "--workspace", root);
	expect(texts(root)).toEqual(FILES.map((file) => PROJECT[file]));
});

test("F38: while a run is at work, a second run and an undo there are refused, and the first is not disturbed", async () => {
	const root = temporaryWorkspace(PROJECT);
	const first = cli.start(["run", TASK, "--workspace", root, "--json", ...PRACTICE]);
	const deadline = Date.now() + HANG_MS;
	while (!first.out().includes("probe-started") && Date.now() < deadline) await sleep(5);
	const second = await cli.run("run", TASK, "--workspace", root, ...PRACTICE);
	if (!first.out().includes("run-finished")) {
		expect(second.code).toBe(2);
		expect(second.err).toContain("A run of Jetbox is at work");
	}
	expect((await first.ended).code).toBe(0);
});

test("what --resume does not take is said", async () => {
	const root = temporaryWorkspace(PROJECT);
	expect((await cli.run("run", "--resume", "--workspace", root)).err).toContain("no run that was cut off");
	expect((await cli.run("run", "--resume", "no-such-run", "--workspace", root)).err).toContain("cannot go on");
	expect((await cli.run("run", "--resume", "a new task", "--workspace", root)).err).toContain("the id of a run");
});

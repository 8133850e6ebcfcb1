/** The command line as people run it: the real bundles, real projects, exit codes, and nothing left behind. */
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseRoundLines } from "../../../src/core/round-line.ts";
import { type BuiltCli, buildCli, HANG_MS, jsonLines } from "../../fixtures/built-cli.ts";
import { processesNaming } from "../../fixtures/processes.ts";
import { removeBusy, temporaryWorkspace } from "../../fixtures/workspace.ts";

const unfixable = join(import.meta.dirname, "../../fixtures/unfixable");
const PRACTICE = ["--model", "practice", "--approve", "edits", "--sandbox", "off"];
const TASK = "Make the failing tests pass";
const FAILING_PROJECT = {
	"prices.py": "def total(prices):\n    return sum(price)\n",
	"test_prices.py": "from prices import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n",
};

let cli: BuiltCli;
beforeAll(async () => {
	cli = await buildCli();
});
afterAll(() => cli.remove());

/** A project whose test tells by a file that it runs, and ends only when that is gone. */
function hangingProject(): { readonly root: string; readonly running: () => Promise<void> } {
	const root = temporaryWorkspace({
		"test_slow.py":
			"import os, time\n\n\ndef test_slow():\n    open('ran', 'w').close()\n    while os.path.exists('ran'):\n        time.sleep(0.02)\n",
	});
	const running = async () => {
		const deadline = Date.now() + HANG_MS;
		while (!existsSync(join(root, "ran")) && Date.now() < deadline) await sleep(20);
		expect(existsSync(join(root, "ran"))).toBe(true);
	};
	return { root, running };
}

async function nothingNames(text: string): Promise<readonly string[]> {
	const deadline = Date.now() + 10_000;
	while (processesNaming(text).length > 0 && Date.now() < deadline) await sleep(50);
	return processesNaming(text);
}

describe("jetbox probe", () => {
	test("twice in a row is a hit the second time, and a miss after an edit", async () => {
		const root = temporaryWorkspace(FAILING_PROJECT);
		const probe = async () => {
			const { code, out } = await cli.run("probe", "--workspace", root, "--sandbox", "off", "--json");
			const finished = jsonLines(out).filter(({ type }) => type === "probe-finished");
			const caches = Object.fromEntries(finished.map(({ probe, cache }) => [probe, cache]));
			return { code, caches, why: finished.map(({ why }) => why) };
		};
		expect(await probe()).toMatchObject({ code: 1, caches: { pytest: "miss", ruff: "miss" } });
		const unchanged = "unchanged since an earlier session";
		const again = { code: 1, caches: { pytest: "hit", ruff: "hit" }, why: [unchanged, unchanged] };
		expect(await probe()).toEqual(again);
		writeFileSync(join(root, "prices.py"), "def total(prices):\n    return sum(prices)\n");
		expect(await probe()).toMatchObject({ code: 0, caches: { pytest: "miss", ruff: "miss" } });
		const people = await cli.run("probe", "--workspace", root, "--sandbox", "off");
		expect(people).toMatchObject({
			code: 0,
			out: expect.stringMatching(/^green: 1 passed, lint clean \(\d+ ms; unchanged since an earlier session\)$/m),
		});
	});
});

describe("jetbox run", () => {
	test("makes a failing project green, says so as events, and undo puts every byte back", async () => {
		const root = temporaryWorkspace(FAILING_PROJECT);
		const ran = await cli.run("run", TASK, "--workspace", root, "--json", ...PRACTICE);
		expect(ran).toMatchObject({ code: 0, err: "" });
		const events = jsonLines(ran.out);
		expect(events.map((event) => event["seq"])).toEqual(events.map((_, index) => index));
		expect(events[0]).toMatchObject({ type: "run-started", task: TASK, workspace: root, model: "practice" });
		expect(events.at(-1)).toMatchObject({
			type: "run-finished",
			outcome: { kind: "green" },
			filesChanged: ["prices.py"],
		});
		expect(readFileSync(join(root, "prices.py"), "utf8")).not.toBe(FAILING_PROJECT["prices.py"]);
		// Bytecode is the tests' own trace; Jetbox leaves none in the project.
		expect(
			readdirSync(root)
				.filter((name) => name !== "__pycache__")
				.sort(),
		).toEqual(["prices.py", "test_prices.py"]);
		expect(await nothingNames(cli.folder)).toEqual([]);

		const probed = await cli.run("probe", "--workspace", root, "--sandbox", "off");
		expect(probed.code).toBe(0);

		const undone = await cli.run("undo", "--workspace", root);
		expect(undone).toMatchObject({ code: 0, err: "" });
		expect(undone.out).toContain("restored prices.py");
		expect(readFileSync(join(root, "prices.py"), "utf8")).toBe(FAILING_PROJECT["prices.py"]);

		const again = await cli.run("undo", "--workspace", root);
		expect(again.code).toBe(2);
		expect(again.err).toContain("no run to undo");
	});

	test("undo takes one round back alone, and a file that was changed since as --changed says", async () => {
		const root = temporaryWorkspace(FAILING_PROJECT);
		const prices = join(root, "prices.py");
		const ran = await cli.run("run", TASK, "--workspace", root, "--json", ...PRACTICE);
		const changing = jsonLines(ran.out).find(
			(event) => event["type"] === "tool-finished" && String(event["files"]) === "prices.py",
		);
		const round = String(changing?.["round"]);
		appendFileSync(prices, "# mine\n");
		const kept = await cli.run("undo", "--workspace", root, "--round", round);
		expect(kept).toMatchObject({ code: 1 });
		expect(kept.out).toContain("left as it is: prices.py (it was changed after the run)");
		expect(kept.err).toContain("--changed");
		expect(readFileSync(prices, "utf8")).toContain("# mine");
		const restored = await cli.run("undo", "--workspace", root, "--round", round, "--changed", "restore");
		expect(restored).toMatchObject({ code: 0, err: "" });
		expect(readFileSync(prices, "utf8")).toBe(FAILING_PROJECT["prices.py"]);
	});

	test("what nothing mends ends with 1, in words, and with a reason", async () => {
		const root = temporaryWorkspace();
		cpSync(unfixable, root, { recursive: true });
		const { code, out } = await cli.run("run", TASK, "--workspace", root, "--max-rounds", "3", ...PRACTICE);
		expect(code).toBe(1);
		expect(out).toMatch(/^STOPPED: .*failed/m);
		expect(out).toContain("Next: ");
	});

	test("--log appends one ROUND line a round, also where the run ends without green", async () => {
		const root = temporaryWorkspace();
		cpSync(unfixable, root, { recursive: true });
		const log = join(cli.folder, "rounds.log");
		await cli.run("run", TASK, "--workspace", root, "--max-rounds", "2", "--log", log, ...PRACTICE);
		const lines = readFileSync(log, "utf8").trimEnd().split("\n");
		expect(lines.length).toBeGreaterThan(0);
		expect(lines.filter((line) => !line.startsWith("ROUND "))).toEqual([]);
	});

	test("F58: two runs at the same time share a --log: no line is lost, and none is mixed with another", async () => {
		const log = join(cli.folder, "shared.log");
		const roots = ["one", "other"].map(() => temporaryWorkspace());
		for (const root of roots) cpSync(unfixable, root, { recursive: true });
		const runs = roots.map((root) =>
			cli.run("run", TASK, "--workspace", root, "--max-rounds", "2", "--json", "--log", log, ...PRACTICE),
		);
		const ended = (await Promise.all(runs)).flatMap(({ out }) => jsonLines(out));
		const rounds = ended.filter(({ type }) => type === "round-finished");
		const lines = readFileSync(log, "utf8").trimEnd().split("\n");
		expect(lines.filter((line) => parseRoundLines(line).length !== 1)).toEqual([]);
		expect(lines).toHaveLength(rounds.length);
		expect(lines.filter((line) => line.startsWith("ROUND 1 |"))).toHaveLength(2);
	});

	test("F01: a server that is not there is 2, with the command that starts it", async () => {
		const root = temporaryWorkspace(FAILING_PROJECT);
		const { code, err } = await cli.run(
			...["run", TASK, "--workspace", root, "--server", "http://127.0.0.1:9", "--approve", "edits", "--sandbox", "off"],
		);
		expect(code).toBe(2);
		expect(err).toContain("ollama serve");
		expect(err).not.toContain("    at ");
		expect(await nothingNames(cli.folder)).toEqual([]);
	});

	test("an interrupt during a test ends with 130, and with every process that was started", async () => {
		const { root, running } = hangingProject();
		const started = cli.start(["run", TASK, "--workspace", root, ...PRACTICE]);
		await running();
		expect(processesNaming(cli.folder).length).toBeGreaterThan(0);
		started.interrupt();
		expect((await started.ended).code).toBe(130);
		expect(await nothingNames(cli.folder)).toEqual([]);
		expect(await nothingNames(root)).toEqual([]);
	});

	test("a second interrupt does not wait, ends with 130 too, and leaves nothing either", async () => {
		const { root, running } = hangingProject();
		const started = cli.start(["run", TASK, "--workspace", root, ...PRACTICE]);
		await running();
		started.interrupt();
		started.interrupt();
		expect((await started.ended).code).toBe(130);
		expect(await nothingNames(cli.folder)).toEqual([]);
		expect(await nothingNames(root)).toEqual([]);
	});

	test("a folder that is removed during the run ends it in words, with nothing left", async () => {
		const { root, running } = hangingProject();
		const started = cli.start(["run", TASK, "--workspace", root, "--json", ...PRACTICE]);
		await running();
		await removeBusy(root);
		const { code, out } = await started.ended;
		expect(code).toBe(2);
		expect(jsonLines(out).at(-1)).toMatchObject({
			type: "run-finished",
			outcome: { kind: "failed", reason: expect.stringContaining("is gone") },
		});
		expect(await nothingNames(cli.folder)).toEqual([]);
	});
});

describe("what does not fit is 2 and names the next step", () => {
	test.each([
		["a folder that is not there", ["run", TASK, "--workspace", "no/such/folder", ...PRACTICE], "--workspace"],
		["asking without a terminal", ["run", TASK, "--model", "practice", "--approve", "ask"], "--approve edits"],
		["an unknown command", ["walk"], "--help"],
		["an unknown option", ["run", TASK, "--fast"], "--help"],
		["no task", ["run"], "in quotes"],
		["an empty task", ["run", "  ", ...PRACTICE], "in quotes"],
		["undo where nothing ran", ["undo", "--workspace", tmpdir()], "--workspace"],
	])("%s", async (_what, args, hint) => {
		const { code, out, err } = await cli.run(...args);
		expect(code).toBe(2);
		expect(err).toContain(hint);
		expect(out).toBe("");
	});
});

test("--version and --help are 0", async () => {
	expect(await cli.run("--version")).toEqual({ code: 0, out: "9.9.9\n", err: "" });
	const help = await cli.run("--help");
	expect(help.code).toBe(0);
	for (const command of ["run", "probe", "doctor", "models", "compare", "undo"]) expect(help.out).toContain(command);
});

/** doctor, models, probe --watch and compare, as people run them. */
import { execFileSync, spawnSync } from "node:child_process";
import { openSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { IDLE_SERVER, startReplayServer } from "../../fakes/replay-server.ts";
import { type BuiltCli, buildCli, HANG_MS, jsonLines } from "../../fixtures/built-cli.ts";
import { processesIn, processesNaming } from "../../fixtures/processes.ts";
import { venvPython } from "../../fixtures/venv.ts";
import { temporaryWorkspace } from "../../fixtures/workspace.ts";

const NO_SERVER = ["--server", "http://127.0.0.1:9"];

let cli: BuiltCli;
beforeAll(async () => {
	cli = await buildCli();
});
afterAll(() => cli.remove());

async function until(holds: () => boolean): Promise<void> {
	const deadline = Date.now() + HANG_MS;
	while (!holds() && Date.now() < deadline) await sleep(20);
	expect(holds()).toBe(true);
}

describe("jetbox doctor", () => {
	test("F01: without a server says so, says what to do, checks the rest, and is 1", async () => {
		const { code, out } = await cli.run("doctor", "--workspace", temporaryWorkspace(), "--json", ...NO_SERVER);
		expect(code).toBe(1);
		const found: unknown = JSON.parse(out);
		const check = (expected: object) => expect.objectContaining(expected);
		expect(found).toEqual({
			checks: expect.arrayContaining([
				check({ name: "server", state: "missing", fix: expect.stringContaining("ollama serve") }),
				check({ name: "pytest", state: "ok" }),
				check({ name: "ruff", state: "ok" }),
			]),
		});
	});

	test("with a server and a model is 0, whatever the sandbox", async () => {
		const { url } = await startReplayServer(IDLE_SERVER);
		const { code, out } = await cli.run("doctor", "--workspace", temporaryWorkspace(), "--server", url);
		expect(out).toMatch(/^server +ok/m);
		expect(out).toMatch(/^model +ok/m);
		expect(code).toBe(0);
	});
});

describe("A60 a server on another machine", () => {
	test("gets no prompt without a terminal to ask on: 2, and the flag that allows it", async () => {
		const { code, err } = await cli.run("run", "x", "--workspace", temporaryWorkspace(), "--server", "192.0.2.7");
		expect(code).toBe(2);
		expect(err).toContain("http://192.0.2.7:11434");
		expect(err).toContain("--allow-remote");
	});
});

describe("jetbox models", () => {
	test("lists what is installed, with one marked as what auto takes", async () => {
		const { url } = await startReplayServer(IDLE_SERVER);
		const { code, out } = await cli.run("models", "--server", url, "--json");
		expect(code).toBe(0);
		const found: unknown = JSON.parse(out);
		expect(found).toMatchObject({ server: url, models: expect.any(Array), auto: expect.any(String) });
		const words = await cli.run("models", "--server", url);
		expect(words.out.split("\n").filter((line) => / auto/.test(line))).toHaveLength(1);
	});

	test("F01: without a server is 2", async () => {
		const { code, err } = await cli.run("models", ...NO_SERVER);
		expect(code).toBe(2);
		expect(err).toContain("ollama serve");
	});
});

describe("jetbox probe", () => {
	const files = { "test_a.py": "def test_a():\n    assert 1 == 2\n" };

	test("a failing workspace is 1, with the place of each finding", async () => {
		const root = temporaryWorkspace(files);
		const { code, out } = await cli.run("probe", "--workspace", root, "--sandbox", "off");
		expect(code).toBe(1);
		expect(out).toMatch(/^test_a\.py:2:\d+ /m);
		expect(out).toMatch(/^failing: /m);
		expect(out).toMatch(/^pytest: wave C, spawned, \d+ ms; first probe/m);
		expect(out).toMatch(/^ruff: command-line, \d+ ms; first probe$/m);
	});

	test("--watch judges again after a change, and an interrupt ends it with all its processes", async () => {
		const root = temporaryWorkspace(files);
		const watching = cli.start(["probe", "--workspace", root, "--watch", "--sandbox", "off"]);
		await until(() => /^failing: /m.test(watching.out()));
		writeFileSync(join(root, "test_a.py"), "def test_a():\n    assert 2 == 2\n");
		await until(() => /^green: /m.test(watching.out()));
		watching.interrupt();
		expect((await watching.ended).code).toBe(130);
		await until(() => processesNaming(cli.folder).length === 0);
	});
});

test("jetbox probe --watch into a file of the folder itself ends, and says where to write it", () => {
	const root = temporaryWorkspace({ "test_a.py": "def test_a():\n    assert True\n" });
	const file = join(root, "out.jsonl");
	const { status, stderr } = spawnSync(
		process.execPath,
		[join(cli.folder, "cli.js"), "probe", "--workspace", root, "--watch", "--json", "--sandbox", "off"],
		{
			stdio: ["ignore", openSync(file, "w"), "pipe"],
			env: { ...process.env, VIRTUAL_ENV: dirname(dirname(venvPython)), XDG_STATE_HOME: join(cli.folder, "state") },
			encoding: "utf8",
			timeout: HANG_MS,
		},
	);
	expect(status).toBe(2);
	expect(stderr).toContain(`The output goes to ${file}, in the folder that is watched`);
	expect(stderr).toContain("outside of the folder");
	expect(processesIn(root)).toEqual([]);
});

describe("jetbox probe --watch --json on a project that moves", () => {
	const files = {
		"conftest.py": "",
		"shop/__init__.py": "",
		"shop/prices.py": "def price(name):\n    return len(name) * 2\n",
		"shop/stock.py": "def stock(name):\n    return len(name)\n",
		"tests/test_prices.py": "from shop.prices import price\n\n\ndef test_price():\n    assert price('tea') == 6\n",
		"tests/test_stock.py": "from shop.stock import stock\n\n\ndef test_stock():\n    assert stock('tea') == 3\n",
		"tests/test_one.py": "def test_one():\n    assert True\n",
		"tests/test_two.py": "def test_two():\n    assert True\n",
	};

	test("tells one verdict for a hand's edit, a checkout and a script, each with form, wave and why", async () => {
		const root = temporaryWorkspace(files);
		const git = (...args: readonly string[]) =>
			execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.invalid", ...args], { cwd: root });
		git("init", "-q", "-b", "main");
		git("add", ".");
		git("commit", "-qm", "one");
		const watching = cli.start([
			...["probe", "--workspace", root, "--watch", "--json", "--wave", "affected", "--sandbox", "off"],
		]);
		const events = () => jsonLines(watching.out().slice(0, watching.out().lastIndexOf("\n") + 1));
		const verdicts = () => events().filter(({ type }) => type === "verdict");
		const next = async (count: number) => {
			await until(() => verdicts().length >= count);
			return verdicts().at(-1);
		};
		expect(await next(1)).toMatchObject({ state: "green", files: [], detail: "4 passed, lint clean" });

		// A hand: one file, of which one test knows.
		writeFileSync(join(root, "shop/prices.py"), "def price(name):\n    return len(name) * 3\n");
		expect(await next(2)).toMatchObject({
			state: "failing",
			files: ["shop/prices.py"],
			failing: ["tests/test_prices.py::test_price"],
			delta: { added: 1, fixed: 0 },
		});
		const pytest = events().findLast(({ type, probe }) => type === "probe-finished" && probe === "pytest");
		expect(pytest).toMatchObject({
			wave: "A",
			scope: "affected",
			form: expect.any(String),
			why: expect.stringMatching(/^1 file changed; 1 test file affected/),
		});

		// git: what is affected passes, then the whole; one verdict for both, which names the file.
		git("checkout", "-q", "--", ".");
		expect(await next(3)).toMatchObject({ state: "green", files: ["shop/prices.py"], delta: { fixed: 1, added: 0 } });
		// An answer that is known already takes no process.
		expect(events().findLast(({ type, probe }) => type === "probe-finished" && probe === "pytest")).toMatchObject({
			cache: "hit",
			form: null,
			wave: null,
		});
		writeFileSync(join(root, "shop/prices.py"), "def price(name):\n    return 2 * len(name)\n");
		expect(await next(4)).toMatchObject({ state: "green", files: ["shop/prices.py"] });
		expect(
			events()
				.filter(({ type, probe }) => type === "probe-finished" && probe === "pytest")
				.slice(-2)
				.map(({ wave }) => wave),
		).toEqual(["A", "C"]);

		// A script: each file, one after the other.
		execFileSync("sh", ["-c", "for f in shop/*.py; do echo 'import os' >> $f; done"], { cwd: root });
		await until(() => String(verdicts().at(-1)?.["detail"]).includes("5 lint findings"));
		expect(verdicts().at(-1)).toMatchObject({ state: "failing", failing: [] });

		watching.interrupt();
		expect((await watching.ended).code).toBe(130);
		await until(() => [...processesNaming(cli.folder), ...processesIn(root)].length === 0);
	});

	test("a change ends the probe of what was before it, and what came back to the same is told", async () => {
		const endless = "import time\n\n\ndef test_one():\n    while True:\n        time.sleep(0.05)\n";
		const passing = "def test_one():\n    assert True\n";
		const root = temporaryWorkspace({ "test_one.py": passing });
		const watching = cli.start(["probe", "--workspace", root, "--watch", "--json", "--sandbox", "off"]);
		const events = () => jsonLines(watching.out().slice(0, watching.out().lastIndexOf("\n") + 1));
		const verdicts = () => events().filter(({ type }) => type === "verdict");
		const startedTests = () => events().filter(({ type, wave }) => type === "probe-started" && wave === "C").length;
		await until(() => verdicts().length === 1);
		writeFileSync(join(root, "test_one.py"), endless);
		await until(() => startedTests() === 2);
		writeFileSync(join(root, "test_one.py"), passing);
		await until(() => verdicts().length === 2);
		expect(verdicts().at(-1)).toMatchObject({ state: "green", files: [], delta: { fixed: 0, added: 0 } });
		watching.interrupt();
		expect((await watching.ended).code).toBe(130);
		await until(() => [...processesNaming(cli.folder), ...processesIn(root)].length === 0);
	});
});

describe("jetbox compare", () => {
	const line = (round: number, total: number) =>
		`ROUND ${round} | model ${total - 10} ms (load 0, prefill 1, decode 0; 7 tok in, cached unknown, 4 out) | probe 10 ms (ruff 5, pytest 5, files 2; hit) | context 0 ms | tools 0 ms | total ${total} ms | 2 failing, 0 fixed`;

	test("sets two logs side by side, with ratios and sums", async () => {
		const root = temporaryWorkspace({
			"before.log": `${line(1, 100)}\nsomething else\n${line(2, 100)}\n`,
			"after.log": `${line(1, 50)}\n`,
		});
		const { code, out } = await cli.run("compare", join(root, "before.log"), join(root, "after.log"));
		expect(code).toBe(0);
		const rows = out.split("\n");
		expect(rows[1]).toContain("100 -> 50 (2.00x)");
		expect(rows[2]).toContain("100 -> -");
		expect(rows[3]).toContain("200 -> 50 (4.00x)");
	});

	test.each(["nothing.log", "empty.log"])("%s holds nothing to compare: 2, and says which file", async (name) => {
		const root = temporaryWorkspace({ "good.log": `${line(1, 100)}\n`, "empty.log": "no rounds\n" });
		const { code, err } = await cli.run("compare", join(root, "good.log"), join(root, name));
		expect(code).toBe(2);
		expect(err).toContain(name);
	});
});

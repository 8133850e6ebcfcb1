/** Models that do what models do at their worst, behind a real server's wire: each run ends, honestly, and destroys nothing (issue 7). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OBEDIENT, startObedientModel, type Turn } from "../../fakes/obedient-model.ts";
import { type BuiltCli, buildCli, jsonLines } from "../../fixtures/built-cli.ts";
import { temporaryWorkspace } from "../../fixtures/workspace.ts";

const TASK = "Make the failing test pass";
const CODE = "def total(prices):\n    return sum(price)\n";
const TESTS = "from prices import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n";
const MENDED = CODE.replace("sum(price)", "sum(prices)");
const MAX_ROUNDS = 6;

let cli: BuiltCli;
beforeAll(async () => {
	cli = await buildCli();
});
afterAll(() => cli.remove());

function write(path: string, content: string): Turn {
	return [{ name: "write_file", arguments: { path, content } }];
}

async function runWith(turns: readonly Turn[], code = CODE) {
	const root = temporaryWorkspace({ "prices.py": code, "test_prices.py": TESTS });
	const model = await startObedientModel(turns, TASK);
	try {
		const { code: exit, out } = await cli.run(
			...["run", TASK, "--workspace", root, "--server", model.url, "--model", OBEDIENT, "--protocol", "native"],
			...["--approve", "edits", "--sandbox", "off", "--max-rounds", String(MAX_ROUNDS), "--json"],
		);
		const events = jsonLines(out);
		return {
			exit,
			reason: JSON.stringify(events.at(-1)),
			calls: events.filter(({ type }) => type === "model-started").length,
			codes: events.filter(({ type }) => type === "tool-finished").map((event) => event["code"]),
			prices: readFileSync(join(root, "prices.py"), "utf8"),
			tests: readFileSync(join(root, "test_prices.py"), "utf8"),
		};
	} finally {
		await model.close();
	}
}

test("one that only talks is reminded once, and the run ends without green", async () => {
	const ran = await runWith(Array<Turn>(9).fill("I would look at the sum first."));
	expect(ran).toMatchObject({ exit: 1, calls: 2, prices: CODE, tests: TESTS });
	expect(ran.reason).toContain("The model changed nothing");
});

test("one that repeats a call is told so, asked in other ways, and ended", async () => {
	const ran = await runWith(Array<Turn>(9).fill([{ name: "read_file", arguments: { path: "prices.py" } }]));
	expect(ran).toMatchObject({ exit: 1, prices: CODE, tests: TESTS });
	expect(ran.codes).toContain("repeated-call");
	expect(ran.calls).toBeLessThanOrEqual(MAX_ROUNDS);
});

test("prose in a file's place is never written", async () => {
	const ran = await runWith(Array<Turn>(9).fill(write("prices.py", "Sure! Here is the fixed file: it adds prices.")));
	expect(ran).toMatchObject({ exit: 1, prices: CODE, tests: TESTS });
	expect(ran.codes[0]).toBe("syntax-error");
});

test("one that empties or deletes the tests is refused, and gets no green for it", async () => {
	const remove: Turn = [{ name: "delete_file", arguments: { path: "test_prices.py" } }];
	const ran = await runWith([remove, write("test_prices.py", "def test_nothing():\n    pass\n"), remove]);
	expect(ran).toMatchObject({ exit: 1, prices: CODE, tests: TESTS });
	expect(ran.codes).not.toContain("ok");
});

test("one that answers in another language is an answer like any other: reminded, then done with", async () => {
	const mends = await runWith(["我会修复这个问题。", write("prices.py", MENDED)]);
	expect(mends.reason).toContain("All green");
	expect(mends).toMatchObject({ exit: 0, calls: 2, prices: MENDED, tests: TESTS });
	const talks = await runWith(Array<Turn>(9).fill("我会修复这个问题。"));
	expect(talks).toMatchObject({ exit: 1, calls: 2, prices: CODE });
});

test("one that never stops is stopped, and nothing of its answer is done", async () => {
	const ran = await runWith(Array<Turn>(9).fill("and so on ".repeat(2_000)));
	expect(ran).toMatchObject({ exit: 1, codes: [], prices: CODE, tests: TESTS });
	expect(ran.calls).toBeLessThanOrEqual(MAX_ROUNDS);
});

test("what is green already ends at once, without a model call, and says so", async () => {
	const ran = await runWith([write("prices.py", "broken(")], MENDED);
	expect(ran).toMatchObject({ exit: 0, calls: 0, prices: MENDED, tests: TESTS });
	expect(ran.reason).toContain("Nothing to do");
});

test("what cannot be solved ends by its limit, says what was tried, and leaves the last try where it is", async () => {
	const tries = Array.from({ length: 9 }, (_, at) => `def total(prices):\n    return ${at + 10}\n`);
	const ran = await runWith(tries.map((text) => write("prices.py", text)));
	expect(ran).toMatchObject({ exit: 1, calls: MAX_ROUNDS, prices: tries[MAX_ROUNDS - 1], tests: TESTS });
	expect(ran.reason).toContain(`The limit of ${MAX_ROUNDS} rounds is reached`);
	expect(ran.reason).toContain(`Changed in vain: prices.py (${MAX_ROUNDS} times)`);
});

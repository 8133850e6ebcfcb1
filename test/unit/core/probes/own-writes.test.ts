/** Whom a file is put down to that changed while tests ran: one row for each thing that decides. */
import { expect, test } from "vitest";
import { isAsLeft, judgeChanges, type RunTraces } from "../../../../src/core/probes/own-writes.ts";

/** Letters after the file: w for seen to be written, t for a time within the run. */
function traces(...files: readonly string[]): RunTraces {
	const named = files.map((file) => file.split(":"));
	const having = (letter: string) =>
		new Set(named.filter(([, letters = ""]) => letters.includes(letter)).map(([name = ""]) => name));
	return { changed: named.map(([name = ""]) => name), written: having("w"), timely: having("t") };
}

const SETTLED = { kind: "settled" } as const;
const FOREIGN = { kind: "foreign" } as const;
const likely = (...files: readonly string[]) => ({ kind: "likely", files });

test.each([
	["nothing changed", traces(), null, [], SETTLED],
	["a known file", traces("log.txt"), null, ["log.txt"], SETTLED],
	["a first run, though seen", traces("log.txt:wt"), null, [], FOREIGN],
	["seen in two runs", traces("log.txt:w"), traces("log.txt:w"), [], SETTLED],
	["seen in the second alone", traces("log.txt:w"), traces("log.txt"), [], FOREIGN],
	["in time in two runs, and not seen", traces("log.txt:t"), traces("log.txt:wt"), [], likely("log.txt")],
	["in time once", traces("log.txt:t"), traces("log.txt"), [], FOREIGN],
	["another file than before", traces("log.txt:wt"), traces("data.txt:wt"), [], FOREIGN],
	["one seen, one not", traces("a:wt", "b:t"), traces("a:wt", "b:t"), [], likely("b")],
	["one seen, one of somebody else", traces("a:wt", "b"), traces("a:wt", "b"), [], FOREIGN],
	["one known, one seen", traces("a", "b:w"), traces("b:w"), ["a"], SETTLED],
	["a source, whoever wrote it", traces("gen.py:wt"), traces("gen.py:wt"), ["gen.py"], FOREIGN],
] as const)("%s", (_, now, before, known, expected) => {
	expect(judgeChanges(now, before, new Set<string>(known))).toEqual(expected);
});

test("a file is as the tests left it only with the same content, or gone where they removed it", () => {
	const own = new Map([
		["log.txt", "one"],
		["gone.txt", null],
	]);
	const content = new Map([
		["log.txt", "one"],
		["other.txt", "one"],
	]);
	const asLeft = (now: ReadonlyMap<string, string>) =>
		["log.txt", "gone.txt", "other.txt"].filter((file) => isAsLeft(own, file, now));
	expect(asLeft(content)).toEqual(["log.txt", "gone.txt"]);
	expect(asLeft(new Map([["log.txt", "two"]]))).toEqual(["gone.txt"]);
	expect(asLeft(new Map([["gone.txt", "back"]]))).toEqual([]);
});

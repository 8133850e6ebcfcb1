/** Every case of the threat list is in a test's name, or stands with its reason in docs/safety.md. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** The cases, by number; numbers that are not there were never given. */
const CASES: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
	A: [
		[1, 7],
		[9, 23],
		[25, 34],
		[36, 37],
		[39, 48],
		[50, 56],
		[58, 64],
		[67, 77],
	],
	F: [
		[1, 14],
		[16, 33],
		[36, 59],
		[61, 73],
		[75, 75],
		[77, 79],
	],
};
/** Within the ranges, but never given. */
const NEVER_GIVEN = new Set(["A24", "A08", "A35", "A38", "F15", "F74"]);
const ID = /\b[AF]\d\d\b/g;

function allIds(): readonly string[] {
	return Object.entries(CASES)
		.flatMap(([letter, ranges]) =>
			ranges.flatMap(([first, last]) =>
				Array.from({ length: last - first + 1 }, (_, index) => `${letter}${String(first + index).padStart(2, "0")}`),
			),
		)
		.filter((id) => !NEVER_GIVEN.has(id));
}

/** Ids in the strings of test files: their titles, and the names in their tables. */
function namedIds(): ReadonlySet<string> {
	const files = ["unit", "safety", "host", "ui", "server"].flatMap((folder) =>
		readdirSync(join(ROOT, "test", folder), { recursive: true, encoding: "utf8" })
			.filter((name) => name.endsWith(".test.ts"))
			.filter((name) => name !== "ids.test.ts" || folder !== "safety")
			.map((name) => readFileSync(join(ROOT, "test", folder, name), "utf8")),
	);
	return new Set(
		files.flatMap((text) => (text.match(/"[^"\n]*"/g) ?? []).flatMap((literal) => literal.match(ID) ?? [])),
	);
}

function explainedIds(): readonly string[] {
	const [, table = ""] = readFileSync(join(ROOT, "docs/safety.md"), "utf8").split("## Cases without a test");
	return [...table.matchAll(/^\| ([AF]\d\d) \| .{20,} \|$/gm)].map(([, id = ""]) => id);
}

test("every case is named by a test or explained", () => {
	const known = new Set([...namedIds(), ...explainedIds()]);
	expect(allIds().filter((id) => !known.has(id))).toEqual([]);
});

test("what is explained away has no test after all", () => {
	const named = namedIds();
	expect(explainedIds().filter((id) => named.has(id))).toEqual([]);
	expect(explainedIds().length).toBeGreaterThan(0);
});

test("each promise and each file that the page names is there", () => {
	const page = readFileSync(join(ROOT, "docs/safety.md"), "utf8");
	for (let number = 1; number <= 17; number += 1) expect(page).toContain(`| P${number} |`);
	const files = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" });
	for (const [, path = ""] of page.matchAll(/`((?:test\/)?[\w/-]+\.test\.ts)`/g))
		expect(
			files.some((name) => `test/${name}`.endsWith(path)),
			path,
		).toBe(true);
});

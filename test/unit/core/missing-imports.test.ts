/** Names that a file of the run's uses and does not import: when the line can be added without the model, and which it is. */
import { describe, expect, test } from "vitest";
import { missingImports } from "../../../src/core/missing-imports.ts";
import { createMemoryWorkspace } from "../../fakes/memory-workspace.ts";
import { reportOfSketch } from "../../fakes/reports.ts";

const NEVER = new AbortController().signal;
const TEST = "tests/test_convert.py";
const MODULE = {
	"temperature/convert.py": "def to_celsius(f):\n    return f\n\n\ndef to_fahrenheit(c):\n    return c\n",
};

function undefinedIn(file: string, ...names: readonly string[]) {
	return reportOfSketch({ lint: names.map((name, index) => `${file}:${index + 1} F821 Undefined name \`${name}\``) });
}

async function linesFor(
	files: Readonly<Record<string, string>>,
	report = undefinedIn(TEST, "to_fahrenheit", "to_celsius"),
	touched: readonly string[] = [TEST],
): Promise<readonly string[]> {
	const found = await missingImports(report, new Set(touched), createMemoryWorkspace(files), NEVER);
	return [...found.values()].flat();
}

describe("a name that is not imported", () => {
	test("comes from the one module that defines it, all of one module's in one line", async () => {
		expect(await linesFor(MODULE)).toEqual(["from temperature.convert import to_celsius, to_fahrenheit"]);
	});

	test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
		["a constant", { "limits.py": "to_celsius = 3\n" }, ["from limits import to_celsius"]],
		["a package", { "heat/__init__.py": "class to_celsius:\n    pass\n" }, ["from heat import to_celsius"]],
		["a source root", { "src/heat/a.py": "def to_celsius():\n    pass\n" }, ["from heat.a import to_celsius"]],
		["two modules", { ...MODULE, "other.py": "def to_celsius():\n    pass\n" }, []],
		["a method", { "a.py": "class A:\n    def to_celsius(self):\n        pass\n" }, []],
		["another test", { "tests/test_a.py": "def to_celsius():\n    pass\n" }, []],
		["a file that cannot be imported", { "my-scripts/a.py": "def to_celsius():\n    pass\n" }, []],
		["no file", {}, []],
	])("defined by %s", async (_, files, expected) => {
		expect(await linesFor(files, undefinedIn(TEST, "to_celsius"))).toEqual(expected);
	});

	test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
		["re", {}, ["import re"]],
		["Path", {}, ["from pathlib import Path"]],
		["Path", { "maps.py": "class Path:\n    pass\n" }, ["from maps import Path"]],
		["Path", { "maps.py": "Path = 1\n", "ways.py": "Path = 2\n" }, []],
		["datetime", {}, []],
	])("%s means what it means nearly everywhere, unless the project has its own", async (name, files, expected) => {
		expect(await linesFor(files, undefinedIn(TEST, name))).toEqual(expected);
	});

	test("stays as it is in a file that the run did not touch, and in the module that defines it", async () => {
		expect(await linesFor(MODULE, undefined, [])).toEqual([]);
		const own = "temperature/convert.py";
		expect(await linesFor(MODULE, undefinedIn(own, "to_celsius"), [own])).toEqual([]);
	});

	test("stays as it is in a project too large to look through", async () => {
		const many = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`m${index}.py`, ""]));
		expect(await linesFor({ ...MODULE, ...many })).toEqual([]);
	});
});

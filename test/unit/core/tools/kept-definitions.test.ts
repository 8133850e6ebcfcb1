/** What a part of a file, sent as the whole, would have lost. */
import { expect, test } from "vitest";
import { lostDefinitions, withDefinitions, withUsedImports } from "../../../../src/core/tools/kept-definitions.ts";

const FILE = `"""What the readings say."""

from weather.station import read_all


def warmest(lines):
    return max(read_all(lines))


def mean(lines):
    readings = read_all(lines)
    return sum(readings)
`;
const PART = "def mean(lines):\n    readings = read_all(lines)\n    return sum(readings) / len(readings)\n";

test("a text that holds some of the file's functions and nothing else may be a part", () => {
	expect(lostDefinitions(FILE, PART)).toEqual(["warmest"]);
	expect(lostDefinitions(FILE, `${PART}\n\ndef extra():\n    pass\n`)).toEqual([]);
	expect(lostDefinitions(FILE, `LIMIT = 3\n\n\n${PART}`)).toEqual([]);
	expect(lostDefinitions(FILE, FILE)).toEqual([]);
	expect(lostDefinitions(FILE, "")).toEqual([]);
});

test("its functions take the place of those with their names, and its imports come to the head", () => {
	const text = withDefinitions(FILE, `import math\n\n\n${PART}`);
	expect(text).toBe(
		FILE.replace("from weather", "import math\nfrom weather").replace("sum(readings)", "sum(readings) / len(readings)"),
	);
});

test("decorators go with their function", () => {
	const before = "@cache\ndef one():\n    return 1\n\n\ndef two():\n    return one()\n";
	expect(withDefinitions(before, "def one():\n    return 2\n")).toBe(
		"def one():\n    return 2\n\n\ndef two():\n    return one()\n",
	);
});

test("an import whose name is still used is kept, behind the docstring; one that is used no more is not", () => {
	const before = '"""Doc."""\n\nimport re\nfrom a import b as c, d\nimport os\n\n\ndef f():\n    return 1\n';
	const given = '"""Doc."""\n\n\ndef f():\n    return re.match("x", c(d))\n';
	expect(withUsedImports(before, given)).toEqual({
		text: '"""Doc."""\n\nimport re\nfrom a import b as c, d\n\n\ndef f():\n    return re.match("x", c(d))\n',
		kept: ["import re", "from a import b as c, d"],
	});
});

test("a name that the text binds itself needs no import", () => {
	const before = "from a import b\nimport c\n\n\ndef f():\n    return b(c)\n";
	const given = "def b(x):\n    return x\n\n\nc = 1\n\n\ndef f():\n    return b(c)\n";
	expect(withUsedImports(before, given)).toEqual({ text: given, kept: [] });
});

test("without a docstring the imports are the first lines", () => {
	const { text } = withUsedImports("import re\n\nx = re.I\n", "def f():\n    return re.I\n");
	expect(text).toBe("import re\n\n\ndef f():\n    return re.I\n");
});

test("a docstring over several lines stays the first", () => {
	const { text } = withUsedImports("import re\nx = re.I\n", '"""One.\n\nTwo.\n"""\nx = re.I | 2\n');
	expect(text).toBe('"""One.\n\nTwo.\n"""\n\nimport re\nx = re.I | 2\n');
});

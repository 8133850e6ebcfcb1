import { expect, test } from "vitest";
import { definitionLine, testName } from "../../../../src/core/probes/test-place.ts";

const TEXT = [
	"def helper():",
	"    pass",
	"class TestOne:",
	"    def test_same(self): ...",
	"class TestTwo:",
	"    async def test_same(self): ...",
	"def test_same_but_longer(): ...",
	"def test_größe(): ...",
].join("\n");

test.each([
	["t.py::TestOne::test_same", 4],
	["t.py::TestTwo::test_same[a::b-1]", 6],
	["t.py::test_größe", 8],
	["t.py::TestThree::test_same", null],
	["t.py::test_same_but", null],
	["t.py", null],
])("%s is defined in line %s", (testId, line) => {
	expect(definitionLine(TEXT, testId)).toBe(line);
	expect(definitionLine(TEXT.replaceAll("\n", "\r\n"), testId)).toBe(line);
});

test("a person names a test without its file, and a file that was not collected by itself", () => {
	expect(testName("tests/t.py::TestOne::test_same[a]")).toBe("TestOne::test_same[a]");
	expect(testName("tests/t.py")).toBe("tests/t.py");
});

/** Repairs of what ruff has no fix for: each text with the findings that ruff has on it. */
import { expect, test } from "vitest";
import { linesToFormat, withRepairs } from "../../../src/core/lint-repairs.ts";
import type { LintFinding } from "../../../src/core/probes/finding.ts";

function found(code: string, line: number): LintFinding {
	const place = { file: "a.py", line, column: 1, endLine: line, endColumn: 2 };
	return { probe: "ruff", ...place, code, message: "", severity: "warning", url: null, fixable: false };
}

test.each<[string, string, readonly LintFinding[], string]>([
	[
		"a bare except",
		"try:\n    f()\nexcept:\n    pass\n",
		[found("E722", 3)],
		"try:\n    f()\nexcept Exception:\n    pass\n",
	],
	[
		"imports below code",
		'"""Doc."""\n\nX = 1\n\nfrom a import b\nimport c\n\n\ndef f():\n    return b, c\n',
		[found("E402", 5), found("E402", 6)],
		'"""Doc."""\n\nfrom a import b\nimport c\n\nX = 1\n\n\ndef f():\n    return b, c\n',
	],
	[
		"a loop over l",
		"def f(lines):\n    for l in lines:\n        g(l, l.x, a.l)\n\n\ndef h(l):\n    return l\n",
		[found("E741", 2)],
		"def f(lines):\n    for line in lines:\n        g(line, line.x, a.l)\n\n\ndef h(l):\n    return l\n",
	],
])("%s", (_, text, findings, expected) => {
	expect(withRepairs(text, findings)).toBe(expected);
});

test.each<[string, string, readonly LintFinding[]]>([
	["an except that names something", "try:\n    f()\nexcept ValueError:\n    pass\n", [found("E722", 3)]],
	["an import of several lines", "X = 1\nfrom a import (\n    b,\n)\n", [found("E402", 2)]],
	["an import with another statement", "X = 1\nimport a; a.f()\n", [found("E402", 2)]],
	["a name that is used already", "def f(lines, line):\n    for l in lines:\n        g(l)\n", [found("E741", 2)]],
	["a name that may stand in a text", 'def f(lines):\n    for l in lines:\n        g(f"{l}")\n', [found("E741", 2)]],
	["a name that an argument has", "def f(lines):\n    for l in lines:\n        g(l=l)\n", [found("E741", 2)]],
	["a name of Python's own", "def f(lists):\n    for l in lists:\n        g(l)\n", [found("E741", 2)]],
	["no plural", "def f(boxes):\n    for l in boxes:\n        g(l)\n", [found("E741", 2)]],
	["another ambiguous name", "l = 1\n", [found("E741", 1)]],
	["another finding", "try:\n    f()\nexcept:\n    pass\n", [found("F401", 3)]],
])("%s stays", (_, text, findings) => {
	expect(withRepairs(text, findings)).toBe(text);
});

test("lines for the formatter, each once", () => {
	const findings = [found("E702", 3), found("E703", 3), found("E501", 9), found("F401", 1)];
	expect(linesToFormat(findings)).toEqual([3, 9]);
});

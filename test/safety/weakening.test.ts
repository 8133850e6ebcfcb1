/** Ways to be judged less, tried on the real tools: whatever silences them is named in the status (A36, P7). */
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { weakeningWords } from "../../src/core/policy/weakening.ts";
import { venvPython, venvRuff } from "../fixtures/venv.ts";
import { temporaryWorkspace } from "../fixtures/workspace.ts";

function named(before: string, text: string): readonly string[] {
	return weakeningWords({ kind: "replace", path: "a.py", text, expectedHash: "0" }, before);
}

describe("A36: lint", () => {
	const DIRECTIVES = [
		...["noqa", "NOQA", "noqa: F401", "noqa:F401,E501", "noqa : F401", "note # noqa", "ruff: noqa", "ruff:noqa: F401"],
		...["flake8: noqa", "  flake8  :   NOQA", "ruff: ignore[F401]", "ruff:ignore[F401]", "ruff: file-ignore[F401]"],
		...["ruff: disable[F401]", "isort: skip", "isort: off", "isort: skip_file", "ruff: isort: skip_file"],
		...["ruff: disable[F401, I001]", "ruff: ignore[F401]: because", "ｎｏｑａ", "nоqa", "type: ignore", "fmt: off"],
	];
	const CODE = "import sys\nimport os\n";

	/** Findings on each of these files, by name. */
	function findings(files: Readonly<Record<string, string>>): ReadonlyMap<string, number> {
		const root = temporaryWorkspace(files);
		const args = ["check", "--isolated", "--no-cache", "--quiet", "--select", "F401,I001", "--output-format", "json"];
		const { stdout } = spawnSync(venvRuff, args, { cwd: root, encoding: "utf8" });
		const found: readonly { readonly filename: string }[] = JSON.parse(stdout);
		return new Map(
			Object.keys(files).map((name) => [name, found.filter(({ filename }) => filename.endsWith(`/${name}`)).length]),
		);
	}

	test("every comment that silences the ruff of the tests is named", () => {
		const places = {
			above: (comment: string) => `# ${comment}\n${CODE}`,
			first: (comment: string) => CODE.replace("sys\n", `sys  # ${comment}\n`),
			last: (comment: string) => CODE.replace("os\n", `os  # ${comment}\n`),
		};
		const texts = DIRECTIVES.flatMap((comment) => Object.values(places).map((place) => place(comment)));
		const files = Object.fromEntries(texts.map((text, index) => [`f${index}.py`, text]));
		const all = findings({ "whole.py": CODE, ...files });
		const whole = all.get("whole.py") ?? 0;
		expect(whole).toBe(3);
		const silenced = Object.entries(files).filter(([name]) => (all.get(name) ?? whole) < whole);
		// Some silence, some are only like one that does: both are in the list.
		expect(silenced.length).toBeGreaterThan(15);
		expect(silenced.length).toBeLessThan(texts.length);
		expect(silenced.filter(([, text]) => named(CODE, text).length === 0).map(([, text]) => text)).toEqual([]);
	});

	test("which one it is, is said; a comment that stood there before is not named", () => {
		expect(named(CODE, `# ruff: disable[F401]\n${CODE}`)).toEqual(["a.py silences lint (ruff: disable)"]);
		expect(named(`# noqa\n${CODE}`, `${CODE}# noqa\n`)).toEqual([]);
		expect(named(CODE, `${CODE}# noisy\n`)).toEqual([]);
	});
});

describe("A36: tests", () => {
	/** Each is the whole of a test file, whose one test fails where nothing takes it away. */
	const TAKEN_AWAY = {
		"a mark": "import pytest\n@pytest.mark.skip\ndef test_a():\n    assert False\n",
		"a mark in mathematical letters": "import pytest\n@pytest.mark.𝓼𝓴𝓲𝓹\ndef test_a():\n    assert False\n",
		"a mark in full-width letters": "import pytest\n@pytest.mark.ｓｋｉｐ\ndef test_a():\n    assert False\n",
		"a mark with a long s": "import pytest\n@pytest.mark.ſkip\ndef test_a():\n    assert False\n",
		"over two lines": "import pytest\n@pytest . \\\n  mark . \\\n  xfail\ndef test_a():\n    assert False\n",
		"the mark alone": "from pytest import mark\n@mark.skipif(True, reason='x')\ndef test_a():\n    assert False\n",
		"the function alone": "from pytest import skip\ndef test_a():\n    skip('x')\n    assert False\n",
		"another name": "from pytest import skip as no\ndef test_a():\n    no('x')\n    assert False\n",
		"unittest's":
			"import unittest\nclass TestA(unittest.TestCase):\n    @unittest.skipIf(True, 'x')\n    def test_a(self):\n        assert False\n",
		"unittest's expected failure":
			"from unittest import TestCase, expectedFailure\nclass TestA(TestCase):\n    @expectedFailure\n    def test_a(self):\n        assert False\n",
		"a case that skips itself":
			"import unittest\nclass TestA(unittest.TestCase):\n    def test_a(self):\n        self.skipTest('x')\n",
		"a missing import": "import pytest\npytest.importorskip('no_such_module')\ndef test_a():\n    assert False\n",
	};

	test("each way to take a failing test away works with the pytest of the tests, and is named", () => {
		const root = temporaryWorkspace();
		const failing = "def test_a():\n    assert False\n";
		for (const [index, text] of [failing, ...Object.values(TAKEN_AWAY)].entries())
			writeFileSync(join(root, `test_${index}.py`), text);
		const args = ["-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rf", "--tb=no", "."];
		const { stdout } = spawnSync(venvPython, args, { cwd: root, encoding: "utf8" });
		expect(stdout.match(/^FAILED .*$/gm)).toEqual([expect.stringContaining("test_0.py")]);
		for (const [what, text] of Object.entries(TAKEN_AWAY))
			expect(named(failing, text), what).toEqual(["a.py skips tests or expects them to fail"]);
		expect(named(failing, `${failing}# skip the unittest of marks\n`)).toEqual([]);
	});

	test("what Python reads as the same name is taken for the same", () => {
		const program = "import ast, sys; print(ast.parse(sys.argv[1]).body[0].value.attr)";
		for (const spelled of ["𝓼𝓴𝓲𝓹", "ｓｋｉｐ", "ſkip"])
			expect(execFileSync(venvPython, ["-c", program, `mark.${spelled}`], { encoding: "utf8" }).trim()).toBe("skip");
	});
});

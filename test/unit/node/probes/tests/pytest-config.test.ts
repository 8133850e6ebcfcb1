/** What pytest's configuration says of which files hold tests, asked again and again as the content moves. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createMirror } from "../../../../../src/node/probes/content/mirror.ts";
import { createTestSearch } from "../../../../../src/node/probes/keys.ts";
import { createPatternSearch } from "../../../../../src/node/probes/tests/pytest-config.ts";
import { temporaryWorkspace } from "../../../../fixtures/workspace.ts";

function opened(files: Readonly<Record<string, string>>) {
	const root = temporaryWorkspace(files);
	const mirror = createMirror(root);
	const hasOwnPatterns = createPatternSearch(root);
	const hasTests = createTestSearch(root);
	return {
		write: (name: string, text: string) => writeFileSync(join(root, name), text),
		remove: (name: string) => rmSync(join(root, name)),
		hasOwnPatterns: () => hasOwnPatterns(mirror.look()),
		hasTests: () => hasTests(mirror.look()),
	};
}

test("own patterns: as the configuration of this content says", () => {
	const { write, remove, hasOwnPatterns } = opened({ "a.py": "" });
	expect(hasOwnPatterns()).toBe(false);
	write("pytest.ini", "[pytest]\npython_files = check_*.py\n");
	expect(hasOwnPatterns()).toBe(true);
	write("a.py", "x = 1\n");
	expect(hasOwnPatterns()).toBe(true);
	write("pytest.ini", "[pytest]\naddopts = -v\n");
	expect(hasOwnPatterns()).toBe(false);
	remove("pytest.ini");
	write("pyproject.toml", "[tool.pytest.ini_options]\naddopts = '--doctest-modules'\n");
	expect(hasOwnPatterns()).toBe(true);
	write(".pytest.ini", "[pytest]\n");
	expect(hasOwnPatterns()).toBe(false);
});

test("tests: a file by its name, or a configuration that may name others, also when the one that was found went", () => {
	const { write, remove, hasTests } = opened({ "a.py": "" });
	expect(hasTests()).toBe(false);
	write("test_a.py", "");
	expect(hasTests()).toBe(true);
	expect(hasTests()).toBe(true);
	remove("test_a.py");
	expect(hasTests()).toBe(false);
	write("b_test.py", "");
	expect(hasTests()).toBe(true);
	remove("b_test.py");
	write("tox.ini", "[pytest]\n");
	expect(hasTests()).toBe(true);
});

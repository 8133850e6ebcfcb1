import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mutationsOf, sourcesOf } from "../../../../bench/projects/project-files.ts";
import { createRandom } from "../../../../bench/workspaces/random.ts";

let root: string;

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "jetbox-project-files-"));
	const code = "def f(a, b):\n    return a + b\n";
	for (const path of ["src/p/a.py", "src/p/b.py", "tests/test_a.py", "docs/conf.py", "setup.py", "tests/conftest.py"]) {
		write(path, code);
	}
	write("tests/rates.json", '{"rate": 7}');
	write("notes.json", '{"rate": 7}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	writeFileSync(join(root, path), text);
}

test("sources are neither tests nor configuration nor what lies beside a project", () => {
	expect(sourcesOf(root)).toEqual(["src/p/a.py", "src/p/b.py"]);
});

test("mutations are mostly of sources, some of tests and of their data, and change no file by themselves", () => {
	const mutations = mutationsOf(root, 20, createRandom(1));
	expect(mutations).toHaveLength(20);
	const files = mutations.map(({ file }) => file);
	expect(files.filter((file) => file.startsWith("src/"))).toHaveLength(16);
	expect(files.filter((file) => file === "tests/rates.json")).toHaveLength(2);
	expect(files).not.toContain("notes.json");
	expect(readFileSync(join(root, "src/p/a.py"), "utf8")).toContain("a + b");
	expect(mutationsOf(root, 20, createRandom(1))).toEqual(mutations);
});

test("data in which nothing can be changed takes no turn for ever", () => {
	write("tests/rates.json", '{"rate": null}');
	expect(mutationsOf(root, 20, createRandom(1))).toHaveLength(20);
});

/** The looks of a session: what a change asks for is done, and what changed last is glanced at first. */
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FileChange } from "../../../../../src/core/probes/affected.ts";
import { createLooks } from "../../../../../src/node/probes/content/looks.ts";
import { createMirror } from "../../../../../src/node/probes/content/mirror.ts";
import { temporaryWorkspace } from "../../../../fixtures/workspace.ts";

function opened(files: Readonly<Record<string, string>>) {
	const root = temporaryWorkspace(files);
	const told: FileChange[] = [];
	const looks = createLooks(root, createMirror(root), null, (changes) => told.push(...changes));
	return {
		looks,
		at: (path: string) => join(root, path),
		write: (path: string, text: string) => writeFileSync(join(root, path), text),
		told: () => told.splice(0).map(({ path, kind }) => `${kind} ${path}`),
	};
}

test("each change is told once, by the look or the glance that saw it", () => {
	const { looks, write, told } = opened({ "a.py": "", "b.py": "" });
	looks.look();
	expect(told()).toEqual([]);
	write("a.py", "x = 1\n");
	write("c.py", "");
	expect(looks.glance(["a.py"])).toBe(looks.seen());
	expect(told()).toEqual(["modified a.py"]);
	looks.look();
	expect(told()).toEqual(["created c.py"]);
	expect(looks.look()).toBe(looks.seen());
	expect(told()).toEqual([]);
});

test("before the first look there is nothing to compare a glance with", () => {
	const { looks } = opened({ "a.py": "" });
	expect(looks.glance(["a.py"])).toBe(null);
	expect(looks.seen()).toBe(null);
});

test("what changed last is glanced at unasked, one that changed among many is not, and data never", () => {
	const many = Array.from({ length: 9 }, (_, index) => `many_${index}.py`);
	const { looks, write } = opened(Object.fromEntries(["a.py", "data.txt", ...many].map((name) => [name, ""])));
	looks.look();
	write("a.py", "x = 1\n");
	write("data.txt", "one");
	looks.look();
	write("a.py", "x = 2\n");
	write("data.txt", "two");
	const glimpsed = looks.glance(["data.txt"]);
	expect(glimpsed).not.toBe(null);
	expect(looks.look()).not.toBe(glimpsed);
	for (const name of many) write(name, "x = 1\n");
	looks.look();
	write("many_0.py", "x = 2\n");
	expect(looks.glance([])).toBe(null);
});

test("bytecode of what a glance saw change is gone", () => {
	const { looks, at, write } = opened({ "pkg/a.py": "x = 1\n" });
	looks.look();
	mkdirSync(at("pkg/__pycache__"));
	write("pkg/__pycache__/a.cpython-311.pyc", "");
	write("pkg/__pycache__/b.cpython-311.pyc", "");
	write("pkg/a.py", "x = 2\n");
	looks.glance(["pkg/a.py"]);
	expect(existsSync(at("pkg/__pycache__/a.cpython-311.pyc"))).toBe(false);
	expect(existsSync(at("pkg/__pycache__/b.cpython-311.pyc"))).toBe(true);
	rmSync(at("pkg"), { recursive: true });
	expect(looks.glance(["pkg/a.py"])).toBe(null);
});

test("bytecode that lies elsewhere stays, by whatever link it is reached", () => {
	const elsewhere = temporaryWorkspace({
		"cache/a.cpython-311.pyc": "",
		"pkg/b.py": "",
		"pkg/__pycache__/b.cpython-311.pyc": "",
	});
	const { looks, at, write } = opened({ "a.py": "x = 1\n" });
	symlinkSync(join(elsewhere, "cache"), at("__pycache__"));
	symlinkSync(join(elsewhere, "pkg"), at("pkg"));
	looks.look();
	write("a.py", "x = 2\n");
	writeFileSync(join(elsewhere, "pkg/b.py"), "y = 2\n");
	expect(looks.look().has("pkg/b.py")).toBe(true);
	expect(existsSync(join(elsewhere, "cache/a.cpython-311.pyc"))).toBe(true);
	expect(existsSync(join(elsewhere, "pkg/__pycache__/b.cpython-311.pyc"))).toBe(true);
});

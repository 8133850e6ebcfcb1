/** What a look sees: every way in which content moves, and nothing where none did. */
import {
	chmodSync,
	chownSync,
	lstatSync,
	mkdirSync,
	renameSync,
	rmSync,
	symlinkSync,
	unlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { changesBetween } from "../../../../../src/node/probes/content/content.ts";
import { identifyFile } from "../../../../../src/node/probes/content/file-identity.ts";
import { createMirror, type Mirror } from "../../../../../src/node/probes/content/mirror.ts";
import { temporaryWorkspace } from "../../../../fixtures/workspace.ts";

const NOBODY = 65_534;

function opened(files: Readonly<Record<string, string>>) {
	const root = temporaryWorkspace(files);
	const mirror = createMirror(root);
	let before = mirror.look();
	return {
		root,
		mirror,
		at: (path: string) => join(root, path),
		/** What changed since it was asked last. */
		changes: () => {
			const now = mirror.look();
			const changed = changesBetween(before, now);
			before = now;
			return changed;
		},
	};
}

test("an unchanged workspace gives the same object, also when files were touched or written as they were", () => {
	const { mirror, at } = opened({ "a.py": "x = 1\n", "pkg/b.py": "y = 1\n" });
	const first = mirror.look();
	expect([...first.keys()].sort()).toEqual(["a.py", "pkg/b.py"]);
	expect(mirror.look()).toBe(first);
	writeFileSync(at("a.py"), "x = 1\n");
	utimesSync(at("pkg/b.py"), 1, 1);
	expect(mirror.look()).toBe(first);
});

test("edits, new files and folders, deletions and renames are seen at the next look", () => {
	const { at, changes } = opened({ "a.py": "x = 1\n", "pkg/b.py": "y = 1\n", "pkg/deep/c.py": "z = 1\n" });
	writeFileSync(at("pkg/b.py"), "y = 2\n");
	expect(changes()).toEqual(["pkg/b.py"]);
	mkdirSync(at("new/nested"), { recursive: true });
	writeFileSync(at("new/nested/d.py"), "");
	expect(changes()).toEqual(["new/nested/d.py"]);
	renameSync(at("a.py"), at("renamed.py"));
	expect(changes()).toEqual(["a.py", "renamed.py"]);
	renameSync(at("pkg"), at("Pkg"));
	expect(changes()).toEqual(["Pkg/b.py", "Pkg/deep/c.py", "pkg/b.py", "pkg/deep/c.py"]);
	rmSync(at("Pkg/deep"), { recursive: true });
	rmSync(at("new"), { recursive: true });
	expect(changes()).toEqual(["Pkg/deep/c.py", "new/nested/d.py"]);
	expect(changes()).toEqual([]);
});

test("same-size edits within one tick, and times that were set back, are seen", () => {
	const { at, changes } = opened({ "a.py": "x = 0\n" });
	for (const value of [1, 2, 3, 4, 5]) {
		writeFileSync(at("a.py"), `x = ${value}\n`);
		expect(changes()).toEqual(["a.py"]);
	}
	const { atime, mtime } = lstatSync(at("a.py"));
	writeFileSync(at("a.py"), "x = 9\n");
	utimesSync(at("a.py"), atime, mtime);
	expect(changes()).toEqual(["a.py"]);
});

test("a file from the future (a clock that was set back) is looked at each time", () => {
	const { at, changes } = opened({ "a.py": "x = 0\n" });
	const future = Date.now() / 1000 + 3_600;
	for (const value of [1, 2]) {
		writeFileSync(at("a.py"), `x = ${value}\n`);
		utimesSync(at("a.py"), future, future);
		expect(changes()).toEqual(["a.py"]);
		expect(changes()).toEqual([]);
	}
});

test("files that were put in another's place, and 500 at once", () => {
	const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`m/f${index}.py`, "x = 1\n"]));
	const { at, changes } = opened({ ...many, "a.py": "x = 1\n", "b.py": "x = 2\n" });
	renameSync(at("b.py"), at("a.py"));
	expect(changes()).toEqual(["a.py", "b.py"]);
	for (const path of Object.keys(many)) writeFileSync(at(path), "x = 2\n");
	expect(changes()).toHaveLength(500);
});

test("links: the file behind one, a folder outside, a circle, and one that leads nowhere", () => {
	const outside = temporaryWorkspace({ "lib.py": "v = 1\n", "deep/more.py": "v = 1\n" });
	const { root, at, changes, mirror } = opened({ "a.py": "x = 1\n" });
	symlinkSync(join(outside, "lib.py"), at("lib.py"));
	symlinkSync(outside, at("shared"));
	symlinkSync(root, at("self"));
	symlinkSync(join(outside, "nowhere"), at("broken.py"));
	symlinkSync(outside, join(outside, "round"));
	expect(changes()).toEqual(["broken.py", "lib.py", "self", "shared/deep/more.py", "shared/lib.py", "shared/round"]);
	writeFileSync(join(outside, "lib.py"), "v = 2\n");
	expect(changes()).toEqual(["lib.py", "shared/lib.py"]);
	writeFileSync(join(outside, "nowhere"), "");
	expect(changes()).toContain("broken.py");
	unlinkSync(at("shared"));
	expect(changes()).toEqual(["shared/deep/more.py", "shared/lib.py", "shared/nowhere", "shared/round"]);
	expect(mirror.look()).toBe(mirror.look());
});

test("environments and what tools leave behind are no inputs, and an environment that ends is one again", () => {
	const { at, changes, mirror } = opened({
		"a.py": "",
		"env/pyvenv.cfg": "",
		"env/lib/x.py": "",
		"__pycache__/a.pyc": "",
		".git/HEAD": "",
	});
	expect([...mirror.look().keys()]).toEqual(["a.py"]);
	unlinkSync(at("env/pyvenv.cfg"));
	expect(changes()).toEqual(["env/lib/x.py"]);
});

test("a file and a folder that cannot be read are no silence: the day they can is a change", () => {
	const { root, at, changes } = opened({ "a.py": "x = 1\n", "pkg/b.py": "" });
	onTestFinished(() => chmodSync(at("pkg"), 0o755));
	asOrdinaryUser([root, at("a.py"), at("pkg"), at("pkg/b.py")], () => {
		changes();
		chmodSync(at("a.py"), 0);
		chmodSync(at("pkg"), 0);
		expect(changes()).toEqual(["a.py", "pkg/b.py"]);
		chmodSync(at("a.py"), 0o644);
		chmodSync(at("pkg"), 0o755);
		expect(changes()).toEqual(["a.py", "pkg/b.py"]);
	});
});

/** Nothing is closed to root: it works as somebody else, to whom it gives the files. */
function asOrdinaryUser(owned: readonly string[], work: () => void): void {
	if (process.getuid?.() !== 0) {
		work();
		return;
	}
	for (const path of owned) chownSync(path, NOBODY, NOBODY);
	process.seteuid?.(NOBODY);
	try {
		work();
	} finally {
		process.seteuid?.(0);
	}
}

test("a glance tells what moved of some files, and leaves the rest to the next look", () => {
	const { mirror, at, changes } = opened({ "a.py": "x = 1\n", "pkg/b.py": "y = 1\n", "pkg/c.py": "z = 1\n" });
	const before = mirror.look();
	expect(mirror.glance(["a.py", "pkg/b.py", "nowhere.py", "no/where.py", "pkg"])).toBe(null);
	writeFileSync(at("a.py"), "x = 2\n");
	writeFileSync(at("pkg/b.py"), "y = 2\n");
	writeFileSync(at("pkg/c.py"), "z = 2\n");
	writeFileSync(at("new.py"), "");
	const glimpsed = mirror.glance(["a.py", "pkg/b.py", "new.py"]);
	expect(glimpsed === null ? null : changesBetween(before, glimpsed)).toEqual(["a.py", "pkg/b.py"]);
	expect(mirror.glance(["a.py", "pkg/b.py"])).toBe(null);
	expect(changes()).toEqual(["a.py", "new.py", "pkg/b.py", "pkg/c.py"]);
	unlinkSync(at("a.py"));
	writeFileSync(at("pkg/b.py"), "y = 3\n");
	expect(mirror.glance(["a.py"])).toBe(null);
	const seen = mirror.glance(["a.py", "pkg/b.py"]);
	expect(seen?.has("a.py")).toBe(true);
	expect(changes()).toEqual(["a.py", "pkg/b.py"]);
});

test("where a glance saw all that moved, the next look gives its very content", () => {
	const { mirror, at } = opened({ "a.py": "x = 1\n", "pkg/b.py": "y = 1\n" });
	writeFileSync(at("pkg/b.py"), "y = 2\n");
	const glimpsed = mirror.glance(["pkg/b.py"]);
	expect(glimpsed).not.toBe(null);
	expect(mirror.look()).toBe(glimpsed);
});

test("a mirror that saw each step knows what a new one sees", () => {
	const name = fc.constantFrom("a.py", "b.txt", "p/c.py", "p/q/d.py", "p/q/e");
	const step = fc.record({
		kind: fc.constantFrom("write", "delete", "rename", "drop"),
		name,
		other: name,
		text: fc.string(),
		glances: fc.boolean(),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
			const root = temporaryWorkspace({ "a.py": "" });
			const old: Mirror = createMirror(root);
			old.look();
			for (const { kind, name: path, other, text, glances } of steps) {
				const absolute = join(root, path);
				if (kind === "write") {
					mkdirSync(join(absolute, ".."), { recursive: true });
					writeFileSync(absolute, text);
				} else if (kind === "delete") rmSync(absolute, { force: true });
				else if (kind === "drop") rmSync(join(root, "p"), { recursive: true, force: true });
				else if (lstatSync(absolute, { throwIfNoEntry: false }) !== undefined) {
					mkdirSync(join(root, other, ".."), { recursive: true });
					renameSync(absolute, join(root, other));
				}
				if (glances) old.glance(["a.py", "p/c.py", "p/q/d.py", other]);
				else old.look();
			}
			expect(changesBetween(old.look(), createMirror(root).look())).toEqual([]);
		}),
		{ numRuns: 40 },
	);
});

/** macOS and Windows refuse such names. */
test.runIf(process.platform === "linux")(
	"a file, or a folder, whose name is no UTF-8: each change is seen, and nothing where none was",
	() => {
		const { root, mirror, changes } = opened({ "a.py": "x = 1\n", "data/plain.txt": "" });
		const bytes = (...parts: readonly (string | number)[]) =>
			Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from([part]))));
		const file = bytes(`${root}/data/caf`, 0xe9, ".txt");
		const twin = bytes(`${root}/data/caf`, 0xe8, ".txt");
		const folder = bytes(`${root}/d`, 0xff);
		writeFileSync(file, "one");
		expect(changes()).toEqual(["data/caf\ufffd.txt"]);
		expect(changes()).toEqual([]);
		const content = mirror.look();
		expect(mirror.look()).toBe(content);
		writeFileSync(file, "two");
		expect(changes()).toEqual(["data/caf\ufffd.txt"]);
		writeFileSync(twin, "two");
		expect(changes()).toEqual(["data/caf\ufffd.txt"]);
		rmSync(twin);
		expect(changes()).toEqual(["data/caf\ufffd.txt"]);
		mkdirSync(folder);
		writeFileSync(bytes(`${root}/d`, 0xff, "/mod.py"), "x = 1\n");
		expect(changes()).toEqual(["d\ufffd"]);
		writeFileSync(bytes(`${root}/d`, 0xff, "/mod.py"), "x = 2\n");
		expect(changes()).toEqual(["d\ufffd"]);
		expect(changesBetween(mirror.look(), createMirror(root, mirror.keep()).look())).toEqual([]);
		writeFileSync(join(root, "data/plain.txt"), "more");
		expect(changes()).toEqual(["data/plain.txt"]);
		rmSync(file);
		expect(changes()).toEqual(["data/caf\ufffd.txt"]);
	},
);

test("what one look reads of data has an end: from there on, stamps tell files apart", () => {
	const root = temporaryWorkspace({ "a.bin": "0123456789", "b.bin": "0123456789", "c.py": "x = 1\n" });
	const budget = { bytes: 15 };
	const hashes = ["a.bin", "b.bin", "c.py"].map((name) => {
		utimesSync(join(root, name), 1, 1);
		return identifyFile(name, name, join(root, name), undefined, budget)?.hash ?? "";
	});
	expect(hashes.map((hash) => hash.split(":")[0]?.length === 64)).toEqual([true, false, true]);
	expect(budget.bytes).toBe(5);
});

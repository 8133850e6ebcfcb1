/** What ruff's configuration draws in is looked at like the configuration itself: lint is never told of a base that was. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import type { Probes } from "../../../../../src/core/ports.ts";
import { openEngine } from "../../../../fixtures/probe-engine.ts";
import { temporaryWorkspace } from "../../../../fixtures/workspace.ts";

const ONLY_LINT = { pytestEnabled: false, sandbox: "off" } as const;
const STRICT = '[lint]\nselect = ["F", "D100"]\n';
const LAX = '[lint]\nselect = ["F"]\n';

async function lint(engine: Pick<Probes, "probe">, scope: "full" | "affected" = "affected") {
	const { ruff } = await engine.probe({ scope, fresh: false }, () => undefined, new AbortController().signal);
	if (ruff.status === "not-run") throw new Error(ruff.message);
	return { cache: ruff.cache, form: ruff.form, codes: ruff.findings.map(({ file, code }) => `${file} ${code}`) };
}

function put(root: string, path: string, text: string): void {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	writeFileSync(join(root, path), text);
}

/** Where a base lies, and how ruff.toml names it. */
const BASES: readonly (readonly [what: string, base: (root: string, home: string) => string, name: string])[] = [
	["in a folder", (root) => join(root, "config/base.toml"), "config/base.toml"],
	["under a name of its own", (root) => join(root, "config/base.cfg"), "config/base.cfg"],
	["in a folder that no look goes through", (root) => join(root, ".venv/share/base.toml"), ".venv/share/base.toml"],
	["in the home folder", (_, home) => join(home, "base.toml"), "~/base.toml"],
	["by a variable", (_, home) => join(home, "shared/base.toml"), "$HOME/shared/base.toml"],
	["by a default", (root) => join(root, "config/base.toml"), `$${"{"}NOT_THERE:-config}/base.toml`],
];

test.each(BASES)(
	"a base %s: its edit is judged, in this session and a later one",
	async (_, base, name) => {
		const root = temporaryWorkspace({ "ruff.toml": `extend = "${name}"\n`, "a.py": "x = 1\n", "b.py": "y = 1\n" });
		const [home, folder] = [temporaryWorkspace(), temporaryWorkspace()];
		const path = relative(root, base(root, home));
		const open = () => openEngine(root, ONLY_LINT, { ...process.env, HOME: home }, { folder, version: "1" });
		put(root, path, LAX);
		const engine = open();
		expect((await lint(engine, "full")).codes).toEqual([]);
		expect((await lint(engine)).cache).toBe("hit");
		// The resident server has read the base by now.
		writeFileSync(join(root, "b.py"), "y = undefined\n");
		expect(await lint(engine)).toMatchObject({ form: "resident", codes: ["b.py F821"] });

		put(root, path, STRICT);
		expect((await lint(engine)).codes).toEqual(["a.py D100", "b.py D100", "b.py F821"]);
		writeFileSync(join(root, "b.py"), "y = 2\n");
		expect(await lint(engine)).toMatchObject({ form: "resident", codes: ["a.py D100", "b.py D100"] });
		expect((await lint(engine, "full")).codes).toEqual(["a.py D100", "b.py D100"]);
		engine.dispose();

		expect(await lint(open(), "full")).toMatchObject({ cache: "hit" });
		put(root, path, LAX);
		expect(await lint(open(), "full")).toEqual({ cache: "miss", form: "command-line", codes: [] });
	},
	120_000,
);

test("a chain of bases: the last, one that comes, and one that is named otherwise", async () => {
	const root = temporaryWorkspace({
		"pyproject.toml": "[tool.ruff]\nextend = 'one.toml'\n",
		"one.toml": 'extend = """../one/../two.toml"""\n'.replace("../one/../", "sub/../"),
		"two.toml": LAX,
		"three.toml": STRICT,
		"a.py": "x = 1\n",
	});
	const engine = openEngine(root, ONLY_LINT);
	expect((await lint(engine)).codes).toEqual([]);
	writeFileSync(join(root, "two.toml"), STRICT);
	expect((await lint(engine)).codes).toEqual(["a.py D100"]);
	writeFileSync(join(root, "two.toml"), 'extend = "three.toml"\n');
	expect((await lint(engine)).codes).toEqual(["a.py D100"]);
	writeFileSync(join(root, "three.toml"), LAX);
	expect((await lint(engine)).codes).toEqual([]);
	writeFileSync(join(root, "pyproject.toml"), "");
	rmSync(join(root, "one.toml"));
	expect((await lint(engine)).codes).toEqual([]);
});

test.each([
	["extend-include", 'extend-include = ["SConstruct"]\n', "SConstruct"],
	["include", 'include = ["*.py", "SConstruct"]\n', "SConstruct"],
	["an extension", 'extension = { bar = "python" }\n', "main.bar"],
	["a base's", 'extend = "base.toml"\n', "SConstruct"],
	["preview", "preview = true\n", "window.pyw"],
])("a file of another name that ruff reads by %s: its edits are judged", async (_, config, file) => {
	const root = temporaryWorkspace({
		"ruff.toml": `${config}[lint]\nselect = ["F"]\n`,
		"base.toml": 'extend-include = ["SConstruct"]\n',
		"a.py": "import os\n",
		[file]: "x = 1\n",
	});
	const engine = openEngine(root, ONLY_LINT);
	expect((await lint(engine, "full")).codes).toEqual(["a.py F401"]);
	writeFileSync(join(root, file), "x = undefined\n");
	expect((await lint(engine)).codes.sort()).toEqual([`${file} F821`, "a.py F401"].sort());
	writeFileSync(join(root, "a.py"), "y = 1\n");
	expect((await lint(engine)).codes).toEqual([`${file} F821`]);
	rmSync(join(root, file));
	expect((await lint(engine)).codes).toEqual([]);
});

test("a configuration above a workspace that has none at its root is looked at, too", async () => {
	const outer = temporaryWorkspace({
		"ruff.toml": LAX,
		"inner/nested/ruff.toml": LAX,
		"inner/a.py": "x = 1\n",
	});
	const engine = openEngine(join(outer, "inner"), ONLY_LINT);
	expect((await lint(engine)).codes).toEqual([]);
	writeFileSync(join(outer, "ruff.toml"), STRICT);
	expect((await lint(engine)).codes).toEqual(["a.py D100"]);
});

test("a base beyond the workspace is no file of the tests", async () => {
	const outer = temporaryWorkspace({
		"base.toml": LAX,
		"inner/ruff.toml": 'extend = "../base.toml"\n',
		"inner/test_a.py": "def test_a():\n    pass\n",
	});
	const engine = openEngine(join(outer, "inner"), { sandbox: "off" });
	const probe = () => engine.probe({ scope: "full", fresh: false }, () => undefined, new AbortController().signal);
	expect(await probe()).toMatchObject({ ruff: { status: "clean" }, pytest: { status: "clean" } });
	writeFileSync(join(outer, "base.toml"), STRICT);
	expect(await probe()).toMatchObject({ ruff: { status: "findings" }, pytest: { status: "clean", cache: "hit" } });
});

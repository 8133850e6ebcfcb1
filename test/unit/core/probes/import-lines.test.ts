/** The lines that imports can be read off: what leaves them alone leaves the import graph alone. */
import { expect, test } from "vitest";
import { importLines } from "../../../../src/core/probes/import-lines.ts";

const TEXT = `"""A module."""

import json
from shop import (  # the shop's
    base,  # )
    prices,
)
from shop.stock \\
    import stock

RATE = 2


def late(name):
    import importlib

    return importlib.import_module("shop." + name)
`;

function changed(from: string, to: string): boolean {
	expect(TEXT).toContain(from);
	return importLines(TEXT) !== importLines(TEXT.replace(from, to));
}

test("a change of what imports nothing is none", () => {
	expect(changed("RATE = 2", "RATE = 3")).toBe(false);
	expect(changed("RATE = 2\n", "RATE = 2\nOTHER = RATE * 2\n# a note\n")).toBe(false);
	expect(changed("def late(name):", "def later(name, more):")).toBe(false);
});

test("a change of an import is one, wherever its names stand", () => {
	expect(changed("import json", "import re")).toBe(true);
	expect(changed("    prices,\n", "    late,\n")).toBe(true);
	expect(changed("    prices,\n", "")).toBe(true);
	expect(changed("    import stock", "    import store")).toBe(true);
	expect(changed("    import importlib", "    import runpy")).toBe(true);
	expect(changed("RATE = 2", "from shop import late")).toBe(true);
});

test("a change of a string that may name a module is one", () => {
	expect(changed('"shop."', '"shop.base"')).toBe(true);
	expect(changed("RATE = 2", "RATE = 'shop.base'")).toBe(true);
	expect(changed("RATE = 2", "RATE = 'caf\u00e9.base'")).toBe(true);
	expect(changed("RATE = 2", "RATE = 'shop\\x2ebase'")).toBe(true);
	expect(changed("RATE = 2", "'''")).toBe(true);
	expect(changed("# the shop's", "")).toBe(true);
});

test("no other string is: ruff looks for names with a dot", () => {
	expect(changed("RATE = 2", "RATE = 'base'")).toBe(false);
	expect(changed("RATE = 2", "RATE = name['shop'] + f'{name.base} of {RATE}'")).toBe(false);
	expect(changed("RATE = 2", "raise ValueError('No such thing. Try again.')")).toBe(false);
});

test("strings in turn are one string", () => {
	const named = (...lines: readonly string[]) => importLines(["x = (", ...lines, ")", "y = 'other'"].join("\n"));
	expect(named("'sh' 'op.base'")).not.toBe(named("'wo' 'rk.base'"));
	expect(named("'shop'", "'.base'")).not.toBe(named("'work'", "'.base'"));
	expect(named("('shop'", "# of the shop", "", "    r'.base')")).not.toBe(
		named("('work'", "# of the shop", "", "    r'.base')"),
	);
	expect(named("'shop',", "name")).toBe(named("'work',", "name"));
});

test("every line end of Python ends a line", () => {
	for (const end of ["\n", "\r\n", "\r"]) {
		const lines = ["a = 1", "import os", "b = 2", ""];
		expect(importLines(lines.join(end))).toBe("import os");
	}
});

test("an empty string is not two, but strings in turn may begin or end with one", () => {
	expect(changed("RATE = 2", 'RATE = ""')).toBe(false);
	expect(changed("RATE = 2", "RATE = ['', \"\", b'', name['']]  # '' ''")).toBe(false);
	expect(changed("RATE = 2", "RATE = '' ''")).toBe(true);
	expect(changed("RATE = 2", "RATE = 'shop'r''")).toBe(true);
	expect(importLines("x = ''  r'shop' \"\" '.base'")).not.toBe(importLines("x = ''  r'work' \"\" '.base'"));
});

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

test("a change of a string is one: it may name a module", () => {
	expect(changed('"shop."', '"shop.base"')).toBe(true);
	expect(changed("RATE = 2", "RATE = 'shop.base'")).toBe(true);
	expect(changed("RATE = 2", "'''")).toBe(true);
	expect(changed("# the shop's", "")).toBe(true);
});

test("every line end of Python ends a line", () => {
	for (const end of ["\n", "\r\n", "\r"]) {
		const lines = ["a = 1", "import os", "b = 2", ""];
		expect(importLines(lines.join(end))).toBe("import os");
	}
});

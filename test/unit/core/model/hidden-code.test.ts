/** Which code is left out of a file that is shown for a second attempt. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HIDDEN_MARK, withHiddenCode, withoutBodies } from "../../../../src/core/model/hidden-code.ts";

const FILE = `"""Small statistics."""

LIMIT = 3


def mean(values):
    return sum(values) / len(values)


def median(values):
    """The middle one.

    Of an even number, between both.
    """
    ordered = sorted(values)

    return ordered[len(ordered) // 2]


class Series:
    def first(
        self,
        default=None,
    ):
        "The first, or the default."
        if not self.values:
            return default
        return self.values[0]
`;

function hidden(...names: readonly string[]): string | null {
	return withoutBodies(FILE, new Set(names));
}

describe("a file without the code that fails", () => {
	test("keeps signature, docstring and all that is not named", () => {
		const text = hidden("median");
		expect(text).toContain(`    Of an even number, between both.\n    """\n    ...  ${HIDDEN_MARK}\n\n\nclass Series:`);
		expect(text).toContain("return sum(values) / len(values)");
		expect(text).not.toContain("sorted(values)");
	});

	test("leaves methods out, too, also behind a signature of several lines", () => {
		const text = hidden("first");
		expect(text).toContain(`    ):\n        "The first, or the default."\n        ...  ${HIDDEN_MARK}\n`);
		expect(text).not.toContain("return default");
	});

	test.each<[string, string, readonly string[]]>([
		["no function has such a name", FILE, ["mode"]],
		["a class has it", FILE, ["Series"]],
		["the function stands on one line", "def one(): return 1\n", ["one"]],
		["there is nothing but a docstring", 'def one():\n    """One."""\n', ["one"]],
		["it is long", `def one():\n${"    x = 1\n".repeat(41)}`, ["one"]],
		[
			"they are many",
			["a", "b", "c", "d"].map((name) => `def ${name}():\n    return 1\n`).join("\n"),
			["a", "b", "c", "d"],
		],
	])("is not to be had where %s", (_, text, names) => {
		expect(withoutBodies(text, new Set(names))).toBeNull();
	});

	test("of any text, every line is one of its own or the mark", () => {
		const line = fc.constantFrom(
			"def a():",
			"def b(x):",
			"    return 1",
			'    """Doc."""',
			"",
			"class C:",
			"    def a(self):",
			"        pass",
			"x = 1",
		);
		fc.assert(
			fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
				const text = withoutBodies(lines.join("\n"), new Set(["a", "b"]));
				for (const shown of text?.split("\n") ?? []) {
					expect(shown.endsWith(HIDDEN_MARK) || lines.some((own) => own === shown)).toBe(true);
				}
			}),
		);
	});
});

describe("a text in which functions are left as they were shown", () => {
	const shown = hidden("median", "first") ?? "";

	test("has their code again, and what it changes otherwise", () => {
		const answer = shown.replace("return sum(values) / len(values)", "return sum(values) / max(1, len(values))");
		expect(withHiddenCode(answer, FILE)).toBe(
			FILE.replace("return sum(values) / len(values)", "return sum(values) / max(1, len(values))"),
		);
		expect(withHiddenCode(shown, FILE)).toBe(FILE);
	});

	test("keeps the mark where the file has no such function, or several", () => {
		expect(withHiddenCode(shown, FILE.replace("def median", "def mode"))).toContain(HIDDEN_MARK);
		expect(withHiddenCode(shown, `${FILE}\n\ndef median(values):\n    return 0\n`)).toContain(HIDDEN_MARK);
	});

	test("of functions within functions has the outer one whole", () => {
		const nested = "def outer():\n    x = 1\n\n    def inner():\n        return x\n\n    return inner\n";
		const left = withoutBodies(nested, new Set(["outer", "inner"])) ?? "";
		expect(left).toBe(`def outer():\n    ...  ${HIDDEN_MARK}\n`);
		expect(withHiddenCode(left, nested)).toBe(nested);
		const onlyInner = withoutBodies(nested, new Set(["inner"])) ?? "";
		expect(withHiddenCode(onlyInner, nested)).toBe(nested);
	});
});

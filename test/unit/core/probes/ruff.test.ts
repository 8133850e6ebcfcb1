import fc from "fast-check";
import { expect, test } from "vitest";
import {
	isRuffConfig,
	MAX_LINT_FINDINGS,
	parseRuffLines,
	ruffArguments,
	toUtf16Column,
} from "../../../../src/core/probes/ruff.ts";

const plan = { hasRootConfig: false, hasNestedConfig: false, defaultSelect: true, files: null };
const line = JSON.stringify({
	code: "F401",
	filename: "/w/a.py",
	message: "`os` imported but unused",
	location: { row: 1, column: 8 },
	end_location: { row: 1, column: 10 },
	fix: { applicability: "safe" },
	url: "https://docs.astral.sh/ruff/rules/unused-import",
});
const relative = (path: string) => path.replace("/w/", "");

test("E and F are selected, in isolation, only where the project has no configuration", () => {
	expect(ruffArguments(plan).join(" ")).toBe(
		"check --no-cache --no-fix --output-format json-lines --isolated --select E,F .",
	);
	expect(ruffArguments({ ...plan, hasRootConfig: true })).not.toContain("--select");
	expect(ruffArguments({ ...plan, hasNestedConfig: true })).not.toContain("--isolated");
	expect(ruffArguments({ ...plan, defaultSelect: false })).not.toContain("--select");
});

test("a file's name is never an option", () => {
	expect(ruffArguments({ ...plan, files: ["--fix.py"] }).slice(-3)).toEqual(["--force-exclude", "--", "--fix.py"]);
});

test("a pyproject.toml is a configuration only with ruff's table", () => {
	expect(isRuffConfig("ruff.toml", null)).toBe(true);
	expect(isRuffConfig("pyproject.toml", "[project]\nname = 'x'\n")).toBe(false);
	expect(isRuffConfig("pyproject.toml", "[tool.ruff.lint]\n")).toBe(true);
	expect(isRuffConfig("pyproject.toml", "[tool.ruffian]\n")).toBe(false);
});

test("a finding is read whole", () => {
	expect(parseRuffLines(`${line}\n`, relative)).toMatchObject({
		total: 1,
		unreadable: 0,
		findings: [{ file: "a.py", line: 1, column: 8, endColumn: 10, code: "F401", severity: "warning", fixable: true }],
	});
});

test("a syntax error is an error under its own code, in every age of ruff", () => {
	for (const code of ['"invalid-syntax"', "null"]) {
		const [finding] = parseRuffLines(line.replace('"F401"', code), relative).findings;
		expect(finding).toMatchObject({ code: "syntax-error", severity: "error" });
	}
});

test("F68: cut output and too many findings are counted, not lost in silence", () => {
	expect(parseRuffLines(`${line}\n${line.slice(0, 40)}`, relative)).toMatchObject({ total: 1, unreadable: 1 });
	const many = parseRuffLines(`${line}\n`.repeat(MAX_LINT_FINDINGS + 7), relative);
	expect([many.findings.length, many.total]).toEqual([MAX_LINT_FINDINGS, MAX_LINT_FINDINGS + 7]);
});

test("columns are counted in UTF-16 code units", () => {
	expect(toUtf16Column("s = '😀'; x", 1)).toBe(1);
	expect(toUtf16Column("s = '😀'; x", 10)).toBe(11);
	expect(toUtf16Column("ab", 3)).toBe(3);
});

test("whatever ruff prints is findings at real places, or counted as unreadable", () => {
	const odd = fc.constantFrom("1e999", "-1", "0", "1.5", "null", '"1"', "[]", "{}", "9007199254740993", "7");
	const place = fc.tuple(odd, odd).map(([row, column]) => `{"row":${row},"column":${column}}`);
	const line = fc.oneof(
		fc.json(),
		fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", "")),
		fc
			.tuple(place, fc.oneof(place, odd), odd)
			.map(
				([start, end, code]) =>
					`{"filename":"a.py","message":"m","location":${start},"end_location":${end},"code":${code},"fix":${code}}`,
			),
	);
	fc.assert(
		fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
			const { findings, total, unreadable } = parseRuffLines(lines.join("\n"), (path) => path);
			expect(total + unreadable).toBe(lines.filter((text) => text.trim() !== "").length);
			for (const finding of findings) {
				for (const number of [finding.line, finding.column, finding.endLine, finding.endColumn])
					expect(Number.isSafeInteger(number) && number >= 1).toBe(true);
				expect(JSON.parse(JSON.stringify(finding))).toEqual(finding);
			}
		}),
		{ numRuns: 500 },
	);
});

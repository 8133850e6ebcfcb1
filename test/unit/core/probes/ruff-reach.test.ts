/** What a ruff configuration draws in, in each way that TOML has to write it. */
import { expect, test } from "vitest";
import { configReach } from "../../../../src/core/probes/ruff-reach.ts";

const ENV = { HOME: "/home/me", SHARED: "/srv/shared" };
const DEFAULTED = ["$", "{NOT_SET:-base}/a.toml"].join("");
const BRACED = ["$", "{SHARED}/a.toml"].join("");

test.each([
	["ruff.toml", 'extend = "base.toml"', ["base.toml"]],
	["ruff.toml", "extend='base.toml' # why", ["base.toml"]],
	["ruff.toml", '"extend" = """\nbase.toml"""', ["base.toml"]],
	["ruff.toml", "extend = '''base.toml'''", ["base.toml"]],
	["ruff.toml", String.raw`extend = "a\\b\u002etoml"`, [String.raw`a\b.toml`]],
	["ruff.toml", 'extend = "~/base.toml"', ["/home/me/base.toml"]],
	["ruff.toml", 'extend = "~other/base.toml"', ["~other/base.toml"]],
	["ruff.toml", 'extend = "$SHARED/a.toml"', ["/srv/shared/a.toml"]],
	["ruff.toml", `extend = "${BRACED}"`, ["/srv/shared/a.toml"]],
	["ruff.toml", `extend = "${DEFAULTED}"`, ["base/a.toml"]],
	["ruff.toml", 'extend = "$NOT_SET/a.toml"', ["$NOT_SET/a.toml"]],
	["ruff.toml", 'extend-select = ["D"]\nlint.extend-ignore = ["E"]', []],
	["config/any.cfg", 'extend = "../x"', ["../x"]],
	["pyproject.toml", '[tool.ruff]\nextend = "base.toml"', ["base.toml"]],
	["pyproject.toml", '[tool.ruff.lint]\nselect = ["F"]\n[tool]\nruff.extend = "base.toml"', ["base.toml"]],
	["pyproject.toml", '[tool.other]\nextend = "base.toml"', []],
])("%s: %s", (path, text, bases) => {
	expect(configReach(path, text, ENV).bases).toEqual(bases);
});

test.each([
	["ruff.toml", 'extend-include = ["SConstruct"]', true],
	["ruff.toml", "include=['*.py']", true],
	["ruff.toml", '[extension]\nbar = "python"', true],
	["ruff.toml", 'extension.bar = "python"', true],
	["ruff.toml", 'exclude = ["a"]\nsrc = ["include"]', false],
	["pyproject.toml", '[tool.ruff]\nextend-include = ["x"]', true],
	["pyproject.toml", '[tool.ruff.lint]\nselect = []\n[tool.ruff.extension]\nbar = "python"', true],
	["pyproject.toml", '[tool.ruff]\nline-length = 90\n[tool.setuptools.packages.find]\ninclude = ["x"]', false],
	["pyproject.toml", "[[tool.mypy.overrides]]\ninclude = 1\n[tool.ruff] # ours\ninclude = []", true],
	["pyproject.toml", "[tool.other]\ninclude = []", false],
])("%s: %s names sources of other names: %s", (path, text, namesSources) => {
	expect(configReach(path, text, ENV).namesSources).toBe(namesSources);
});

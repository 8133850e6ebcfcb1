/** Which changes make old what a ready process has taken from the workspace. */
import { expect, test } from "vitest";
import type { FileChange } from "../../../../../../src/core/probes/affected.ts";
import { isOutdated, topNames } from "../../../../../../src/node/probes/tests/workers/taken.ts";

const taken = (loaded: readonly string[], names: readonly string[] = [], listed: readonly string[] = []) => ({
	loaded: new Set(loaded),
	names: new Set(names),
	listed: new Set(listed),
});
const created = (path: string): FileChange => ({ path, kind: "created" });
const deleted = (path: string): FileChange => ({ path, kind: "deleted" });
const modified = (path: string): FileChange => ({ path, kind: "modified" });

const NOTHING = taken(["pytest.ini", "pyproject.toml"], ["json", "requests", "requests.api", "simplejson"]);
const LOADED = taken(["tests/conftest.py", "tests/__init__.py"], ["tests", "tests.conftest", "json"]);

test.each([
	["a new module of a new name", created("app/core.py"), false],
	["a package's __init__.py", created("tests/__init__.py"), false],
	["a data file", created("data/rates.csv"), false],
	["a change of what was not loaded", modified("requests.py"), false],
	["a file that goes", deleted("requests.py"), false],
	["a module of a loaded one's name", created("requests.py"), true],
	["the same in a folder that may lead sys.path", created("tests/unit/requests.py"), true],
	["a package of that name", created("src/requests/__init__.py"), true],
	["a folder of that name", created("requests/more.py"), true],
	["a library of that name", created("lib/json.cpython-311-x86_64-linux-gnu.so"), true],
	["a name that was asked for in vain", created("tests/simplejson.py"), true],
] as const)("nothing of the workspace was loaded: %s", (_what, change, outdated) => {
	expect(isOutdated(NOTHING, change)).toBe(outdated);
});

test.each([
	["a change of it", modified("tests/conftest.py"), true],
	["a change of another", modified("tests/helpers.py"), false],
	["a new module", created("app/core.py"), true],
	["a new data file", created("data/rates.csv"), true],
	["a data file that goes", deleted("data/rates.csv"), true],
	["a new test file", created("tests/test_a.py"), false],
	["a new test file in a new folder", created("tests/unit/test_a.py"), false],
	["a test file that goes", deleted("tests/test_a.py"), false],
	["a test file in a new folder of a loaded module's name", created("json/test_a.py"), true],
] as const)("a conftest.py was loaded: %s", (_what, change, outdated) => {
	expect(isOutdated(LOADED, change)).toBe(outdated);
});

test.each([
	["cases/", created("cases/test_a.py"), true],
	["cases/", created("cases/more/test_a.py"), true],
	["cases/", deleted("cases/test_a.py"), true],
	["cases/", modified("cases/test_a.py"), false],
	["cases/", created("tests/test_a.py"), false],
	["./", created("test_a.py"), true],
] as const)("%s was listed: %o", (folder, change, outdated) => {
	expect(isOutdated(taken(["tests/conftest.py"], [], [folder]), change)).toBe(outdated);
});

test("first names of the modules that a file can be part of", () => {
	expect([...topNames("src/app/core.py")]).toEqual(["src", "app", "core"]);
	expect([...topNames("app/__init__.py")]).toEqual(["app"]);
});

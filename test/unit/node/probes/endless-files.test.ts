/** Files that never end, or hold more than there is memory: no probe waits for them, and none is called clean over them (threats A12). */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { ProbeSettings } from "../../../../src/core/probes/engine-messages.ts";
import type { ProbeScope } from "../../../../src/core/probes/report.ts";
import { openEngine } from "../../../fixtures/probe-engine.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const GIGABYTE = 1024 ** 3;
const PROJECT = {
	"part.py": "import os\n\nX = 1\n",
	"test_part.py": "from part import X\n\n\ndef test_part():\n    assert X == 1\n",
};
const LINT_AS_EVER = { status: "findings", findings: [{ file: "part.py", code: "F401" }] };
const TESTS_AS_EVER = { status: "clean", counts: { passed: 1 } };

function opened(settings: Partial<ProbeSettings> = {}) {
	const root = temporaryWorkspace(PROJECT);
	const engine = openEngine(root, { sandbox: "off", ...settings });
	return {
		at: (path: string) => join(root, path),
		probe: (scope: ProbeScope) => engine.probe({ scope, fresh: false }, () => undefined, new AbortController().signal),
	};
}

function makePipe(path: string): void {
	mkdirSync(dirname(path), { recursive: true });
	execFileSync("mkfifo", [path]);
}

test.each([
	["a pipe as source", "x.py", makePipe],
	["a pipe as test", "tests/test_x.py", makePipe],
	["a pipe as notebook", "x.ipynb", makePipe],
	["a pipe as .gitignore", ".gitignore", makePipe],
	["a pipe as ruff's configuration, in a folder below", "below/ruff.toml", makePipe],
	["a pipe as a project's configuration, in a folder below", "below/pyproject.toml", makePipe],
	["a link to the program's own output", "x.py", (path: string) => symlinkSync("/dev/stdout", path)],
	["a link to a link to it", "x.py", linkTwice],
	["a link to memory without end", "x.py", (path: string) => symlinkSync("/proc/self/pagemap", path)],
	["a link to zeros without end", ".ignore", (path: string) => symlinkSync("/dev/zero", path)],
])("%s: lint says which file keeps it from judging, the tests are judged as ever", async (_what, name, make) => {
	const { at, probe } = opened();
	expect(await probe("full")).toMatchObject({ ruff: LINT_AS_EVER, pytest: TESTS_AS_EVER });
	make(at(name));
	for (const scope of ["affected", "full"] as const)
		expect(await probe(scope), scope).toMatchObject({
			ruff: {
				status: "not-run",
				reason: "bad-config",
				message: expect.stringContaining(`${name} is a pipe, or leads`),
			},
			pytest: TESTS_AS_EVER,
		});
	rmSync(at(name));
	for (const scope of ["affected", "full"] as const)
		expect(await probe(scope), scope).toMatchObject({ ruff: LINT_AS_EVER, pytest: TESTS_AS_EVER });
});

function linkTwice(path: string): void {
	symlinkSync("/proc/self/fd", join(dirname(path), "channels"));
	symlinkSync("channels/1", path);
}

test("a link that comes to lead to a pipe is seen, though the link itself did not move", async () => {
	const { at, probe } = opened({ pytestEnabled: false });
	writeFileSync(at("data"), "Y = 1\n");
	symlinkSync("data", at("x.py"));
	expect((await probe("full")).ruff).toMatchObject(LINT_AS_EVER);
	rmSync(at("data"));
	makePipe(at("data"));
	expect((await probe("affected")).ruff).toMatchObject({ status: "not-run", reason: "bad-config" });
});

test("pipes of other names, and what masks a file by custom, are nobody's matter", async () => {
	const { at, probe } = opened({ pytestEnabled: false });
	makePipe(at("data.txt"));
	symlinkSync("/dev/null", at("masked.py"));
	expect((await probe("full")).ruff).toMatchObject(LINT_AS_EVER);
});

test("a source with more in it than ruff may have of memory is a finding, and the others are judged", async () => {
	const { at, probe } = opened({ pytestEnabled: false, memoryLimitMb: 512 });
	writeFileSync(at("huge.py"), "");
	truncateSync(at("huge.py"), 3 * GIGABYTE);
	for (const scope of ["full", "affected"] as const)
		expect((await probe(scope)).ruff, scope).toMatchObject({
			status: "findings",
			findings: [
				{ file: "huge.py", code: "E902", message: expect.stringContaining("out of memory") },
				{ file: "part.py", code: "F401" },
			],
		});
});

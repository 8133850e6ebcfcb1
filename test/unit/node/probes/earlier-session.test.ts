/** The first probe of a session, where an earlier one knew the workspace. */
import { execFileSync } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { ProbeSettings } from "../../../../src/core/probes/engine-messages.ts";
import { openEngine } from "../../../fixtures/probe-engine.ts";
import { venvPython } from "../../../fixtures/venv.ts";
import { projectWorkspace, temporaryWorkspace } from "../../../fixtures/workspace.ts";

const FULL = { scope: "full", fresh: false } as const;
const AFFECTED = { scope: "affected", fresh: false } as const;
const never = new AbortController().signal;
const quiet = () => undefined;

/** Four modules with a test each. */
const FILES = Object.fromEntries(
	["a", "b", "c", "d"].flatMap((name) => [
		[`${name}.py`, "X = 1\n"],
		[`test_${name}.py`, `import ${name}\n\n\ndef test_${name}():\n    assert ${name}.X == 1\n`],
	]),
);

function sessions(root: string, settings: Partial<ProbeSettings> = {}) {
	const folder = temporaryWorkspace();
	return {
		folder,
		open: (more: Partial<ProbeSettings> = {}, version = "1") =>
			openEngine(root, { sandbox: "off", ...settings, ...more }, process.env, { folder, version }),
		async probeOnce(request: typeof FULL | typeof AFFECTED = FULL, more: Partial<ProbeSettings> = {}, version = "1") {
			const engine = this.open(more, version);
			const report = await engine.probe(request, quiet, never);
			engine.dispose();
			return report;
		},
	};
}

test("nothing changed: a hit with the same findings, and no process for it", async () => {
	const own = sessions(projectWorkspace("calc"));
	const first = await own.probeOnce();
	expect(first.pytest.cache).toBe("miss");
	const again = await own.probeOnce();
	const hit = { cache: "hit", why: "unchanged since an earlier session", form: null, wave: null, scope: "full" };
	expect(again).toMatchObject({ pytest: hit, ruff: hit, changedFiles: [] });
	const judged = ({ pytest, ruff }: typeof first) =>
		[pytest, ruff].map((part) => (part.status === "not-run" ? part.reason : part.findings));
	expect(judged(again)).toEqual(judged(first));
	expect(await own.probeOnce(AFFECTED)).toMatchObject({ pytest: { cache: "hit" }, ruff: { cache: "hit" } });
});

test("no tests is an answer that lasts, too", async () => {
	const own = sessions(temporaryWorkspace({ "test_a.py": "x = 1\n" }));
	await own.probeOnce();
	expect((await own.probeOnce()).pytest).toMatchObject({ cache: "hit", status: "not-run", reason: "no-tests" });
});

test("an edit between two sessions runs what it can have touched, and is never missed", async () => {
	const root = temporaryWorkspace(FILES);
	const own = sessions(root);
	await own.probeOnce();
	writeFileSync(join(root, "b.py"), "X = 2\n");
	const { pytest } = await own.probeOnce(AFFECTED);
	expect(pytest).toMatchObject({ cache: "miss", scope: "affected", counts: { passed: 3, failed: 1 } });
	expect(pytest.why).toContain("1 file changed since an earlier session; 1 test file affected");
});

test("an edit of the same size that puts the time back is seen", async () => {
	const root = temporaryWorkspace(FILES);
	const own = sessions(root);
	await own.probeOnce();
	const path = join(root, "b.py");
	const { atime, mtime } = statSync(path);
	writeFileSync(path, "X = 2\n");
	utimesSync(path, atime, mtime);
	expect((await own.probeOnce()).pytest).toMatchObject({ cache: "miss", status: "findings" });
});

test("what failed and was not run again still counts as failing in the next session", async () => {
	const root = temporaryWorkspace({ ...FILES, "c.py": "X = 3\n" });
	const own = sessions(root);
	await own.probeOnce();
	writeFileSync(join(root, "b.py"), "X = 2\n");
	await own.probeOnce(AFFECTED);
	writeFileSync(join(root, "b.py"), "X = 1\n");
	rmSync(join(root, "test_a.py"));
	const { pytest } = await own.probeOnce(AFFECTED);
	expect(pytest).toMatchObject({ status: "findings", findings: [{ testId: "test_c.py::test_c" }] });
});

test("another version, another setting or a cache that is off begins anew", async () => {
	const own = sessions(temporaryWorkspace(FILES));
	await own.probeOnce();
	expect((await own.probeOnce(FULL, {}, "2")).pytest.cache).toBe("miss");
	expect((await own.probeOnce(FULL, { defaultSelect: false })).pytest.cache).toBe("miss");
	expect((await own.probeOnce(FULL, { cacheEnabled: false })).pytest.cache).toBe("miss");
	expect((await own.probeOnce()).pytest.cache).toBe("hit");
});

test("a package that came into the environment begins the tests anew", async () => {
	const place = temporaryWorkspace();
	execFileSync(venvPython, ["-m", "venv", "--without-pip", join(place, "env")]);
	const python = join(place, "env/bin/python");
	const ask = (of: string) =>
		execFileSync(of, ["-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"], { encoding: "utf8" }).trim();
	writeFileSync(join(ask(python), "tools.pth"), `${ask(venvPython)}\n`);
	const own = sessions(temporaryWorkspace(FILES), { pythonPath: python, ruffPath: join(dirname(venvPython), "ruff") });
	expect((await own.probeOnce()).pytest.status).toBe("clean");
	expect((await own.probeOnce()).pytest.cache).toBe("hit");
	writeFileSync(join(ask(python), "more.py"), "X = 1\n");
	expect((await own.probeOnce()).pytest).toMatchObject({ cache: "miss", status: "clean" });
});

test("a damaged file is discarded, and replaced by a whole one", async () => {
	const own = sessions(temporaryWorkspace(FILES));
	await own.probeOnce();
	const [name = ""] = readdirSync(own.folder);
	appendFileSync(join(own.folder, name), " ");
	expect((await own.probeOnce()).pytest).toMatchObject({ cache: "miss", why: expect.stringContaining("first probe") });
	expect(readFileSync(join(own.folder, name), "utf8").endsWith(" ")).toBe(false);
	expect((await own.probeOnce()).pytest.cache).toBe("hit");
});

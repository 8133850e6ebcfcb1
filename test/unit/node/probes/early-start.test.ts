/** Tests that begin on what a glance saw: they count where it was all, and are ended without a word where it was not. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ProbeProgress, ProbeRequest } from "../../../../src/core/ports.ts";
import type { TestReport } from "../../../../src/core/probes/report.ts";
import type { Content } from "../../../../src/node/probes/content/content.ts";
import { type Begun, beginProbe } from "../../../../src/node/probes/early-start.ts";
import type { Asking, Judged } from "../../../../src/node/probes/judging.ts";
import { openEngine } from "../../../fixtures/probe-engine.ts";
import { processesIn } from "../../../fixtures/processes.ts";
import { temporaryWorkspace } from "../../../fixtures/workspace.ts";

const never = new AbortController().signal;
const AFFECTED = { scope: "affected", fresh: false } as const;
const STARTED: ProbeProgress = { kind: "started", probe: "pytest", scope: "affected", wave: "A" };
const TOOLCHAIN = { python: null, ruff: null, passedOver: [] };
const REPORT: TestReport = {
	...{ probe: "pytest", status: "not-run", reason: "no-tests", message: "", fix: "" },
	...{ cache: "miss", why: "", scope: "full", wave: null, form: null, durationMs: 0 },
};

/** What happens, in its order, where a look finds `whole` after a glance at `glimpsed`. */
async function begun(glimpsed: Content | null, whole: () => Content, request: ProbeRequest = AFFECTED) {
	const steps: string[] = [];
	const told: ProbeProgress[] = [];
	const judge = (content: Content, { onProgress, signal }: Asking) => {
		steps.push("judge");
		onProgress(STARTED);
		return new Promise<Judged<TestReport>>((resolve, reject) => {
			signal.addEventListener("abort", () => {
				steps.push("ended");
				reject(signal.reason);
			});
			setTimeout(() => {
				onProgress({ kind: "finished", report: REPORT });
				resolve({ report: REPORT, key: "", content });
			}, 20);
		});
	};
	const looks = {
		look() {
			steps.push("look");
			return whole();
		},
		glance(files: readonly string[]) {
			steps.push(["glance", ...files].join(" "));
			return glimpsed;
		},
		seen: () => null,
	};
	const toolchain = { find: async () => TOOLCHAIN };
	const asked = { request, onProgress: (progress: ProbeProgress) => told.push(progress), signal: never };
	const beginning = { looks, toolchain, judge, mayBeginEarly: true, whyOf: () => "" };
	const result: Begun | Error = await beginProbe(beginning, asked).catch((error: Error) => error);
	return { result, steps, told };
}

test("where the glance saw all, the tests of it go on, and what they told is passed on", async () => {
	const content: Content = new Map([["a.py", "1"]]);
	const { result, steps, told } = await begun(content, () => content, { ...AFFECTED, changed: ["a.py"] });
	expect(steps).toEqual(["glance a.py", "judge", "look"]);
	if (result instanceof Error) throw result;
	expect(result.content).toBe(content);
	expect(told).toEqual([STARTED]);
	await expect(result.early).resolves.toMatchObject({ report: REPORT });
	expect(told.map(({ kind }) => kind)).toEqual(["started", "finished"]);
});

test("where the look finds more, they are ended first, and nothing of theirs is told", async () => {
	const whole: Content = new Map([["a.py", "1"]]);
	const { result, steps, told } = await begun(new Map([["a.py", "0"]]), () => whole);
	expect(steps).toEqual(["glance", "judge", "look", "ended"]);
	expect(result).toMatchObject({ content: whole, early: null });
	await new Promise((resolve) => setTimeout(resolve, 40));
	expect(told).toEqual([]);
});

test("tests that cannot begin are no error of the look", async () => {
	const unheard: unknown[] = [];
	const hear = (reason: unknown) => unheard.push(reason);
	process.on("unhandledRejection", hear);
	onTestFinished(() => void process.off("unhandledRejection", hear));
	const content: Content = new Map();
	const looks = { look: () => content, glance: () => content, seen: () => null };
	const { early } = await beginProbe(
		{
			...{ looks, toolchain: { find: async () => TOOLCHAIN }, mayBeginEarly: true, whyOf: () => "" },
			judge: () => Promise.reject(new Error("no room")),
		},
		{ request: AFFECTED, onProgress: () => undefined, signal: never },
	);
	await new Promise((resolve) => setTimeout(resolve, 10));
	expect(unheard).toEqual([]);
	await expect(early).rejects.toThrow("no room");
});

test("where there is nothing to look at any more, they are ended, and the error is told", async () => {
	const { result, steps } = await begun(new Map(), () => {
		throw new Error("the folder is gone");
	});
	expect(result).toEqual(new Error("the folder is gone"));
	expect(steps).toEqual(["glance", "judge", "look", "ended"]);
});

test("where nothing moved at a glance, the look comes first and nothing begins before it", async () => {
	const content: Content = new Map();
	const { result, steps } = await begun(null, () => content);
	expect(steps).toEqual(["glance", "look"]);
	expect(result).toMatchObject({ content, early: null });
});

const FILES = {
	"a.py": "A = 1\n",
	"b.py": "B = 1\n",
	"test_a.py": "from a import A\n\n\ndef test_a():\n    assert A == 1\n",
	"test_b.py": "from b import B\n\n\ndef test_b():\n    assert B == 1\n",
};

function opened() {
	const root = temporaryWorkspace(FILES);
	const engine = openEngine(root, { sandbox: "off" });
	return {
		root,
		engine,
		write: (name: string, text: string) => writeFileSync(join(root, name), text),
		async probe(request: ProbeRequest = AFFECTED) {
			const progress: ProbeProgress[] = [];
			const { ruff, pytest } = await engine.probe(request, (one) => progress.push(one), never);
			const told = progress.flatMap((one) => (one.kind === "started" ? [one.probe] : []));
			const failing = pytest.status === "not-run" ? [pytest.reason] : pytest.findings.map(({ testId }) => testId);
			return {
				failing,
				told: told.sort(),
				lint: ruff.status === "not-run" ? [] : ruff.findings.map(({ code }) => code),
			};
		},
	};
}

test("edits of one file, and of others beside it: each verdict is of all that changed", async () => {
	const { root, engine, write, probe } = opened();
	await probe({ scope: "full", fresh: false });
	for (const [a, b, failing] of [
		["2", null, ["test_a.py::test_a"]],
		["1", null, []],
		["2", "2", ["test_a.py::test_a", "test_b.py::test_b"]],
		["1", "2", ["test_b.py::test_b"]],
		["3", "1", ["test_a.py::test_a"]],
	] as const) {
		write("a.py", `A = ${a}\n`);
		if (b !== null) write("b.py", `B = ${b}\n`);
		expect(await probe()).toEqual({ failing, told: ["pytest", "ruff"], lint: [] });
	}
	write("a.py", "A = 1\n");
	rmSync(join(root, "test_b.py"));
	write("c.py", "import os\n");
	expect(await probe()).toMatchObject({ failing: [], lint: ["F401"] });
	engine.dispose();
	await expect.poll(() => processesIn(root), { timeout: 10_000 }).toEqual([]);
});

test("what the asker says has changed is no more than a hint", async () => {
	const { write, probe } = opened();
	await probe({ scope: "full", fresh: false });
	write("a.py", "A = 2\n");
	write("b.py", "B = 2\n");
	const both = ["test_a.py::test_a", "test_b.py::test_b"];
	expect(await probe({ ...AFFECTED, changed: ["b.py", "../b.py", "nowhere.py", "/etc/passwd"] })).toMatchObject({
		failing: both,
	});
	write("b.py", "B = 1\n");
	expect(await probe({ ...AFFECTED, changed: ["a.py"] })).toMatchObject({ failing: ["test_a.py::test_a"] });
});

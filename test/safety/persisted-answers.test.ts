/** Answers that permit something, and what was measured, damaged in every way: nothing is granted by it, nothing crashes, and it is said. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { obtainServerConsent, openConsentedProbes } from "../../src/cli/environment.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { type BenchmarkReport, isBenchmarkReport } from "../../src/core/benchmark/report.ts";
import type { EngineProbes, Machine } from "../../src/core/machine.ts";
import { isSelfTestResult, type SelfTestResult } from "../../src/core/model/self-test.ts";
import { isRunSummary } from "../../src/core/run-summary.ts";
import { createConsents } from "../../src/node/consents.ts";
import { addAllowed, readAllowed } from "../../src/node/models/allowed-servers.ts";
import { readReports, writeReport } from "../../src/node/models/benchmark-store.ts";
import { readPlacement, readSelfTest, writePlacement, writeSelfTest } from "../../src/node/models/model-records.ts";
import { placesIn, replaced, valueAt } from "../fixtures/places.ts";
import { temporaryWorkspace } from "../fixtures/workspace.ts";

const NEVER = new AbortController().signal;
const ELSEWHERE = "http://192.0.2.7:11434";

/** Texts that a file of this text may have become: cut, with other bytes in it, or another one altogether. */
function damages(text: string): fc.Arbitrary<Buffer> {
	const bytes = Buffer.from(text);
	return fc.oneof(
		fc.nat(bytes.length - 1).map((length) => bytes.subarray(0, length)),
		fc
			.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }))
			.map(([at, flip]) => Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ flip : byte)))),
		fc
			.tuple(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 20 }))
			.map(([at, more]) => Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)])),
		fc.json().map((json) => Buffer.from(json)),
		fc.json().map((json) => Buffer.concat([bytes.subarray(0, bytes.indexOf("\n") + 1), Buffer.from(json)])),
		fc.uint8Array({ maxLength: 200 }).map((noise) => Buffer.from(noise)),
	);
}

/** What may lie in a file's place. */
const PLACEHOLDERS: Readonly<Record<string, (path: string) => void>> = {
	"a folder": (path) => mkdirSync(path),
	"a pipe": (path) => void execFileSync("mkfifo", [path]),
	"a link to the whole file": (path) => {
		writeFileSync(`${path}.other`, readFileSync(path));
		rmSync(path);
		symlinkSync(`${path}.other`, path);
	},
	"a link to nothing": (path) => symlinkSync("/no/such/file", path),
	"ten megabytes": (path) => writeFileSync(path, "[".repeat(10 * 1024 * 1024)),
};

/** A file of answers that holds one of them. */
function withConsent() {
	const stateDir = temporaryWorkspace();
	const root = temporaryWorkspace();
	const consents = createConsents(stateDir);
	consents.add(root);
	return { consents, root, path: join(stateDir, readdirSync(stateDir)[0] ?? "") };
}

describe("P6 a yes to tests without a sandbox", () => {
	test("holds as it was written, for that folder alone", () => {
		const { consents, root } = withConsent();
		expect([consents.has(root), consents.damaged()]).toEqual([true, null]);
		expect(consents.has(temporaryWorkspace())).toBe(false);
	});

	test("F57: damaged anywhere, it permits nothing, is known as damaged, and a new yes mends it", () => {
		const { consents, root, path } = withConsent();
		const whole = readFileSync(path);
		fc.assert(
			fc.property(damages(whole.toString()), (bytes) => {
				fc.pre(!bytes.equals(whole));
				writeFileSync(path, bytes);
				expect([consents.has(root), consents.damaged()]).toEqual([false, path]);
			}),
			{ numRuns: 500 },
		);
		consents.add(root);
		expect([consents.has(root), consents.damaged()]).toEqual([true, null]);
	});

	test("a line that another tool would take for the answer is none", () => {
		const { consents, root, path } = withConsent();
		const [, body = ""] = readFileSync(path, "utf8").split("\n");
		for (const text of [body, `${root}\n`, JSON.parse(body)[0], `jetbox-answers-1 ${"0".repeat(64)}\n${body}`]) {
			writeFileSync(path, text);
			expect([consents.has(root), consents.damaged()]).toEqual([false, path]);
		}
	});

	test.each(Object.entries(PLACEHOLDERS))("F57: %s in its place permits nothing and hangs nobody", (what, put) => {
		const { consents, root, path } = withConsent();
		if (!what.includes("whole")) rmSync(path);
		put(path);
		expect([consents.has(root), consents.damaged()]).toEqual([false, path]);
		if (what === "a folder") expect(() => consents.add(root)).toThrow("cannot be kept");
		else consents.add(root);
		expect(consents.has(root)).toBe(what !== "a folder");
	});
});

describe("P16 a yes to a server elsewhere", () => {
	test("F57: damaged anywhere, it permits nothing, is known as damaged, and a new yes mends it", () => {
		const path = join(temporaryWorkspace(), "state/allowed-servers.json");
		addAllowed(path, ELSEWHERE);
		const whole = readFileSync(path);
		fc.assert(
			fc.property(damages(whole.toString()), (bytes) => {
				fc.pre(!bytes.equals(whole));
				writeFileSync(path, bytes);
				expect(readAllowed(path)).toEqual({ urls: [], damaged: path });
			}),
			{ numRuns: 500 },
		);
		addAllowed(path, ELSEWHERE);
		expect(readAllowed(path)).toEqual({ urls: [ELSEWHERE], damaged: null });
	});
});

describe("what the person is told", () => {
	function terminalOf(interactive: boolean) {
		const said: string[] = [];
		const terminal: Terminal = {
			interactive,
			out: () => undefined,
			err: (line) => said.push(line),
			style: (_style, text) => text,
			confirm: async () => false,
		};
		return { terminal, said };
	}
	const unused = async (): Promise<never> => {
		throw new Error("This is not to be asked.");
	};
	const noSandbox: EngineProbes = {
		probe: unused,
		checkSyntax: unused,
		fixLint: unused,
		describe: async () => [{ tool: "sandbox", state: "missing", detail: "none here", fix: "Install it." }],
		dispose: async () => undefined,
	};

	test.each([true, false])("a damaged consent is asked anew, in words (terminal: %s)", async (interactive) => {
		const { consents, root, path } = withConsent();
		writeFileSync(path, "damaged");
		const { terminal, said } = terminalOf(interactive);
		const environment = { terminal, consents, machine: () => ({ openProbes: () => noSandbox }) };
		const asked = openConsentedProbes(
			// Only these are used of the environment and of the choices.
			environment as unknown as Parameters<typeof openConsentedProbes>[0],
			{ root, sandbox: "auto" } as unknown as Parameters<typeof openConsentedProbes>[1],
			NEVER,
		);
		const error: unknown = await asked.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ kind: "sandbox-missing" });
		expect(`${said.join("\n")}${error}`).toContain(`Earlier answers cannot be read, since ${path} is damaged.`);
	});

	test.each([true, false])("a damaged list of servers is asked anew, in words (terminal: %s)", async (interactive) => {
		const { terminal, said } = terminalOf(interactive);
		const machine = {
			serverAddress: async () => ({ url: ELSEWHERE, remote: true, allowed: false, damaged: "/state/servers.json" }),
		};
		const asked = obtainServerConsent(
			{ terminal } as unknown as Parameters<typeof obtainServerConsent>[0],
			machine as unknown as Machine,
			NEVER,
		);
		const error: unknown = await asked.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ kind: "remote-server" });
		expect(`${said.join("\n")}${error}`).toContain("/state/servers.json is damaged");
	});
});

const SAMPLE = { tokens: 10, ms: 1.5 };
const REPORT: BenchmarkReport = {
	version: 1,
	at: "2026-01-02T03:04:05.000Z",
	server: "http://127.0.0.1:11434",
	serverVersion: "0.12",
	machine: "2 cores",
	minutesPerModel: 3,
	models: [
		{
			...{ model: "m", digest: "d", parameterSize: "7B", quantization: "Q4", sizeBytes: 5, contextLength: 4_096 },
			...{ protocol: "native", coldStartMs: 12, prefixKept: true, noProjects: "why", cutSteps: ["step"] },
			simple: [{ firstTokenMs: 1, totalMs: 2 }],
			...{ prefill: [SAMPLE], decode: [SAMPLE], append: [SAMPLE] },
			tools: [{ prompt: "p", protocol: "text", wanted: 1, valid: true, right: false, goodFile: true, durationMs: 3 }],
			projects: [{ project: "p", green: true, durationMs: 1, rounds: 2, reason: "r" }],
			memory: { sizeBytes: 1, vramBytes: 0 },
			failure: "f",
			durationMs: 9,
		},
	],
};
const SELF_TEST: SelfTestResult = {
	...{ model: "m", protocol: "text", complete: true, durationMs: 4 },
	scores: [{ protocol: "text", asked: 6, right: 5, goodFiles: 2, medianMs: 100 }],
	samples: [
		{
			...{ task: "write", protocol: "text", rightTool: true, validArguments: true, goodFile: true },
			...{ durationMs: 1, outputTokens: 2, answer: "a" },
		},
	],
};
const SUMMARY = {
	...{ runId: "r", task: "t", model: "m", startedAt: "2026-01-02T03:04:05.000Z", outcome: "green", rounds: 1 },
	...{ durationMs: 1, totals: { model: 1, probe: 1, context: 0, tools: 0 }, filesChanged: 0 },
};

describe("what was measured and done", () => {
	const odd = fc.constantFrom<unknown>({}, [{}], null, true, "odd", -0.5, "__proto__");

	test.each<[string, object, (value: unknown) => boolean]>([
		["a benchmark", REPORT, isBenchmarkReport],
		["a self-test", SELF_TEST, isSelfTestResult],
		["a run of the history", SUMMARY, isRunSummary],
	])("%s with a value of another kind anywhere, or without one, is none", (_what, whole, isOne) => {
		expect(isOne(whole)).toBe(true);
		fc.assert(
			fc.property(fc.constantFrom(...placesIn(whole)), odd, (place, value) => {
				const before = valueAt(whole, place);
				// What may be null may be a text or a number as well.
				fc.pre(value !== null && typeof before !== typeof value);
				expect(isOne(replaced(whole, place, value))).toBe(false);
			}),
			{ numRuns: 1_000 },
		);
		for (const name of Object.keys(whole)) expect(isOne({ ...whole, [name]: undefined })).toBe(false);
		for (const other of [null, [], "x", 1, [whole]]) expect(isOne(other)).toBe(false);
	});

	test("F57: damaged benchmarks hide no whole one, and are never taken for one", async () => {
		const folder = temporaryWorkspace();
		await writeReport(folder, REPORT);
		const [name = ""] = readdirSync(folder);
		const text = readFileSync(join(folder, name), "utf8");
		await fc.assert(
			fc.asyncProperty(damages(text), async (bytes) => {
				writeFileSync(join(folder, "2027-damaged.json"), bytes);
				const reports = await readReports(folder, 5);
				expect(reports.length).toBeGreaterThan(0);
				expect(reports.at(-1)).toEqual(REPORT);
				for (const report of reports) expect(isBenchmarkReport(report)).toBe(true);
			}),
			{ numRuns: 200 },
		);
	});

	test("F57: a self-test that is damaged, or is another model's, is made anew", async () => {
		const folder = temporaryWorkspace();
		const key = { server: "http://127.0.0.1:11434", name: "m", digest: "d" };
		await writeSelfTest(folder, key, SELF_TEST);
		expect(await readSelfTest(folder, key)).toEqual(SELF_TEST);
		const path = join(folder, readdirSync(folder)[0] ?? "");
		const whole = readFileSync(path);
		await fc.assert(
			fc.asyncProperty(damages(whole.toString()), async (bytes) => {
				writeFileSync(path, bytes);
				const read = await readSelfTest(folder, key);
				expect(read === null || isSelfTestResult(read)).toBe(true);
			}),
			{ numRuns: 200 },
		);
		writeFileSync(path, whole);
		const other = { ...key, name: "other" };
		await writeSelfTest(folder, other, SELF_TEST);
		const otherPath = join(folder, readdirSync(folder).find((name) => !path.endsWith(name)) ?? "");
		writeFileSync(otherPath, whole);
		expect(await readSelfTest(folder, other)).toBeNull();
	});

	test("F57: where a model was loaded is forgotten where the note of it is damaged, or is another model's", async () => {
		const folder = temporaryWorkspace();
		const key = { server: "http://127.0.0.1:11434", name: "m", digest: "d" };
		await writeSelfTest(folder, key, SELF_TEST);
		await writePlacement(folder, key, "cpu");
		expect([await readPlacement(folder, key), await readSelfTest(folder, key)]).toEqual(["cpu", SELF_TEST]);
		const path = join(folder, readdirSync(folder).find((name) => name.endsWith(".placement.json")) ?? "");
		const whole = readFileSync(path);
		await fc.assert(
			fc.asyncProperty(damages(whole.toString()), async (bytes) => {
				writeFileSync(path, bytes);
				expect(["cpu", "gpu", null]).toContain(await readPlacement(folder, key));
			}),
			{ numRuns: 200 },
		);
		writeFileSync(path, whole);
		const other = { ...key, name: "other" };
		await writePlacement(folder, other, "gpu");
		for (const name of readdirSync(folder))
			if (name.endsWith(".placement.json")) writeFileSync(join(folder, name), whole);
		expect([await readPlacement(folder, other), await readPlacement(folder, key)]).toEqual([null, "cpu"]);
	});
});

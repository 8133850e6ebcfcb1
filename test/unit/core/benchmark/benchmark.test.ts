import { describe, expect, it } from "vitest";
import { type BenchmarkTarget, betterProtocol, measureModel } from "../../../../src/core/benchmark/measure-model.ts";
import { type BenchmarkReport, isBenchmarkReport, type ModelBenchmark } from "../../../../src/core/benchmark/report.ts";
import { isPrefixKept } from "../../../../src/core/benchmark/speed.ts";
import { spread, tableOf } from "../../../../src/core/benchmark/table.ts";
import { TOOL_PROMPTS } from "../../../../src/core/benchmark/tool-prompts.ts";
import { UserError } from "../../../../src/core/errors.ts";
import type { InstalledModel } from "../../../../src/core/machine.ts";
import type { ChatRequest } from "../../../../src/core/model/conversation.ts";
import { createManualClock } from "../../../fakes/manual-clock.ts";
import { createScriptedModel, type ScriptedAnswer } from "../../../fakes/scripted-model.ts";

const NEVER = new AbortController().signal;
const INSTALLED: InstalledModel = {
	name: "small:1b",
	sizeBytes: 1e9,
	parameterSize: "1B",
	quantization: "Q4",
	contextLength: 8_192,
	claimsTools: true,
	claimsThinking: false,
	hidesTools: false,
	continuesAnswers: false,
	digest: "abc",
	bytesPerToken: null,
	loaded: false,
	protocol: "native",
	protocolBy: "self-test",
	fits: "yes",
	measured: null,
};

/** Calls what each tool prompt wants, in the server's own words. */
function obedient(request: ChatRequest): ScriptedAnswer {
	const task = String(request.messages[1]?.content ?? "");
	const prompt = TOOL_PROMPTS.find((one) => task === `Task: ${one.task}`);
	if (prompt === undefined || prompt.wanted.length === 0) return "Done.";
	return {
		calls: prompt.wanted.map(({ tools, path }) => ({
			name: tools[0] === "edit_file" ? "write_file" : (tools[0] ?? ""),
			arguments: prompt.defines === null ? { path } : { path, content: `def ${prompt.defines}(n):\n    return n\n` },
		})),
	};
}

function target(
	answers: (request: ChatRequest) => ScriptedAnswer,
	over: Partial<BenchmarkTarget> = {},
): BenchmarkTarget {
	return {
		model: INSTALLED,
		open: async (protocol) => createScriptedModel(answers, { protocol }),
		startCold: async () => 1_500,
		memory: async () => ({ sizeBytes: 2e9, vramBytes: 1e9 }),
		runProject: async ({ name }) => ({ project: name, green: true, durationMs: 900, rounds: 2, reason: "" }),
		...over,
	};
}

async function measure(over: Partial<BenchmarkTarget> = {}, answers = obedient): Promise<ModelBenchmark> {
	return measureModel(target(answers, over), 180_000, createManualClock(), () => undefined, NEVER);
}

describe("the tool prompts", () => {
	it("are twelve: eight need one call, two need two, two need none", () => {
		const wanted = TOOL_PROMPTS.map((prompt) => prompt.wanted.length);
		expect([1, 2, 0].map((count) => wanted.filter((one) => one === count).length)).toEqual([8, 2, 2]);
		expect(new Set(TOOL_PROMPTS.map(({ id }) => id)).size).toBe(12);
	});
});

describe("a model", () => {
	it("goes through every step, and what it does right counts as right", async () => {
		const measured = await measure();
		expect(measured).toMatchObject({
			coldStartMs: 1_500,
			protocol: "native",
			failure: null,
			cutSteps: [],
			memory: { sizeBytes: 2e9, vramBytes: 1e9 },
		});
		expect(measured.simple).toHaveLength(5);
		expect(measured.prefill).toHaveLength(3);
		expect(measured.projects).toHaveLength(3);
		const native = measured.tools.filter(({ protocol }) => protocol === "native");
		expect(native.filter(({ right, goodFile }) => right && goodFile !== false)).toHaveLength(12);
		expect(measured.tools.filter(({ protocol }) => protocol === "schema")).toHaveLength(12);
	});

	it("that calls a tool for everything shows no restraint, and one that calls none no calls", async () => {
		const eager = await measure({}, () => ({ calls: [{ name: "read_file", arguments: { path: "x" } }] }));
		const lazy = await measure({}, () => "I would rather talk.");
		const good = (measured: ModelBenchmark) =>
			measured.tools.filter(({ protocol, valid }) => protocol === "native" && valid).map(({ wanted }) => wanted);
		expect(new Set(good(eager))).toEqual(new Set([1]));
		expect(new Set(good(lazy))).toEqual(new Set([0]));
	});

	it("that takes too long is cut, and it is said which steps", async () => {
		let now = 0;
		const clock = { now: () => (now += 4_000) };
		const measured = await measureModel(target(obedient), 60_000, clock, () => undefined, NEVER);
		expect(measured.cutSteps).toContain("simple question");
		expect(measured.cutSteps).toContain("small project");
		expect(tableOf(report(measured), null)[0]?.notes[0]).toContain("cut short");
	});

	it("has its last projects cut at a time that is no whole number of milliseconds", async () => {
		let now = 0;
		const clock = { now: () => (now += 100.25) };
		const measured = await measureModel(target(obedient), 180_000.5, clock, () => undefined, NEVER);
		expect(measured.projects).toHaveLength(3);
	});

	it("whose server fails ends with the reason, and keeps what was measured", async () => {
		let calls = 0;
		const measured = await measure({}, (request) => {
			calls += 1;
			return calls > 3 ? new UserError("out-of-memory", "It stopped.", "Close programs.") : obedient(request);
		});
		expect(measured.simple).toHaveLength(3);
		expect(measured.failure).toBe("It stopped. Close programs.");
	});

	it("is cancelled between two answers", async () => {
		const controller = new AbortController();
		const steps: string[] = [];
		const measuring = measureModel(
			target(obedient),
			180_000,
			createManualClock(),
			(step) => {
				steps.push(step);
				if (steps.length === 4) controller.abort();
			},
			controller.signal,
		);
		await expect(measuring).rejects.toMatchObject({ name: "AbortError" });
		expect(steps).toHaveLength(4);
	});

	it("without a sandbox gets no project to run code in, and that is said", async () => {
		const measured = await measure({ runProject: async () => "There is no sandbox." });
		expect(measured).toMatchObject({ projects: [], noProjects: "There is no sandbox." });
		expect(tableOf(report(measured), null)[0]).toMatchObject({ rank: null, green: null, fitsFor: "edits" });
	});
});

function report(...models: readonly ModelBenchmark[]): BenchmarkReport {
	return {
		version: 1,
		at: "2026-11-25T10:00:00.000Z",
		server: "http://127.0.0.1:11434",
		serverVersion: "1",
		machine: "2 cores",
		minutesPerModel: 3,
		models,
	};
}

describe("the table", () => {
	it("ranks by time to green among those that may be trusted, and puts the others last", async () => {
		const measured = await measure();
		const slow = {
			...measured,
			model: "slow:7b",
			projects: measured.projects.map((project) => ({ ...project, durationMs: 9_000 })),
		};
		const failing = {
			...measured,
			model: "fast-but-wrong:1b",
			projects: measured.projects.map((project) => ({ ...project, durationMs: 1, green: false })),
		};
		const rows = tableOf(report(failing, slow, measured), null);
		expect(rows.map(({ model, rank, fitsFor }) => [model, rank, fitsFor])).toEqual([
			["small:1b", 1, "first"],
			["slow:7b", 2, "reliable"],
			["fast-but-wrong:1b", null, "edits"],
		]);
	});

	it("shows how many samples there were, and how sure a share is", async () => {
		const [row] = tableOf(report(await measure()), null);
		expect(row?.valid).toEqual({ k: 12, n: 12, errorPoints: 12 });
		expect(row?.green).toEqual({ k: 3, n: 3, errorPoints: 28 });
		expect(row?.timeToGreenMs).toEqual({ median: 900, min: 900, max: 900, n: 3 });
	});

	it("says what has changed since the last run with the same files of the model", async () => {
		const measured = await measure();
		const before = { ...measured, projects: measured.projects.map((one) => ({ ...one, durationMs: 1_800 })) };
		expect(tableOf(report(measured), report(before))[0]?.change).toMatchObject({ timeToGreen: 0.5 });
		expect(tableOf(report(measured), report({ ...before, digest: "other" }))[0]?.change).toBeNull();
	});

	it("makes no figure of nothing", () => {
		expect(spread([])).toBeNull();
		expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, n: 3 });
		expect(spread([1, 2])?.median).toBe(1.5);
	});
});

describe("the better protocol", () => {
	const samples = (protocol: "native" | "text", right: number) =>
		TOOL_PROMPTS.map(({ id }, index) => ({
			prompt: id,
			protocol,
			wanted: 1,
			valid: true,
			right: index < right,
			goodFile: null,
			durationMs: 1,
		}));

	it("has more right answers; among equals it stays, and a handful of answers decides nothing", () => {
		expect(betterProtocol([...samples("native", 3), ...samples("text", 9)], "native")).toBe("text");
		expect(betterProtocol([...samples("native", 9), ...samples("text", 9)], "text")).toBe("text");
		expect(betterProtocol([...samples("native", 3), ...samples("text", 12).slice(0, 4)], "native")).toBe("native");
	});
});

describe("a kept prefix", () => {
	const round = (tokens: number, ms: number) => ({ tokens, ms });
	it.each([
		[[round(500, 1_000), round(100, 200), round(100, 200), round(100, 300)], true],
		[[round(500, 1_000), round(100, 1_200), round(100, 1_400), round(100, 1_600)], false],
		[[round(500, 1_000)], null],
	])("%j: %s", (append, expected) => {
		expect(isPrefixKept(append)).toBe(expected);
	});
});

describe("a stored report", () => {
	it("is read again, and anything else is refused", async () => {
		const stored: unknown = JSON.parse(JSON.stringify(report(await measure())));
		expect(isBenchmarkReport(stored)).toBe(true);
		for (const value of [null, {}, { version: 2 }, { ...report(), models: [{}] }, []])
			expect(isBenchmarkReport(value)).toBe(false);
	});
});

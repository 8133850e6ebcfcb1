/** The choice of a tool protocol by six small tasks, with models that master some of them. */
import { describe, expect, test } from "vitest";
import { UserError } from "../../../../src/core/errors.ts";
import type { ChatRequest, ToolProtocol } from "../../../../src/core/model/conversation.ts";
import { isSelfTestResult, runSelfTest, type SelfTestResult } from "../../../../src/core/model/self-test.ts";
import { SELF_TEST_TASKS } from "../../../../src/core/model/self-test-tasks.ts";
import { createManualClock } from "../../../fakes/manual-clock.ts";
import { createScriptedModel, type ScriptedAnswer } from "../../../fakes/scripted-model.ts";

const NEVER = new AbortController().signal;
const IS_EVEN = "def is_even(n):\n    return n % 2 == 0\n";
const DIAMETER = "def diameter(r):\n    return 2 * r\n";
const LAST_N = 'def last_n(items, n):\n    """The last n items."""\n    return items[-n:]\n';

interface Call {
	readonly name: string;
	readonly arguments: { readonly [key: string]: string };
}

function protocolOf({ tools, format }: ChatRequest): ToolProtocol {
	return tools.length > 0 ? "native" : format === null ? "text" : "schema";
}

/** What is right for the task of the request; null: words. */
function rightCall({ messages }: ChatRequest): Call | null {
	const task = messages[1]?.content ?? "";
	if (task.includes("404")) return null;
	if (task.includes("is_even")) return { name: "write_file", arguments: { path: "is_even.py", content: IS_EVEN } };
	if (task.includes("circle.py")) return { name: "write_file", arguments: { path: "circle.py", content: DIAMETER } };
	if (task.includes("util.py")) return { name: "write_file", arguments: { path: "util.py", content: LAST_N } };
	if (task.includes("folder")) return { name: "list_files", arguments: { path: "tests/" } };
	return { name: "read_file", arguments: { path: "src/app.py" } };
}

function answerIn(protocol: ToolProtocol, call: Call | null): ScriptedAnswer {
	if (protocol === "native") return call === null ? "It means not found." : { calls: [call] };
	if (protocol === "schema") {
		return JSON.stringify(
			call === null ? { tool: "answer", text: "Not found." } : { tool: call.name, ...call.arguments },
		);
	}
	return call === null ? "It means not found." : JSON.stringify(call);
}

/** A model that is right in these protocols and talks in the others; each answer takes so long. */
async function testOf(
	masters: readonly ToolProtocol[],
	{
		ms = () => 10,
		budgetMs,
		fails = () => false,
	}: {
		ms?: (protocol: ToolProtocol) => number;
		budgetMs?: number;
		/** Talks for this task all the same. */
		fails?: (task: string, protocol: ToolProtocol) => boolean;
	} = {},
): Promise<SelfTestResult & { readonly asked: readonly string[] }> {
	const clock = createManualClock();
	const asked: string[] = [];
	const model = createScriptedModel((request) => {
		const protocol = protocolOf(request);
		clock.advance(ms(protocol));
		const isRight = masters.includes(protocol) && !fails(request.messages[1]?.content ?? "", protocol);
		return isRight ? answerIn(protocol, rightCall(request)) : "Sure, I can do that.";
	});
	const result = await runSelfTest(
		model,
		{
			clock,
			...(budgetMs === undefined ? {} : { budgetMs }),
			onSample: ({ task, protocol }) => asked.push(`${task} ${protocol}`),
		},
		NEVER,
	);
	return { ...result, asked };
}

describe("the self-test", () => {
	test.each(["native", "schema", "text"] as const)(
		"takes %s where only that works, and gives the others up",
		async (kind) => {
			const { protocol, scores, complete } = await testOf([kind]);
			expect(protocol).toBe(kind);
			expect(complete).toBe(true);
			expect(scores[0]).toEqual({
				protocol: kind,
				asked: SELF_TEST_TASKS.length,
				right: SELF_TEST_TASKS.length,
				goodFiles: 3,
				medianMs: 10,
			});
			for (const score of scores.slice(1)) expect(score.asked).toBeLessThan(SELF_TEST_TASKS.length);
		},
	);

	test("among equals takes the faster, but native where it is nearly as fast", async () => {
		const all = ["native", "schema", "text"] as const;
		expect((await testOf(all, { ms: (kind) => (kind === "text" ? 10 : 14) })).protocol).toBe("native");
		expect((await testOf(all, { ms: (kind) => (kind === "text" ? 10 : 40) })).protocol).toBe("text");
	});

	test("takes text in place of a schema that leads by one answer, not by two", async () => {
		const withTextFailing = (words: readonly string[]) =>
			testOf(["schema", "text"], {
				fails: (task, kind) => kind === "text" && words.some((word) => task.includes(word)),
			});
		expect((await withTextFailing(["util.py"])).protocol).toBe("text");
		expect((await withTextFailing(["util.py", "circle.py"])).protocol).toBe("schema");
	});

	test("asks each protocol at least once, begins nothing after its budget, and says so", async () => {
		const { asked, complete } = await testOf(["schema"], { ms: () => 20_000, budgetMs: 30_000 });
		expect(asked).toEqual(["write native", "write schema", "write text"]);
		expect(complete).toBe(false);
	});

	test("knows a wrong path, a broken file, an unwanted call and missing arguments", async () => {
		const wrong = new Map<string, ScriptedAnswer>([
			["is_even", { calls: [{ name: "write_file", arguments: { path: "is_even.py", content: "def is_even(n):\n" } }] }],
			["404", { calls: [{ name: "read_file", arguments: { path: "a.py" } }] }],
			["src/app.py", { calls: [{ name: "read_file", arguments: { path: "app.py" } }] }],
			["folder", { calls: [{ name: "list_files", arguments: {} }] }],
			[
				"util.py",
				{
					calls: [
						{
							name: "write_file",
							arguments: {
								path: "util.py",
								content: "def last_n(items, n):\n    return items[len(items) - n + 1 :]\n",
							},
						},
					],
				},
			],
			["circle.py", { calls: [{ name: "read_file", arguments: { path: "area.py" } }] }],
		]);
		const model = createScriptedModel((request) => {
			const task = request.messages[1]?.content ?? "";
			return [...wrong].find(([word]) => task.includes(word))?.[1] ?? "Hm.";
		});
		const { samples } = await runSelfTest(model, { clock: createManualClock() }, NEVER);
		const native = samples.filter(({ protocol }) => protocol === "native");
		expect(
			Object.fromEntries(
				native.map(({ task, rightTool, validArguments, goodFile }) => [task, [rightTool, validArguments, goodFile]]),
			),
		).toEqual({
			write: [true, true, false],
			read: [true, false, null],
			"second-turn": [false, false, false],
			edit: [true, true, false],
			restraint: [false, false, null],
			list: [true, false, null],
		});
	});

	test("asks nothing natively where the server takes no tools, and takes a refusal for a wrong answer", async () => {
		const asked = new Set<ToolProtocol>();
		const model = createScriptedModel((request) => {
			const protocol = protocolOf(request);
			asked.add(protocol);
			if (protocol === "schema") return new UserError("server-error", "no such format", "");
			return answerIn(protocol, rightCall(request));
		});
		const result = await runSelfTest({ ...model, takesTools: false }, { clock: createManualClock() }, NEVER);
		expect([...asked].sort()).toEqual(["schema", "text"]);
		expect(result.protocol).toBe("text");
		expect(result.samples.find(({ protocol }) => protocol === "schema")?.answer).toBe("no such format");
	});

	test("a server that is gone ends it, and so does a cancel", async () => {
		const gone = createScriptedModel([new UserError("unreachable", "gone", "start it")]);
		await expect(runSelfTest(gone, { clock: createManualClock() }, NEVER)).rejects.toThrow("gone");
		const cancel = new AbortController();
		const model = createScriptedModel(() => {
			cancel.abort(new DOMException("Stopped.", "AbortError"));
			return "Hm.";
		});
		await expect(runSelfTest(model, { clock: createManualClock() }, cancel.signal)).rejects.toThrow("Stopped.");
		expect(model.requests).toHaveLength(1);
	});

	test("a stored result is known as one, anything else is not", async () => {
		const { asked: _, ...result } = await testOf(["text"]);
		expect(isSelfTestResult(JSON.parse(JSON.stringify(result)))).toBe(true);
		for (const other of [null, {}, [], { ...result, protocol: "xml" }, { ...result, scores: [{}] }, "text"]) {
			expect(isSelfTestResult(other)).toBe(false);
		}
	});
});

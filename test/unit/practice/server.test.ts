/** The practice model's wire, spoken to with Ollama's own client. */
import { request } from "node:http";
import { Ollama } from "ollama";
import { expect, test } from "vitest";
import { openPracticeServer } from "../../fixtures/practice-run.ts";

const SYSTEM = { role: "system", content: "You are a coding agent." };
const TASK = { role: "user", content: "Task: Make the failing tests pass" };
const PROBE = {
	role: "user",
	content:
		"PROBE 1: failing\n- FAIL tests/test_a.py::test_b (tests/test_a.py:5) AssertionError: assert 3 == 4\n    at a.py:2 in add: return 1 + 2",
};

async function open(): Promise<{ readonly client: Ollama; readonly host: string }> {
	const host = await openPracticeServer();
	return { client: new Ollama({ host }), host };
}

test("it is found as Ollama's models are", async () => {
	const { client } = await open();
	expect((await client.version()).version).toBe("practice-test");
	expect((await client.list()).models.map(({ name }) => name)).toEqual(["practice"]);
	expect((await client.ps()).models.map(({ name }) => name)).toEqual(["practice"]);
	const shown = await client.show({ model: "practice" });
	expect(shown.capabilities).toEqual(["completion", "tools"]);
	expect(shown.details.parameter_size).toBe("none");
	expect(Object.entries(shown.model_info)).toContainEqual(["practice.context_length", 32_768]);
});

test("calls come whole in one chunk that is not the last, and the last has the figures", async () => {
	const { client } = await open();
	const chunks = [];
	for await (const chunk of await client.chat({ model: "practice", messages: [SYSTEM, TASK, PROBE], stream: true })) {
		chunks.push(chunk);
	}
	const calling = chunks.filter(({ message }) => message.tool_calls !== undefined);
	expect(calling).toHaveLength(1);
	expect(calling[0]?.done).toBe(false);
	expect(
		calling[0]?.message.tool_calls?.map(({ function: { name, arguments: given } }) => [name, given["path"]]),
	).toEqual([
		["list_files", "."],
		["read_file", "tests/test_a.py"],
		["read_file", "a.py"],
	]);
	const last = chunks.at(-1);
	expect(last).toMatchObject({ done: true, done_reason: "stop", message: { content: "" } });
	expect(last?.prompt_eval_count).toBeGreaterThan(30);
	expect(last?.eval_count).toBeGreaterThan(10);
	expect(last?.total_duration).toBeGreaterThanOrEqual(last?.prompt_eval_duration ?? Number.NaN);
	expect(chunks.filter(({ done }) => done)).toHaveLength(1);
});

test("without streaming the same answer comes in one piece", async () => {
	const { client } = await open();
	const reply = await client.chat({ model: "practice", messages: [SYSTEM, TASK, PROBE] });
	expect(reply.done).toBe(true);
	expect(reply.message.content).toContain("Reading");
	expect(reply.message.tool_calls).toHaveLength(3);
});

test("an empty conversation loads, and a warm-up of one token says nothing", async () => {
	const { client } = await open();
	const load = await client.chat({ model: "practice", messages: [] });
	expect(load).toMatchObject({ done: true, done_reason: "load", message: { content: "" } });
	const warm = await client.chat({ model: "practice", messages: [SYSTEM, TASK, PROBE], options: { num_predict: 1 } });
	expect(warm.message).toEqual({ role: "assistant", content: "" });
});

test("a green probe, and a conversation without a probe, get words and no calls", async () => {
	const { client } = await open();
	const green = { role: "user", content: "PROBE 4: green\nAll tests pass and lint is clean." };
	const done = await client.chat({ model: "practice", messages: [SYSTEM, TASK, green] });
	expect(done.message.tool_calls).toBeUndefined();
	expect(done.message.content).toContain("All tests pass");
	const chat = await client.chat({ model: "practice", messages: [{ role: "user", content: "Hello" }] });
	expect(chat.message.content).toContain("no PROBE message");
});

test("what is not there is refused as Ollama refuses it", async () => {
	const { client, host } = await open();
	await expect(client.chat({ model: "llama3.2", messages: [TASK] })).rejects.toMatchObject({
		status_code: 404,
		error: "model 'llama3.2' not found",
	});
	await expect(client.show({ model: "llama3.2" })).rejects.toMatchObject({ status_code: 404 });
	expect((await fetch(`${host}/api/nope`)).status).toBe(404);
	expect((await fetch(`${host}/api/chat`, { method: "POST", body: "{" })).status).toBe(400);
});

test("a page under a name of its own does not reach it", async () => {
	const { host } = await open();
	const status = (name: string) =>
		new Promise<number | undefined>((resolve, reject) => {
			const call = request(`${host}/api/tags`, { headers: { host: name } }, (response) => {
				response.resume();
				resolve(response.statusCode);
			});
			call.on("error", reject);
			call.end();
		});
	expect(await status("evil.example")).toBe(403);
	expect(await status("127.0.0.1.evil.example:80")).toBe(403);
	expect(await status("localhost:1")).toBe(200);
});
